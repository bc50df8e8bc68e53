"""Precision, recall and F1 of one set against another: spans, mined pairs."""

from collections.abc import Hashable, Set


def agreement(found: Set[Hashable], true: Set[Hashable]) -> dict[str, float]:
    """Return precision, recall and f1, 0-100; all 0 where nothing found is right."""
    right = len(found & true)
    if not right:
        return {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    return {
        "precision": 100.0 * right / len(found),
        "recall": 100.0 * right / len(true),
        "f1": 200.0 * right / (len(found) + len(true)),
    }
