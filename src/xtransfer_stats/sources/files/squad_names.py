"""What the name of a file in SQuAD's layout claims: corpus, split, languages. The content has the last word."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from xtransfer_stats.sources.files.names import language_of, split_of
from xtransfer_stats.tasks.codes import canonical

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
        split_of(path),
        *_languages(path),
        "translate" in names[0],
    )


def _first(told: Callable[[str], str], names: Iterable[str]) -> str:
    return next(filter(None, map(told, names)), "")


def _corpus(name: str) -> str:
    return next((task for pattern, task in _CORPORA if pattern.search(name)), "")


def _languages(path: Path) -> tuple[str, str]:
    pair = _MLQA.search(path.name.lower())
    if pair:
        return canonical(pair[1]) or pair[1], canonical(pair[2]) or pair[2]
    code = language_of(path)
    return code, code
