"""A dev split for data that come without one: the end of train, held back by position."""

from collections.abc import Sequence
from typing import TypeVar

SHARE = 10  # one example in ten
MOST = 1000
T = TypeVar("T")


def held_back(examples: Sequence[T], split: str) -> Sequence[T]:
    """The train or the dev part of examples that serve as both: the last tenth, at most 1,000, is dev.

    By position, since ids may occur twice (TyDiQA); the same examples whatever limit is set later.
    """
    count = min(MOST, len(examples) // SHARE) if len(examples) >= SHARE else min(1, len(examples) // 2)
    border = len(examples) - count
    return examples[border:] if split == "dev" else examples[:border]
