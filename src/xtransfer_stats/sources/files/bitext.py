"""Sentences that search their English translations, one file a side: Tatoeba and BUCC 2018.

Tatoeba: LASER's tatoeba.deu-eng.deu and .eng are aligned line by line. XTREME's de-en.de and de-en.en have the same
sentences, but the English side is sorted and thereby stripped of its labels: it is told by that, whatever the names.
BUCC, where most sentences have no translation: xx-en.SPLIT.xx and .en (id, tab, sentence) and .gold (pairs of ids).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from xtransfer_stats.base.formats import counted
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namelanguage import short
from xtransfer_stats.sources.files.text import lines_of, odd_script
from xtransfer_stats.sources.source import Passage, Portion, Query

_LASER = re.compile(r"tatoeba\.([a-z_]{2,})-(eng)\.([a-z_]{2,})")
_XTREME = re.compile(r"([a-z]{2,3})-(en)\.([a-z]{2,3})")
_TELLING = 5  # fewer sentences are too often in order by chance (one in 24 for four)
_BUCC = re.compile(r"((de|fr|ru|zh)-en\.(sample|training|train|dev|test))\.(de|fr|ru|zh|en|gold)")
# XTREME takes BUCC's sample for dev and its training data, the larger part with gold, for test.
_SPLITS = {"sample": "dev", "dev": "dev", "training": "test", "train": "test", "test": "test"}


@dataclass(frozen=True, slots=True)
class _Sides:
    """The files of one language and split: its sentences and the English ones; either may be missing."""

    foreign: Path
    english: Path
    language: str
    layout: str
    split: str = "test"

    @property
    def gold(self) -> Path:
        """BUCC's pairs; this may be the only file."""
        return self.foreign.with_suffix(".gold")


def _read(row: FileRow, read: Callable[[], Portion], files: str) -> tuple[Portion, FileRow]:
    """What `read` gives and its row; nothing and a row that says so where one of the `files` is not UTF-8."""
    try:
        portion = read()
    except UnicodeDecodeError as error:
        why = f"byte {error.start} of {files} is not UTF-8: nothing can be read"
        return Portion(()), replace(row, problems=(why,))
    return portion, row.counted(portion, read)


def read_tatoeba(path: Path) -> list[FileRow] | None:
    """One row a pair, at the foreign side's path; none for its English side; None for other files."""
    pair = _aligned(path)
    if pair is None:
        return None
    if path == pair.english and pair.foreign.is_file():
        return []
    row = FileRow(path, "tatoeba", pair.language, pair.split, pair.layout)
    portion, row = _read(row, partial(_translations, pair), "a side")
    odd = odd_script((query.passage.text for query in portion.examples if isinstance(query, Query)), pair.language)
    return [replace(row, problems=(odd, *row.problems)) if odd else row]


def _aligned(path: Path) -> _Sides | None:
    for form, layout in ((_LASER, "tatoeba laser"), (_XTREME, "tatoeba xtreme")):
        parts = form.fullmatch(path.name.lower())
        if parts and parts[3] in parts.group(1, 2) and parts[1] != parts[2]:
            stem = path.name[: path.name.rindex(".")]
            foreign, english = (path.with_name(f"{stem}.{code}") for code in parts.group(1, 2))
            return _Sides(foreign, english, short(parts[1]), layout)
    return None


def _translations(pair: _Sides) -> Portion:
    foreign, english = (lines_of(side) if side.is_file() else None for side in (pair.foreign, pair.english))
    if foreign is None:
        return Portion((), problems=(f"the side {pair.foreign.name} is missing: no sentence can search",))
    missing = f"the side {pair.english.name} is missing: no candidates, unlabelled"
    why = missing if english is None else _unaligned(pair, foreign, english)
    pool = tuple(Passage(f"en:{place}", text, "en") for place, text in enumerate(english or ()))
    # Numbered from 0, as the released code numbers the lines.
    sources = [Passage(f"{pair.language}:{place}", text, pair.language) for place, text in enumerate(foreign)]
    queries = tuple(Query(one.id, one, () if why else (f"en:{place}",)) for place, one in enumerate(sources))
    return Portion(queries, pool, unlabelled=len(queries) if why else 0, problems=(why,) if why else ())


def _unaligned(pair: _Sides, foreign: Sequence[str], english: Sequence[str]) -> str:
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


def read_bucc(path: Path) -> list[FileRow] | None:
    """One row a pair of languages, at the gold file's path or, without gold, at the foreign side's.

    Its number is that of gold pairs, of sentences where there are none. No row of their own for the sentence files
    beside that one; None for other files.
    """
    files = _sides(path)
    if files is None or path != next((side for side in (files.gold, files.foreign) if side.is_file()), files.english):
        return None if files is None else []
    row = FileRow(path, "bucc2018", files.language, files.split, files.layout)
    portion, row = _read(row, partial(_mined, files), "one of the files")
    if row.read is None:
        return [row]
    pairs = sum(len(query.gold) for query in portion.examples if isinstance(query, Query))
    alone = 0 if portion.examples else len(_gold(files))  # gold without sentences
    return [replace(row, examples=pairs or len(portion.examples) or alone, labelled=bool(alone or pairs))]


def _sides(path: Path) -> _Sides | None:
    parts = _BUCC.fullmatch(path.name)
    if parts and parts[4] in (parts[2], "en", "gold"):
        foreign, english = (path.with_name(f"{parts[1]}.{end}") for end in (parts[2], "en"))
        return _Sides(foreign, english, parts[2], "bucc", _SPLITS[parts[3]])
    return None


def _mined(files: _Sides) -> Portion:
    gold, foreign, english = _gold(files), _sentences(files.foreign), _sentences(files.english)
    if gold and not (foreign and english):
        return Portion(
            (), problems=(f"{counted(len(gold), 'gold pair')} without the sentences: can only score predictions",)
        )
    there = [pair for pair in gold if pair[0] in foreign and pair[1] in english]
    right = defaultdict(list)
    for mine, partner in there:
        right[mine].append(partner)
    return Portion(
        tuple(Query(key, Passage(key, text, files.language), tuple(right[key])) for key, text in foreign.items()),
        tuple(Passage(key, text, "en") for key, text in english.items()),
        unlabelled=0 if there else len(foreign),
        problems=tuple(_problems(files, len(gold), len(there), len(english))),
    )


def _problems(files: _Sides, gold: int, there: int, english: int) -> Iterator[str]:
    if not gold:
        yield f"no pairs in {files.gold.name}, or no such file: unlabelled"
    if not english:
        yield f"no sentences in {files.english.name}, or no such file: nothing to find"
    if gold > there:
        yield f"{gold - there} of {counted(gold, 'gold pair')} with a sentence that is not in the files: dropped"
    for path in (files.gold, files.foreign, files.english):
        odd = len(_lines(path)) - len(_cells(path))
        if odd:
            yield f"{counted(odd, 'line')} of {path.name} without two fields and a tab between them: dropped"


def _gold(files: _Sides) -> list[tuple[str, str]]:
    return list(dict.fromkeys((mine.strip(), partner.strip()) for mine, partner in _cells(files.gold)))


def _sentences(path: Path) -> dict[str, str]:
    return {key.strip(): text for key, text in _cells(path)}


def _cells(path: Path) -> list[tuple[str, str]]:
    cells = (line.partition("\t") for line in _lines(path))
    return [(key, text) for key, _, text in cells if key and text]


def _lines(path: Path) -> list[str]:
    return lines_of(path) if path.is_file() else []
