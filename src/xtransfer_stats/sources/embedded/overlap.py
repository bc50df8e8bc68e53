"""Surface overlap of two texts, which matched classes share, so that it tells nothing about the label."""

from functools import lru_cache


@lru_cache(maxsize=20_000)
def trigrams(text: str) -> frozenset[str]:
    """Character trigrams of the lower-cased text, padded by a space at each end."""
    padded = f" {text.lower()} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def overlap(first: str, second: str) -> float:
    """Jaccard overlap of two texts' character trigrams, 0 to 1."""
    a, b = trigrams(first), trigrams(second)
    return len(a & b) / len(a | b)


def shares(first: str, second: str) -> tuple[float, float]:
    """The share of each text's trigrams that the other has; together they fix `overlap`."""
    a, b = trigrams(first), trigrams(second)
    both = len(a & b)
    return both / len(a), both / len(b)


def cell(first: str, second: str, bins: int = 8) -> tuple[int, ...]:
    """The cell of a square grid on [0, 1] x [0, 1] in which the two shares fall."""
    return tuple(min(bins - 1, int(share * bins)) for share in shares(first, second))


def bin_of(first: str, second: str, bins: int = 20) -> tuple[int, ...]:
    """The bin of [0, 1] in which the overlap falls."""
    return (min(bins - 1, int(overlap(first, second) * bins)),)
