"""Scores and runs' numbers of many simulated studies at once, a last axis of studies."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from benchmarks.calibration.generators import TYPICAL, Generator
from numpy.typing import NDArray
from scipy.stats import norm

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.tasks.catalogue import NINE

CATALOGUE = len(NINE)  # at this count one set exists
MIDDLE = 60.0  # points; far from 0 and 100, so that no score is cut off


@dataclass(frozen=True)
class World:
    """chains: seed, n_tasks, task_set, a row a chain. trainings: target task -> what its tuned model was trained on."""

    chains: pd.DataFrame
    cells: pd.MultiIndex
    trainings: Mapping[str, str | None]
    generator: Generator

    @property
    def tasks(self) -> list[str]:
        """Target tasks, in the order of the task axis."""
        return sorted(set(self.cells.get_level_values("target_task")))

    @property
    def cell_task(self) -> NDArray[np.int64]:
        """Position of every cell's task."""
        return pd.Index(self.tasks).get_indexer(self.cells.get_level_values("target_task"))

    @property
    def factors(self) -> Array:
        """Factor on residual and fine-tuning sd, (tasks,)."""
        return np.array([self.generator.factors.get(task, TYPICAL) for task in self.tasks])

    @property
    def run_sd(self) -> Array:
        """Sd of a run's own luck on the mean of a task, beyond what it has on all tasks; (tasks,)."""
        languages = np.bincount(self.cell_task)
        return self.factors * np.sqrt(self.generator.tuned**2 + self.generator.residual**2 / languages)

    @property
    def spread(self) -> Array:
        """Factor on a run's luck, (chains,): the generator's at the baseline."""
        return np.where(self.chains["n_tasks"].to_numpy() == 0, self.generator.base, 1.0)


def numbers(world: World, weights: Array, rng: np.random.Generator, studies: int) -> Array:
    """Weighted sums of cells, weights (cells, n): shape (chains, n, studies).

    The residual's part is drawn as its sum, a number at a time: numbers of one study share all luck but that.
    """
    per_task = np.array([np.bincount(world.cell_task, weights=column) for column in weights.T])
    luck = task_luck(world, rng, studies)
    sd = world.generator.residual * np.sqrt((weights.T**2) @ world.factors[world.cell_task] ** 2)
    residual = rng.standard_normal((len(world.chains), len(sd), studies))
    return np.einsum("nt,cts->cns", per_task, luck) + residual * sd[:, None] * world.spread[:, None, None]


def scores(world: World, rng: np.random.Generator, studies: int, effects: Array | None = None) -> Array:
    """Points of every cell, (chains, cells, studies); effects of treated runs: the languages' own unless given."""
    shape = (len(world.chains), len(world.cells), studies)
    sd = world.generator.residual * world.factors[world.cell_task]
    residual = rng.standard_normal(shape) * sd[:, None] * world.spread[:, None, None]
    own = language_effects(world, rng, studies) if effects is None else effects
    treated = (world.chains["n_tasks"].to_numpy() > 0)[:, None, None]
    follows = language_response(world)[:, None]
    return MIDDLE + residual + follows * task_luck(world, rng, studies)[:, world.cell_task] + own[None] * treated


def true_effects(world: World, rng: np.random.Generator, studies: int) -> Array:
    """The effect of any treated run on every cell, (cells, studies): of its target task, and half of that its own."""
    of_task, df = rng.standard_normal((len(world.tasks), studies)), world.generator.task_df
    if np.isfinite(df):
        of_task *= np.sqrt((df - 2) / rng.chisquare(df, of_task.shape))
    own = rng.standard_normal((len(world.cells), studies)) / 2
    return world.generator.task_effect * (of_task[world.cell_task] + own)


def task_luck(world: World, rng: np.random.Generator, studies: int) -> Array:
    """All luck above the cells, (chains, tasks, studies)."""
    g, chains, run_sd = world.generator, world.chains, world.run_sd
    spread = world.spread[:, None, None]
    seed, count = chains["seed"].to_numpy(), chains["n_tasks"].to_numpy()
    draw = _Drawing(rng, len(world.tasks), studies)
    luck = draw.both(seed, g.seed, np.full(len(world.tasks), g.seed_task))
    luck = luck + spread * draw.both(np.arange(len(chains)), g.run, np.zeros(len(world.tasks)))
    luck = luck + spread * draw.tuned(len(chains), units(world)) * (g.tuned * world.factors)[:, None]
    if g.seed_count:
        luck = luck + draw.both(_codes(seed, count), g.seed_count * g.run, g.seed_count * run_sd)
    return luck + _set_luck(world, draw)


