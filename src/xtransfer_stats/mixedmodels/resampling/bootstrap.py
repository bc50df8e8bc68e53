"""Parametric bootstrap of a mixed model on its sufficient statistics.

Replicates come in blocks, each with a seed of its own: the table does not depend on the number of workers.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from time import perf_counter

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.processes import cores, without_main
from xtransfer_stats.base.threads import hold_one_blas_thread, one_blas_thread
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.resampling.replicates import Row, replicates_of
from xtransfer_stats.mixedmodels.resampling.simulation import ReplicatePlan, plan_of

BLOCK = 20  # replicates drawn from one seed
PAYS = 5.0  # seconds of work that are worth the start of more processes
STACK = 5  # blocks fitted side by side
SHARES = 8  # of the work, that a worker is sent one after another


@dataclass(frozen=True)
class Bootstrap:
    """Replicates of a fit; `boundary` counts singular ones within the `converged`."""

    table: pd.DataFrame  # one row a replicate: criterion, state, sigma, theta[i], beta[name], se[name]
    asked: int
    converged: int
    boundary: int
    failed: int
    names: tuple[str, ...]
    beta: Array  # (p,) of the fit that was simulated
    std_error: Array

    def intervals(self, level: float = 0.95) -> pd.DataFrame:
        """Studentised intervals, one row a fixed effect: term, estimate, conf_low, conf_high.

        They invert the replicates of (estimate - truth) / standard error (Davison & Hinkley 1997, section
        5.2.1); percentiles of the raw estimates are too narrow with few groups.
        """
        held = self.table[self.table["state"] != "failed"]
        if len(held) < 2:
            raise FitError(f"{len(held)} replicates converged: an interval needs more; raise the number of replicates")
        rows = []
        for name, beta, error in zip(self.names, self.beta, self.std_error, strict=True):
            pivots = (held[f"beta[{name}]"] - beta) / held[f"se[{name}]"]
            low, high = np.quantile(pivots, [(1 - level) / 2, (1 + level) / 2])
            rows.append((name, beta, beta - high * error, beta - low * error))
        return pd.DataFrame(rows, columns=["term", "estimate", "conf_low", "conf_high"])


@one_blas_thread()
def parametric_bootstrap(
    fit: MixedFit,
    replicates: int,
    seed: int,
    workers: int | None = 1,
    progress: Callable[[int], None] | None = None,
    known: pd.DataFrame | None = None,
) -> Bootstrap:
    """Simulate `replicates` responses from the fit, fit each; `progress` is told how many more are done.

    workers: processes; None: one a core, where what is left after the first block takes longer than to start them.
    known: the table of an earlier bootstrap of this fit from this seed; its whole blocks are kept, so that the result
    is the same as of one run.
    """
    if replicates < 1 or (workers is not None and workers < 1):
        raise FitError(f"replicates ({replicates}) and workers ({workers}) must be at least 1")
    sizes = [min(BLOCK, replicates - start) for start in range(0, replicates, BLOCK)]
    blocks = list(zip(np.random.SeedSequence(seed).spawn(len(sizes)), sizes, strict=True))
    whole = 0 if known is None else min(len(known), replicates) // BLOCK * BLOCK
    rows: list[Row] = [] if known is None else known.drop(columns="replicate").head(whole).to_dict("records")
    for block in _blocks(plan_of(fit), blocks[len(rows) // BLOCK :], workers):
        rows += block
        if progress is not None:
            progress(len(block))
    table = pd.DataFrame(rows)
    table.insert(0, "replicate", np.arange(len(table)))
    failed = int((table["state"] == "failed").sum())
    boundary = int((table["state"] == "boundary").sum())
    error = np.sqrt(np.diag(fit.cov_beta))
    return Bootstrap(table, len(table), len(table) - failed, boundary, failed, fit.names, fit.beta, error)


def _blocks(
    plan: ReplicatePlan, blocks: Sequence[tuple[np.random.SeedSequence, int]], workers: int | None
) -> Iterable[list[Row]]:
    stacks = [blocks[start : start + STACK] for start in range(0, len(blocks), STACK)]
    if workers is None:
        began = perf_counter()
        yield from map(partial(replicates_of, plan), stacks[:1])
        stacks = stacks[1:]
        workers = cores() if (perf_counter() - began) * len(stacks) > PAYS else 1
    if workers == 1:
        yield from map(partial(replicates_of, plan), stacks)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), hold_one_blas_thread) as pool:
        with without_main():
            share = max(1, len(stacks) // (SHARES * workers))  # the plan travels with each
            rows = pool.map(partial(replicates_of, plan), stacks, chunksize=share)
        yield from rows
