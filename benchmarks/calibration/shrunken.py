"""Rows drawn towards a mean, of languages and of target tasks: how often their intervals miss the effects drawn."""

import numpy as np
import pandas as pd
from benchmarks.calibration.draws import language_effects, scores, true_effects
from benchmarks.calibration.grid import GridCell
from benchmarks.calibration.productpath import frames, missed
from benchmarks.calibration.setting import Setting, world_of
from benchmarks.calibration.tally import Tally, added
from benchmarks.calibration.verdicts import ALPHA

from xtransfer_stats.stats.celllevel.cellresults import cell_results
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.estimands import target_tasks
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.termtable import SHRUNKEN_LANGUAGE, SHRUNKEN_TASK
from xtransfer_stats.stats.core.withintasks import within_weights

NAMES = {SHRUNKEN_LANGUAGE: "languages", SHRUNKEN_TASK: "target tasks"}


def shrunken(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    """Both tables of the cell-level model, all cells of both benchmarks."""
    world = world_of(cell, setting, setting.benchmarks, rng)
    size = cell.size(block)
    truth = language_effects(world, rng, size) + true_effects(world, rng, size)
    points = scores(world, rng, size, truth).clip(0, 100)  # one of Tatoeba's in some ten thousand is beyond
    return added(
        one
        for frame, effects in zip(frames(world, points, rng), truth.T, strict=True)
        for one in _study(frame, setting, effects)
    )


def _study(frame: pd.DataFrame, setting: Setting, effects: Array) -> list[Tally]:
    complete = complete_scores(frame, setting.benchmarks)
    weights = {
        (SHRUNKEN_LANGUAGE, name): own for name, own in within_weights(setting.benchmarks, complete.cells).items()
    }
    weights |= {(SHRUNKEN_TASK, one.target_task): one.weights for one in target_tasks(complete.cells)}
    rows = cell_results(complete, setting.trainings, None, ALPHA).rows
    return [
        missed(
            f"shrunken, {NAMES[row['term']]}",
            f"effect({int(row['n_tasks'])})",
            row,
            float(weights[row["term"], row["language"] or row["target_task"]] @ effects),
        )
        for row in rows
        if row["term"] in NAMES
    ]
