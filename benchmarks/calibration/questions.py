"""The contrasts that run-level methods are asked: of simulated numbers whose truth is zero."""

from dataclasses import dataclass

import numpy as np
from benchmarks.calibration.draws import CATALOGUE, numbers
from benchmarks.calibration.grid import GridCell
from benchmarks.calibration.setting import Setting, world_of
from benchmarks.calibration.tally import Tally, tally
from benchmarks.calibration.verdicts import Studies, Verdict

from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import CountContrast, effects, gap_weights, steps
from xtransfer_stats.stats.core.weights import cell_weights


@dataclass(frozen=True)
class Question:
    """name: of a column of the tables. studies: the numbers that the contrast is taken of."""

    name: str
    studies: Studies
    contrast: CountContrast


def asked(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Question]:
    """The interactions, and the steps of the second benchmark's average, of one block's studies."""
    world = world_of(cell, setting, setting.benchmarks, rng)
    second = list(setting.benchmarks.values())[1]
    weights = np.column_stack([gap_weights(setting.benchmarks, world.cells), cell_weights(second, world.cells)])
    values, design = numbers(world, weights, rng, cell.size(block)), detect(world.chains, CATALOGUE)
    gap, average = (Studies(world.chains, design, values[:, i], rng) for i in (0, 1))
    questions = [Question(f"G({c.high})", gap, c) for c in effects(cell.counts)]
    return questions + [Question(f"step {c.low}-{c.high}", average, c) for c in steps(cell.counts)]


def counted(method: str, contrast: str, verdict: Verdict) -> Tally:
    """The tally of a verdict."""
    return tally(method, contrast, verdict.wrong, verdict.untested, verdict.width)
