"""Nearest candidates of queries, in blocks: a pool of a million candidates has no whole table of scores."""

from collections.abc import Iterator, Sequence

import numpy as np

from xtransfer_stats.metrics.retrieval import CUT

Ranking = list[tuple[str, float]]  # candidates and scores, best first
POOL_BLOCK = 1 << 16  # candidates
TABLE = 1 << 24  # scores at a time: 64 MB in fp32


def rank(
    queries: np.ndarray, pool: np.ndarray, names: Sequence[str], cut: int = CUT, block: int = POOL_BLOCK
) -> list[Ranking]:
    """Return the `cut` best candidates of each query by dot product; equal scores in the pool's order.

    queries [Q, H], pool [N, H]. Memory: one table of scores of at most `block` candidates.
    """
    rows = max(1, TABLE // max(1, min(block, len(pool))))
    rankings: list[Ranking] = []
    for begin in range(0, len(queries), rows):
        places, scores = _best(queries[begin : begin + rows], pool, cut, block)
        for mine, values in zip(places, scores, strict=True):
            rankings.append([(names[i], float(v)) for i, v in zip(mine.tolist(), values, strict=True)])
    return rankings


def _best(queries: np.ndarray, pool: np.ndarray, cut: int, block: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places in the pool and scores of the best candidates, [Q, min(cut, N)]."""
    places = np.empty((len(queries), 0), dtype=np.int64)
    scores = np.empty((len(queries), 0), dtype=np.result_type(queries, pool))
    for begin in range(0, len(pool), block):
        table = queries @ pool[begin : begin + block].T
        rows = zip(table, places, scores, strict=True)
        kept = [_merged(row, begin, place, score, cut) for row, place, score in rows]
        places, scores = np.stack([one for one, _ in kept]), np.stack([one for _, one in kept])
    return places, scores


def _merged(
    row: np.ndarray, begin: int, places: np.ndarray, scores: np.ndarray, cut: int
) -> tuple[np.ndarray, np.ndarray]:
    """The best of those so far and of a block's scores. Those so far stand first in the pool, so they win ties."""
    new = _candidates(row, scores[-1] if len(scores) == cut else None, cut)
    values = np.concatenate([scores, row[new]])
    best = np.argsort(-values, kind="stable")[:cut]
    return np.concatenate([places, begin + new])[best], values[best]


def _candidates(row: np.ndarray, floor: float | None, cut: int) -> np.ndarray:
    """Places in a block, in order, that hold all that can be among the best `cut`."""
    if floor is not None:
        above = np.flatnonzero(row > floor)
        if len(above) <= 4 * cut:
            return above
    if len(row) <= cut:
        return np.arange(len(row))
    return np.flatnonzero(row >= np.partition(row, len(row) - cut)[len(row) - cut])


def unique_names(parts: Sequence[Sequence[str]]) -> Iterator[tuple[list[str], np.ndarray]]:
    """Yield for each part the names that no earlier place holds, and their places."""
    seen: set[str] = set()
    for part in parts:
        names, places = [], []
        for place, name in enumerate(part):
            if name not in seen:
                seen.add(name)
                names.append(name)
                places.append(place)
        yield names, np.array(places, dtype=np.int64)
