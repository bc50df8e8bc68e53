"""What a file's names claim, in one: a hint where the content leaves a choice, else a claim to be held against it."""

from dataclasses import dataclass
from pathlib import Path

from xtransfer_stats.sources.files import names


@dataclass(frozen=True, slots=True)
class Claim:
    """Task, split and language as named; "" where no name says it."""

    task: str
    split: str
    language: str


def claim(path: Path) -> Claim:
    """Read the file's name, and where it is silent the folders', the nearest first."""
    return Claim(names.corpus_of(path), names.split_of(path), names.language_of(path))


def mismatch(path: Path, task: str, title: str) -> tuple[str, ...]:
    """The problem that the name claims another task than the content has; nothing when it does not."""
    named = claim(path).task
    return (f"the name says {named}, the content is {title}",) if named not in ("", task) else ()
