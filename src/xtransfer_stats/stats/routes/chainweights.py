"""What each chain weighs in a contrast of task counts when seeds and task sets are drawn again."""

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.stats.core.contrasts import CountContrast
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.routes.blocks import multiplicities


class ChainSampler:
    """Draws multiplicities of chains: seeds anew and, where sets are crossed with seeds, sets of a count anew."""

    def __init__(self, prepared: Prepared, *, sets: bool):
        chains, design = prepared.chains.runs, prepared.design
        self.count = chains["n_tasks"].to_numpy()
        self.seeds, self._seed = len(design.seeds), np.searchsorted(design.seeds, chains["seed"].to_numpy())
        names = chains["task_set"].to_numpy()
        crossed = sets and design.layout is not Layout.NESTED
        self._drawn = [self._codes(names, c) for c in design.sampled if crossed and len(design.sets[c]) > 1]

    def _codes(self, names: NDArray, count: int) -> tuple[NDArray, NDArray]:
        rows = np.flatnonzero(self.count == count)
        return rows, np.unique(names[rows], return_inverse=True)[1]

    def draw(self, rng: np.random.Generator, size: int) -> Array:
        """Multiplicities (size, chains)."""
        found = multiplicities(rng, size, self.seeds)[:, self._seed]
        for rows, codes in self._drawn:
            found[:, rows] *= multiplicities(rng, size, codes.max() + 1)[:, codes]
        return found

    def contrast(self, drawn: Array, contrast: CountContrast) -> Array:
        """Weights (size, chains) of count `high` less count `low`; NaN where a count was not drawn."""
        return self._share(drawn, contrast.high) - self._share(drawn, contrast.low)

    def _share(self, drawn: Array, count: int) -> Array:
        mine = drawn * (self.count == count)
        total = mine.sum(axis=1, keepdims=True)
        return np.divide(mine, total, out=np.full(mine.shape, np.nan), where=total > 0)
