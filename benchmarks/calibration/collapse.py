"""Treated trainings that collapse: how often the rows they enter miss the truth, and the rows given no collapse."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from benchmarks.calibration.draws import World, scores, units
from benchmarks.calibration.grid import GridCell
from benchmarks.calibration.productpath import frames, missed
from benchmarks.calibration.setting import Setting, world_of
from benchmarks.calibration.tally import Tally, added
from benchmarks.calibration.verdicts import ALPHA

from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.estimands import target_tasks
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, run_level_rows
from xtransfer_stats.stats.core.termtable import GIVEN
from xtransfer_stats.stats.core.weights import Benchmark
from xtransfer_stats.stats.runlevel.collapse import collapse_rows
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

DEPTH = 30.0  # points lost by a training at chance level
KEPT = "collapses kept, "


def collapse(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    """Rows of target tasks as the product prints them, collapses kept, and its rows given no collapse."""
    benchmarks = setting.few()
    world = world_of(cell, setting, benchmarks, rng)
    points = scores(world, rng, cell.size(block))
    fallen = _fallen(world, rng, points.shape[2])
    found = []
    for i, frame in enumerate(frames(world, points - DEPTH * fallen, rng)):
        flagged = frame["status"].mask(fallen[:, :, i].ravel(), "collapsed")
        found += _tallies(world, benchmarks, frame.assign(status=flagged))
    return added(found)


def _fallen(world: World, rng: np.random.Generator, studies: int) -> Array:
    """Which cells' trainings collapsed, (chains, cells, studies); tasks without a training never do."""
    of_task = units(world)
    lost = rng.random((len(world.chains), int(of_task.max()) + 1, studies)) < world.generator.collapse
    trained = np.array([world.trainings.get(task) is not None for task in world.tasks])
    treated = (world.chains["n_tasks"].to_numpy() > 0)[:, None, None]
    return (lost[:, of_task] & trained[:, None] & treated)[:, world.cell_task]


def _tallies(world: World, benchmarks: Mapping[str, Benchmark], frame: pd.DataFrame) -> list[Tally]:
    complete = complete_scores(frame, benchmarks)
    estimands = target_tasks(complete.cells)
    model = run_numbers(complete, np.array([one.weights for one in estimands]).T)
    kept = run_level_rows(model, estimands, complete.design.contrasts, ALPHA)
    given = [row for row in collapse_rows(complete, world.trainings, ALPHA) if row["term"] == GIVEN]
    mean = -DEPTH * world.generator.collapse
    tallies = []
    for row in kept:
        if world.trainings.get(row["target_task"]) is not None:
            tallies.append(missed(f"{KEPT}target tasks", _effect(row), row, mean))
    return tallies + [missed(f"given no collapse, {_kind(row)}", _effect(row), row, 0.0) for row in given]


def _kind(row: Row) -> str:
    if row["target_task"]:
        return "target tasks"
    return "benchmarks" if row["benchmark"] else "interaction"


def _effect(row: Row) -> str:
    return f"effect({int(row['n_tasks'])})"
