"""Nearest candidates of queries."""

from collections.abc import Sequence

import numpy as np

from xtransfer_stats.metrics.retrieval import CUT

Ranking = list[tuple[str, float]]  # candidates and scores, best first


def rank(queries: np.ndarray, pool: np.ndarray, names: Sequence[str], cut: int = CUT) -> list[Ranking]:
    """Return the `cut` best candidates of each query by dot product; equal scores in the pool's order."""
    rankings = []
    for row in queries @ pool.T:
        best = np.argsort(-row, kind="stable")[:cut]
        rankings.append([(names[i], float(row[i])) for i in best])
    return rankings
