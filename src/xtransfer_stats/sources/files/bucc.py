"""BUCC 2018: sentences of another language search their English translations; most have none.

Files of one pair of languages and split: xx-en.SPLIT.xx and .en (id, tab, sentence) and .gold (pairs of ids).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.text import lines_of
from xtransfer_stats.sources.source import Passage, Portion, Query

FORMAT = "bucc"
_NAME = re.compile(r"((de|fr|ru|zh)-en\.(sample|training|train|dev|test))\.(de|fr|ru|zh|en|gold)")
# XTREME takes BUCC's sample for dev and its training data, the larger part with gold, for test.
_SPLITS = {"sample": "dev", "dev": "dev", "training": "test", "train": "test", "test": "test"}


@dataclass(frozen=True, slots=True)
class _Files:
    """The three files of one language and split; `gold` may be the only one."""

    gold: Path
    foreign: Path
    english: Path
    language: str
    split: str


def read_bucc(path: Path) -> list[FileRow] | None:
    """One row a pair of languages, at the gold file's path or, without gold, at the foreign side's.

    No row of their own for the sentence files beside that one; None for other files.
    """
    files = _files(path)
    if files is None or path != _place(files):
        return None if files is None else []
    row = FileRow(path, "bucc2018", files.language, files.split, FORMAT)
    try:
        return [_counted(row, files)]
    except UnicodeDecodeError as error:
        return [replace(row, problems=(f"byte {error.start} of one of the files is not UTF-8: nothing can be read",))]


def _files(path: Path) -> _Files | None:
    parts = _NAME.fullmatch(path.name)
    if parts and parts[4] in (parts[2], "en", "gold"):
        gold, foreign, english = (path.with_name(f"{parts[1]}.{end}") for end in ("gold", parts[2], "en"))
        return _Files(gold, foreign, english, parts[2], _SPLITS[parts[3]])
    return None


def _place(files: _Files) -> Path:
    return next((side for side in (files.gold, files.foreign) if side.is_file()), files.english)


def _counted(row: FileRow, files: _Files) -> FileRow:
    """The row with its number of gold pairs, of sentences where there are none."""
    portion = _portion(files)
    pairs = sum(len(query.gold) for query in portion.examples if isinstance(query, Query))
    alone = not portion.examples  # gold without sentences
    count = len(_gold(files)) if alone else pairs or len(portion.examples)
    row = row.counted(portion, partial(_portion, files))
    return replace(row, examples=count, labelled=bool((alone and count) or pairs))


def _portion(files: _Files) -> Portion:
    gold, foreign, english = _gold(files), _sentences(files.foreign), _sentences(files.english)
    if gold and not (foreign and english):
        return Portion((), problems=(f"{len(gold)} gold pair(s) without the sentences: can only score predictions",))
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


def _problems(files: _Files, gold: int, there: int, english: int) -> Iterator[str]:
    if not gold:
        yield f"no pairs in {files.gold.name}, or no such file: unlabelled"
    if not english:
        yield f"no sentences in {files.english.name}, or no such file: nothing to find"
    if gold > there:
        yield f"{gold - there} of {gold} gold pair(s) name a sentence that is not in the files: dropped"
    for path in (files.gold, files.foreign, files.english):
        odd = len(_lines(path)) - len(_cells(path))
        if odd:
            yield f"{odd} line(s) of {path.name} are not two fields with a tab between them: dropped"


def _gold(files: _Files) -> list[tuple[str, str]]:
    return list(dict.fromkeys((mine.strip(), partner.strip()) for mine, partner in _cells(files.gold)))


def _sentences(path: Path) -> dict[str, str]:
    return {key.strip(): text for key, text in _cells(path)}


def _cells(path: Path) -> list[tuple[str, str]]:
    cells = (line.partition("\t") for line in _lines(path))
    return [(key, text) for key, _, text in cells if key and text]


def _lines(path: Path) -> list[str]:
    return lines_of(path) if path.is_file() else []
