"""The Bayesian route through the product's code: how often its 95 % intervals leave out the truth.

Its priors stand still while effects move, so coverage is not the same under every truth: worlds have true effects.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from benchmarks.calibration.draws import World, scores
from benchmarks.calibration.productpath import frames, missed
from benchmarks.calibration.tally import Tally, added

from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.estimands import headline, target_tasks
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION, TASK
from xtransfer_stats.stats.core.weights import Benchmark
from xtransfer_stats.stats.routes.bayes.request import BayesRequest
from xtransfer_stats.stats.routes.bayes.rows import bayes_results, language_effects

REQUEST = BayesRequest(sensitivity=False)  # fewer draws, and the route refuses most intervals
NAMES = {INTERACTION: "headline", EFFECT: "headline", TASK: "target tasks"}


def tallies(world: World, benchmarks: Mapping[str, Benchmark], rng: np.random.Generator, size: int) -> list[Tally]:
    """Of the headline, target tasks and languages."""
    truth = true_effects(world)
    treated = (world.chains["n_tasks"].to_numpy() > 0)[:, None, None]
    points = scores(world, rng, size) + treated * truth[None, :, None]
    return added(one for frame in frames(world, points, rng) for one in _study(frame, benchmarks, truth))


def true_effects(world: World) -> Array:
    """The true effect of any count in each cell, (cells,): the generator's of its target task."""
    effects = world.generator.task_effects
    return np.array([effects.get(task, 0.0) for task in world.cells.get_level_values("target_task")])


def _study(frame: pd.DataFrame, benchmarks: Mapping[str, Benchmark], truth: Array) -> list[Tally]:
    complete = complete_scores(frame, benchmarks)
    asked = [*headline(benchmarks, complete.cells), *target_tasks(complete.cells), *language_effects(complete)]
    known = {(one.term, one.benchmark, one.target_task, one.language): float(one.weights @ truth) for one in asked}
    rows = [row for row in bayes_results(complete, REQUEST, 2005, 0.05).rows if row["term"] != "step"]
    return [_tally(row, known[row["term"], row["benchmark"], row["target_task"], row["language"]]) for row in rows]


def _tally(row: Row, truth: float) -> Tally:
    name, count = NAMES.get(row["term"], "languages"), int(row["n_tasks"])
    contrast = f"G({count})" if row["term"] == INTERACTION else f"effect({count})"
    return missed(f"Bayesian, {name}", contrast, row, truth)
