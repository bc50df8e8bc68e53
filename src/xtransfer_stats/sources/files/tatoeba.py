"""Tatoeba: a sentence searches its English translation. LASER's release, and XTREME's download of it.

LASER's tatoeba.deu-eng.deu and .eng are aligned line by line. XTREME's de-en.de and de-en.en have the same sentences,
but the English side is sorted and thereby stripped of its labels: it is told by that, whatever the names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namehints import short
from xtransfer_stats.sources.files.text import lines_of, odd_script
from xtransfer_stats.sources.source import Passage, Portion, Query

_LASER = re.compile(r"tatoeba\.([a-z_]{2,})-(eng)\.([a-z_]{2,})")
_XTREME = re.compile(r"([a-z]{2,3})-(en)\.([a-z]{2,3})")
_TELLING = 5  # fewer sentences are too often in order by chance (one in 24 for four)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two files of one language."""

    foreign: Path
    english: Path
    language: str
    layout: str


def read_tatoeba(path: Path) -> list[FileRow] | None:
    """One row a pair, at the foreign side's path; none for its English side; None for other files."""
    pair = _pair(path)
    if pair is None:
        return None
    if path == pair.english and pair.foreign.is_file():
        return []
    row = FileRow(path, "tatoeba", pair.language, "test", pair.layout)
    try:
        portion = _portion(pair)
    except UnicodeDecodeError as error:
        return [replace(row, problems=(f"byte {error.start} of a side is not UTF-8: nothing can be read",))]
    odd = odd_script((query.passage.text for query in portion.examples if isinstance(query, Query)), pair.language)
    return [replace(row, problems=(odd,) if odd else ()).counted(portion, partial(_portion, pair))]


def _pair(path: Path) -> _Pair | None:
    for form, layout in ((_LASER, "tatoeba laser"), (_XTREME, "tatoeba xtreme")):
        parts = form.fullmatch(path.name.lower())
        if parts and parts[3] in parts.group(1, 2) and parts[1] != parts[2]:
            stem = path.name[: path.name.rindex(".")]
            foreign, english = (path.with_name(f"{stem}.{code}") for code in parts.group(1, 2))
            return _Pair(foreign, english, short(parts[1]), layout)
    return None


def _portion(pair: _Pair) -> Portion:
    foreign, english = (lines_of(side) if side.is_file() else None for side in (pair.foreign, pair.english))
    if foreign is None:
        return Portion((), problems=(f"the side {pair.foreign.name} is missing: no sentence can search",))
    if english is None:
        return _alone(pair, foreign, f"the side {pair.english.name} is missing: no candidates, unlabelled")
    pool = tuple(Passage(f"en:{place}", text, "en") for place, text in enumerate(english))
    why = _unaligned(pair, foreign, english)
    if why:
        return _alone(pair, foreign, why, pool)
    return Portion(tuple(_query(pair, place, text, (f"en:{place}",)) for place, text in enumerate(foreign)), pool)


def _alone(pair: _Pair, foreign: Sequence[str], why: str, pool: tuple[Passage, ...] = ()) -> Portion:
    queries = tuple(_query(pair, place, text, ()) for place, text in enumerate(foreign))
    return Portion(queries, pool, unlabelled=len(queries), problems=(why,))


def _query(pair: _Pair, place: int, text: str, gold: tuple[str, ...]) -> Query:
    name = f"{pair.language}:{place}"  # from 0, as the released code numbers the lines
    return Query(name, Passage(name, text, pair.language), gold)


def _unaligned(pair: _Pair, foreign: Sequence[str], english: Sequence[str]) -> str:
    """Why line n is not the translation of line n, "" when it is."""
    if len(foreign) != len(english):
        counts = f"{pair.foreign.name} has {len(foreign)} lines and {pair.english.name} {len(english)}"
        return f"{counts}: not aligned, unlabelled"
    if len(english) >= _TELLING and list(english) == sorted(english):
        order = f"the {len(english)} English sentences are in alphabetical order"
        return f"{order}, as XTREME's download leaves them: unlabelled"
    if len(english) < _TELLING and pair.layout == "tatoeba xtreme":
        return f"XTREME's layout, and {len(english)} sentences are too few to see whether they are sorted: unlabelled"
    return ""
