"""B less A for any weighted sums of cells: pair by pair, or of two independent estimates.

Both answer what a run-level model answers, so that the rows of an analysis are the rows of a comparison.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xtransfer_stats.stats.comparison.common import Common
from xtransfer_stats.stats.comparison.pairing import Pairing, paired_chains
from xtransfer_stats.stats.core.design import Layout, detect
from xtransfer_stats.stats.core.estimands import Coefficients, CountContrast
from xtransfer_stats.stats.core.inference import Array, Moments, satterthwaite_df
from xtransfer_stats.stats.core.rows import CountModel, joined
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

PAIRED = "paired differences"
WELCH = "independent: Welch, Satterthwaite df"


class Paired(RunLevel):
    """The run-level model of the pairs' differences: whatever a pair shares falls out.

    chains: the pairs (seed, n_tasks, task_set, replicates). differences: B less A, (pairs, n).
    """

    def __init__(self, chains: pd.DataFrame, differences: Array, catalogue: int):
        super().__init__(chains, detect(chains, catalogue), differences)

    def combination(self, over_counts: Coefficients) -> Moments:
        """The difference of a combination of counts, for every number."""
        moments = super().combination(over_counts)
        return replace(moments, method=f"{PAIRED}, {moments.method}")

    def by_seed(self, contrast: CountContrast) -> Array:
        """Each seed's difference of the contrast, (seeds, n); no seed where shared sets are replicates too."""
        differences = self.differences(contrast)
        return differences if self._design.layout is Layout.NESTED else differences[:0]


class Independent(CountModel):
    """Two run-level estimates that share nothing: Welch (1947), df by Satterthwaite (1946)."""

    def __init__(self, a: RunLevel, b: RunLevel):
        self._a, self._b = a, b

    def combination(self, over_counts: Coefficients) -> Moments:
        """The difference of a combination of counts, for every number; NaN errors where a study has none."""
        a, b = self._a.combination(over_counts), self._b.combination(over_counts)
        parts = np.array([a.std_error**2, b.std_error**2])
        # A part without variance has no df of its own and must not take the other's.
        dfs = np.where(parts == 0, 1.0, np.array([a.df, b.df]))
        methods = a.method if a.method == b.method else f"A {a.method}, B {b.method}"
        note = a.note if a.note == b.note else joined(*(f"{s}: {m.note}" for s, m in (("A", a), ("B", b)) if m.note))
        return Moments(
            b.estimate - a.estimate,
            np.sqrt(parts.sum(axis=0)),
            satterthwaite_df(parts, dfs),
            f"{WELCH} ({methods})",
            a.n_runs + b.n_runs,
            note,
        )

    def by_seed(self, contrast: CountContrast) -> Array:
        """No seed has a difference of its own."""
        return np.empty((0, 0))


@dataclass(frozen=True)
class Models:
    """Run-level models of one matrix of weights: of A, of B, and of B less A."""

    a: RunLevel
    b: RunLevel
    difference: Paired | Independent


def models(shared: Common, how: Pairing, weights: Array) -> Models:
    """Models of weighted sums of the common cells, weights (cells, n); paired ones on the pairs alone."""
    a, b = shared.a.chains, shared.b.chains
    sizes = shared.a.design.catalogue, shared.b.design.catalogue
    if how.paired:
        a, b = paired_chains(a, b)
    tables = zip((a, b), sizes, strict=True)
    left, right = (RunLevel(t.runs, detect(t.runs, size), t.scores @ weights) for t, size in tables)
    if not how.paired:
        return Models(left, right, Independent(left, right))
    both = a.runs.assign(replicates=a.runs["replicates"].to_numpy() + b.runs["replicates"].to_numpy())
    return Models(left, right, Paired(both, (b.scores - a.scores) @ weights, max(sizes)))
