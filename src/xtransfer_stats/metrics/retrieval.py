"""Scores of ranked candidates: accuracy at 1 (Tatoeba), average precision, and the threshold of mined pairs (BUCC)."""

from collections.abc import Collection, Sequence

CUT = 20

Pair = tuple[str, str]


def accuracy_at_1(ranked: Sequence[str], gold: Collection[str]) -> float:
    """Return 100 when the first candidate is a right one, else 0."""
    return 100.0 * (bool(ranked) and ranked[0] in gold)


def average_precision(ranked: Sequence[str], gold: Collection[str], cut: int = CUT) -> float:
    """Return average precision of the first `cut` candidates, 0-100.

    The sum of the precision at each hit over min(right candidates, cut): LAReQA's and XTREME-R's
    definition; with one right candidate it equals the reciprocal rank. A candidate named twice is found once.
    """
    hits, total = 0, 0.0
    left, right = set(gold), len(set(gold))
    for rank, candidate in enumerate(ranked[:cut], start=1):
        if candidate in left:
            left.remove(candidate)
            hits += 1
            total += hits / rank
    return 100.0 * total / min(right, cut) if gold else float("nan")


def best_threshold(scored: Sequence[tuple[str, str, float]], gold: Collection[Pair]) -> float:
    """Return the score at and above which keeping pairs gives the best F1 on (query, candidate, score).

    It lies halfway between two neighbouring scores, as in BUCC 2018; inf when no pair is right.
    """
    right_pairs = set(gold)
    ordered = sorted(scored, key=lambda row: -row[2])
    best, threshold, right = 0.0, float("inf"), 0
    for kept, (query, candidate, score) in enumerate(ordered, start=1):
        right += (query, candidate) in right_pairs
        following = ordered[kept][2] if kept < len(ordered) else None
        value = 2.0 * right / (kept + len(right_pairs))
        if score != following and value > best:  # tied pairs are kept or dropped together
            best = value
            threshold = score if following is None else (score + following) / 2
    return threshold
