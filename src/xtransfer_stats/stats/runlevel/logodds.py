"""The headline on another scale: log-odds of the scores. A sensitivity, and another estimand.

An interaction depends on the scale: from 50 to 60 points is as much in points as from 85 to 95, and less than half as
much in log-odds. A score is taken for a share of test examples, log(p / (1 - p)) with p kept half an example away from
0 and 1, cell by cell before any average; then come the benchmarks' weights and the run-level model as in points.
"""

from dataclasses import replace

import numpy as np

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import Estimand, headline
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, run_level_rows
from xtransfer_stats.stats.core.runs import averaged_replicates
from xtransfer_stats.stats.core.termtable import LOG_ODDS
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

UNKNOWN_EXAMPLES = 100  # where the frame does not say how many a cell has
NOTE = "log-odds, not points: another estimand; uncorrected"


def log_odds_rows(complete: CompleteScores, alpha: float) -> list[Row]:
    """Effects and interactions of the benchmarks' mean log-odds, scope these, outside every family of tests."""
    estimands = [_relabelled(one) for one in headline(complete.benchmarks, complete.cells)]
    odds = log_odds(complete.table.scores, _examples(complete))
    chains = averaged_replicates(replace(complete.table, scores=odds))
    numbers = chains.scores @ np.array([one.weights for one in estimands]).T
    rows = run_level_rows(RunLevel(chains.runs, complete.design, numbers), estimands, complete.design.contrasts, alpha)
    # The numbers are no sums of scores, so that none can be traced as one.
    return [{**row, "weights": None} for row in rows]


def log_odds(scores: Array, examples: Array) -> Array:
    """log(p / (1 - p)) of scores (runs, cells) in points, p half an example away from 0 and 1; examples (cells,)."""
    edge = 0.5 / examples
    p = np.clip(scores / 100, edge, 1 - edge)
    return np.log(p / (1 - p))


def _relabelled(one: Estimand) -> Estimand:
    wording = replace(one.wording, before="log-odds ")
    return replace(one, term=LOG_ODDS, wording=wording, family="", note=NOTE, steps=False, averages={})


def _examples(complete: CompleteScores) -> Array:
    """Test examples of every complete cell, (cells,)."""
    frame = complete.frame if "n_examples" in complete.frame else complete.frame.assign(n_examples=0)
    known = frame.groupby(["target_task", "language"])["n_examples"].max().reindex(complete.cells)
    return known.where(known > 0, UNKNOWN_EXAMPLES).to_numpy(dtype=float)
