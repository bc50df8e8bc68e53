"""What a file's name and the two folders above it say: a hint where the content leaves a choice, else a claim."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from xtransfer_stats.tasks.codes import canonical

_TASKS = {
    "xnli": "xnli", "mnli": "mnli", "multinli": "mnli", "snli": "snli", "anli": "anli", "pawsx": "pawsx",
    "paws": "pawsx", "panx": "panx", "wikiann": "panx", "udpos": "udpos", "qqp": "qqp", "ccg": "ccg", "ccgbank": "ccg",
    "pmb": "ccg",
}  # fmt: skip
_SPLITS = {
    "train": "train", "training": "train", "dev": "dev", "val": "dev", "valid": "dev", "validation": "dev",
    "test": "test",
}  # fmt: skip
_FOLDERS = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """Task, split and language as named; "" where no name says it."""

    task: str
    split: str
    language: str


def claim(path: Path) -> Claim:
    """Read the file's name, and where it is silent the folders', the nearest first."""
    names = [path.name, *reversed(path.parent.parts[-_FOLDERS:])]
    tokens = [[token for token in re.split(r"[^a-z]+", name.lower()) if token] for name in names]
    return Claim(_first(_task, tokens), _first(_split, tokens), _first(_language, tokens))


def mismatch(path: Path, task: str, title: str) -> tuple[str, ...]:
    """The problem that the name claims another task than the content has; nothing when it does not."""
    named = claim(path).task
    return (f"the name says {named}, the content is {title}",) if named not in ("", task) else ()


def _first(told: Callable[[list[str]], str], names: Iterable[list[str]]) -> str:
    return next(filter(None, map(told, names)), "")


def _task(tokens: list[str]) -> str:
    # PAWS-X and UD-POS are written with a hyphen, too.
    pairs = [first + second for first, second in pairwise(tokens)]
    return next((_TASKS[token] for token in [*pairs, *tokens] if token in _TASKS), "")


def _split(tokens: list[str]) -> str:
    return next((_SPLITS[token] for token in tokens if token in _SPLITS), "")


def _language(tokens: list[str]) -> str:
    # The last code, since one of a translation's source stands before it; longer words are no codes.
    return next((canonical(token) or "" for token in reversed(tokens) if len(token) < 4 and canonical(token)), "")
