"""One block of one cell: simulate its studies, ask every method, count."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from benchmarks.calibration.cellmethods import CELL_METHODS, CLOSED, FITTED
from benchmarks.calibration.draws import CATALOGUE, World, scores, true_effects
from benchmarks.calibration.grid import LAYOUTS, GridCell
from benchmarks.calibration.questions import asked, counted
from benchmarks.calibration.runmethods import DEFAULT, RUN_METHODS, UNCORRECTED
from benchmarks.calibration.setting import Setting, world_of
from benchmarks.calibration.tally import Tally, added
from benchmarks.calibration.verdicts import Studies

from benchmarks.calibration import collapse, corrections, exploratory, fewseeds, posterior, productpath, shrunken
from xtransfer_stats.base import seeds
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import effects, gap_weights
from xtransfer_stats.stats.core.weights import Benchmark

Benchmarks = Mapping[str, Benchmark]
Rows = Callable[[World, Benchmarks, pd.DataFrame], list[Tally]]
REACHABLE = 6  # seeds from which the sign-flip test can reach 5 %


def run_block(cell: GridCell, block: int, setting: Setting, root: int) -> list[Tally]:
    """Tallies of one block; they depend on the cell, the block and the root alone."""
    rng = seeds.generator(root, cell.key, block)
    return PARTS[cell.part](cell, block, setting, rng)


def _runs(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    names = [DEFAULT]
    crossed = LAYOUTS[cell.layout][1] > 0
    if cell.layout != "nested, 1 set" and cell.generator != "lost runs":
        names += [UNCORRECTED]
    if crossed and cell.generator != "lost runs":
        names += ["sets as fixed"]
    if not crossed and cell.seeds >= REACHABLE:
        names += ["sign-flip"]
    return _on_numbers(cell, block, setting, rng, names)


def _bootstrap(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    names = ["bootstrap, percentile", "bootstrap, BCa", "bootstrap, studentised"]
    return _on_numbers(cell, block, setting, rng, names)


def _reml(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    names = [DEFAULT, "REML on the formula, Kenward-Roger", "pooled REML, Kenward-Roger"]
    return _on_numbers(cell, block, setting, rng, names)


def _on_numbers(
    cell: GridCell, block: int, setting: Setting, rng: np.random.Generator, methods: Sequence[str]
) -> list[Tally]:
    questions = asked(cell, block, setting, rng)
    return [
        counted(name, one.name, RUN_METHODS[name](one.studies, one.contrast)) for name in methods for one in questions
    ]


def _stacked(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    return _on_cells(cell, block, setting.few(), setting, rng, CLOSED)


def _cells(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    return _on_cells(cell, block, setting.fewest(), setting, rng, FITTED)


def _on_cells(
    cell: GridCell, block: int, benchmarks: Benchmarks, setting: Setting, rng: np.random.Generator, names: Sequence[str]
) -> list[Tally]:
    world = world_of(cell, setting, benchmarks, rng)
    points, contrasts = scores(world, rng, cell.size(block)), list(effects(cell.counts))
    gap = np.einsum("c,rcs->rs", gap_weights(benchmarks, world.cells), points)
    studies = Studies(world.chains, detect(world.chains, CATALOGUE), gap, rng)
    found = [counted(DEFAULT, f"G({c.high})", RUN_METHODS[DEFAULT](studies, c)) for c in contrasts]
    for name in names:
        verdicts = CELL_METHODS[name](world, benchmarks, points, contrasts)
        found += [counted(name, f"G({c.high})", v) for c, v in zip(contrasts, verdicts, strict=True)]
    return found


def _frames(
    cell: GridCell, block: int, benchmarks: Benchmarks, setting: Setting, rng: np.random.Generator, rows: Rows
) -> list[Tally]:
    world = world_of(cell, setting, benchmarks, rng)
    points = scores(world, rng, cell.size(block))
    return added(one for frame in productpath.frames(world, points, rng) for one in rows(world, benchmarks, frame))


def _product(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    return _frames(cell, block, setting.few(), setting, rng, productpath.run_level)


def _missing(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    world = world_of(cell, setting, setting.benchmarks, rng)
    size = cell.size(block)
    truth, treated = true_effects(world, rng, size), (world.chains["n_tasks"].to_numpy() > 0)[:, None, None]
    frames = productpath.frames(world, scores(world, rng, size) + treated * truth, rng)
    return added(
        one
        for frame, effects in zip(frames, truth.T, strict=True)
        for one in productpath.averages(setting.benchmarks, frame, effects)
    )


def _such_tasks(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    # Tasks drawn anew have effects of their own, whose mean is zero: the truth of scope such tasks alone.
    world = world_of(cell, setting, setting.few(), rng)
    size = cell.size(block)
    truth, treated = true_effects(world, rng, size), (world.chains["n_tasks"].to_numpy() > 0)[:, None, None]
    frames = productpath.frames(world, scores(world, rng, size) + treated * truth, rng)
    return added(one for frame in frames for one in productpath.such_tasks(setting.few(), frame))


def _such(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    # Languages drawn anew have effects of their own: zero is the truth of scope such alone.
    found = _product(cell, block, setting, rng)
    return [one for one in found if one.method.endswith("such")]


def _languages(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    return _frames(cell, block, setting.fewest(), setting, rng, productpath.languages)


def _exploratory(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    world = world_of(cell, setting, setting.benchmarks, rng)
    return exploratory.families(world, setting.benchmarks, rng, cell.size(block))


def _bayes(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    world = world_of(cell, setting, setting.benchmarks, rng)
    return posterior.tallies(world, setting.benchmarks, rng, cell.size(block))


PARTS: Mapping[str, Callable[[GridCell, int, Setting, np.random.Generator], list[Tally]]] = {
    "runs": _runs,
    "bootstrap": _bootstrap,
    "reml": _reml,
    "stacked": _stacked,
    "cells": _cells,
    "product": _product,
    "missing": _missing,
    "such": _such,
    "such tasks": _such_tasks,
    "languages": _languages,
    "shrunken": shrunken.shrunken,
    "exploratory": _exploratory,
    "bayes": _bayes,
    "pooled": fewseeds.pooled,
    "prediction": fewseeds.prediction,
    "families": corrections.families,
    "welch": corrections.welch,
    "collapse": collapse.collapse,
}
