"""Surface overlap of two texts, and matching it between classes so that it tells nothing about the label."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def trigrams(text: str) -> set[str]:
    """Character trigrams of the lower-cased text, padded by a space at each end."""
    padded = f" {text.lower()} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def overlap(first: str, second: str) -> float:
    """Jaccard overlap of two texts' character trigrams, 0 to 1."""
    a, b = trigrams(first), trigrams(second)
    return len(a & b) / len(a | b)


def matched(
    groups: Sequence[Sequence[T]], score: Callable[[T], float], rng: random.Random, bins: int = 20
) -> list[tuple[T, ...]]:
    """Tuples of one item from each group with scores in the same of `bins` equal bins of [0, 1].

    The groups' histograms of the score are then equal. Items without partners are dropped.
    """
    binned = [_by_bin(group, score, bins) for group in groups]
    tuples = [found for b in range(bins) for found in zip(*(group[b] for group in binned), strict=False)]
    rng.shuffle(tuples)
    return tuples


def _by_bin(items: Sequence[T], score: Callable[[T], float], bins: int) -> list[list[T]]:
    found: list[list[T]] = [[] for _ in range(bins)]
    for item in items:
        found[min(bins - 1, int(score(item) * bins))].append(item)
    return found