def units(world: World) -> NDArray[np.int64]:
    """Fine-tuned model that scores each task, (tasks,): tasks of one training share it."""
    return pd.factorize(pd.Series([world.trainings.get(task) or f"{task} itself" for task in world.tasks]))[0]


def set_sds(world: World) -> tuple[float, Array]:
    """Sd of a set's luck on all tasks, and within each."""
    g = world.generator
    if g.set_ratio is None:
        return g.set, np.full(len(world.tasks), g.set_task)
    return g.set_ratio * g.run, g.set_ratio * world.run_sd


def _set_luck(world: World, draw: "_Drawing") -> Array:
    chains = world.chains
    sampled = chains["n_tasks"].between(1, CATALOGUE - 1).to_numpy()[:, None, None]
    common, within = set_sds(world)
    if not world.generator.additive:
        return draw.both(pd.factorize(chains["task_set"])[0], common, within) * sampled * _size(world)
    names = sorted({task for name in chains["task_set"] for task in name.split("+") if task})
    member = np.array([[task in name.split("+") for task in names] for name in chains["task_set"]], dtype=float)
    share = np.where(sampled[:, :, 0], member / np.maximum(member.sum(axis=1, keepdims=True), 1) - 1 / len(names), 0.0)
    # At three tasks of nine the centred mean has variance (1/3 - 1/9) of a task's own.
    scale = 1 / np.sqrt(1 / 3 - 1 / CATALOGUE)
    own = draw.both(np.arange(len(names)), scale * common, scale * within)
    return np.einsum("cm,mts->cts", share, own)


def _size(world: World) -> Array:
    """Factor on a set's luck, (chains, 1, 1): that of means of random tasks over three tasks', where it falls."""
    if not world.generator.falling:
        return np.ones((len(world.chains), 1, 1))
    variance = 1 / np.maximum(world.chains["n_tasks"].to_numpy(dtype=float), 1) - 1 / CATALOGUE
    return np.sqrt(variance / (1 / 3 - 1 / CATALOGUE))[:, None, None]


def language_response(world: World) -> Array:
    """Factor by which each cell follows its run's luck, (cells,): one for all but the generator's `response`.

    Normal quantiles in a fixed order of the languages, the same in every study, so that one language's errors add up.
    """
    codes, names = pd.factorize(world.cells.get_level_values("language"))
    order = np.random.default_rng(0).permutation(len(names))
    return 1 + world.generator.response * norm.ppf((order + 0.5) / len(names))[codes]


def language_effects(world: World, rng: np.random.Generator, studies: int) -> Array:
    """True effects of languages, drawn anew in every study, (cells, studies)."""
    codes = pd.factorize(world.cells.get_level_values("language"))[0]
    of_language = rng.standard_normal((codes.max() + 1, studies))[codes]
    within = rng.standard_normal((len(world.cells), studies))
    by_task = np.array([world.generator.language_task.get(task, 0.0) for task in world.tasks])[world.cell_task]
    return world.generator.language * (of_language + within) + by_task[:, None] * within


def _codes(*columns: NDArray) -> NDArray[np.int64]:
    return pd.factorize(pd.MultiIndex.from_arrays(columns))[0]


@dataclass(frozen=True)
class _Drawing:
    rng: np.random.Generator
    tasks: int
    studies: int

    def both(self, groups: NDArray, common: float, within: Array) -> Array:
        """A group's luck on all tasks and on each, (rows, tasks, studies)."""
        codes, levels = pd.factorize(groups)
        shared = self.rng.standard_normal((len(levels), 1, self.studies)) * common
        if not within.any():
            return np.broadcast_to(shared, (len(levels), self.tasks, self.studies))[codes]
        return (shared + self.rng.standard_normal((len(levels), self.tasks, self.studies)) * within[:, None])[codes]

    def tuned(self, rows: int, units: NDArray[np.int64]) -> Array:
        """Unit luck of every row's tuned models, (rows, tasks, studies)."""
        return self.rng.standard_normal((rows, int(units.max()) + 1, self.studies))[:, units]
