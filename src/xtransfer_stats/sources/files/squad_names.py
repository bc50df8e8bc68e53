"""What the name of a file in SQuAD's layout claims: corpus, split, languages. The content has the last word."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xtransfer_stats.sources.files.iso import spoken

# In this order: tydiqa-goldp-v1.1-dev.json holds a version that is not SQuAD's.
_CORPORA = tuple(
    (re.compile(pattern), task)
    for pattern, task in (
        (r"xquad[-_]?r\b|lareqa", "lareqa"),
        (r"xquad", "xquad"),
        (r"mlqa|context-[a-z]+-question-", "mlqa"),
        (r"tydi|goldp", "tydiqa"),
        (r"squad.*translate", "squad1"),
        (r"squad[-_.]?v?2|\bv?2\.0", "squad2"),
        (r"squad[-_.]?v?1|\bv1\.1", "squad1"),
    )
)
_SPLITS = {
    "train": "train", "training": "train", "dev": "dev", "val": "dev", "valid": "dev", "validation": "dev",
    "development": "dev", "test": "test",
}  # fmt: skip
_MLQA = re.compile(r"context-([a-z]+)-question-([a-z]+)")
_FOLDERS = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """What a name says; "" where it says nothing. `translated` tells that it speaks of a machine translation."""

    task: str
    split: str
    language: str
    question_language: str
    translated: bool


def claim(path: Path) -> Claim:
    """Read the file's name, and where that is silent, those of the folders next to it."""
    names = [path.name.lower(), *(folder.lower() for folder in reversed(path.parent.parts[-_FOLDERS:]))]
    return Claim(
        _first(_corpus, names),
        _split(names[0]) or _first(_whole, names[1:]),
        *_languages(names),
        "translate" in names[0],
    )


def _first(told: Callable[[str], str], names: Iterable[str]) -> str:
    return next(filter(None, map(told, names)), "")


def _corpus(name: str) -> str:
    return next((task for pattern, task in _CORPORA if pattern.search(name)), "")


def _tokens(name: str) -> Iterator[str]:
    return (token for token in re.split(r"[^a-z]+", name) if token)


def _split(name: str) -> str:
    return next((_SPLITS[token] for token in _tokens(name) if token in _SPLITS), "")


def _whole(folder: str) -> str:
    """A folder tells a split with its whole name alone: my-test-data does not."""
    return _SPLITS.get(folder, "")


def _languages(names: list[str]) -> tuple[str, str]:
    pair = _MLQA.search(names[0])
    if pair:
        return spoken(pair[1]) or pair[1], spoken(pair[2]) or pair[2]
    # The last code: squad.translate.train.en-de.json is German.
    code = _first(spoken, reversed(list(_tokens(names[0])))) or _first(spoken, names[1:])
    return code, code
