"""Streams of examples: balanced over labels in every prefix, without repeats."""

import random
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from xtransfer_stats.sources.source import Example

T = TypeVar("T")
_TRIES = 80


def content(example: Example) -> Hashable:
    """What two examples must share to be the same one: all but the id."""
    return replace(example, id="")


def shuffled_blocks(items: Sequence[T], rng: random.Random) -> Iterator[T]:
    """All items in random order, again and again: balanced, and no position tells the item."""
    while True:
        yield from rng.sample(items, len(items))


def balanced(
    make: Callable[[T], Example | None], labels: Sequence[T], rng: random.Random
) -> Iterator[Example]:
    """Examples of `make(label)`, each label once a block, ending when one label has no new example left.

    Ending there, rather than going on with the other labels, keeps the labels balanced.
    """
    seen: set[Hashable] = set()
    for label in shuffled_blocks(labels, rng):
        example = _new(partial(make, label), seen)
        if example is None:
            return
        yield example


def _new(make: Callable[[], Example | None], seen: set[Hashable]) -> Example | None:
    for _ in range(_TRIES):
        example = make()
        if example is not None and content(example) not in seen:
            seen.add(content(example))
            return example
    return None
