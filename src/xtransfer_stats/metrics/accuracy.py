"""Share of right answers."""

from collections.abc import Sequence


def accuracy(predictions: Sequence[object], gold: Sequence[object]) -> float:
    """Return the share of equal pairs, 0-100; NaN for no pairs.

    Raises ValueError when the two are not of one length.
    """
    right = sum(mine == theirs for mine, theirs in zip(predictions, gold, strict=True))
    return 100.0 * right / len(gold) if gold else float("nan")
