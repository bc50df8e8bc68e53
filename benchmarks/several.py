"""How often `xstats compare` with three studies or more finds a mean effect where there is none: nominal 5 %.

`python benchmarks/several.py [--studies 2000] [--root 2020]` prints three Markdown tables. A checkpoint's seeds draw
their luck as the calibration's generators have it; checkpoints that share seeds share half of its variance; one has an
effect of its own, in units of the sd of one seed's contrast. The contrasts go through the functions that make the rows
of the product. An entry: means found where there is none / intervals of the sd between checkpoints that leave it out /
prediction intervals that leave out a further checkpoint, in %.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
from benchmarks.calibration.draws import CATALOGUE, World, numbers
from benchmarks.calibration.grid import GridCell
from benchmarks.calibration.run import setting
from benchmarks.calibration.setting import world_of
from scipy import stats

from xtransfer_stats.base import seeds
from xtransfer_stats.stats.comparison.several.crossed import crossed_mean
from xtransfer_stats.stats.comparison.several.randomeffects import PooledMean, random_effects
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import CountContrast, gap_weights
from xtransfer_stats.stats.core.inference import Array, paired
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

EFFECT = CountContrast(0, 3)
LAYOUT = "nested, 1 set"
GENERATORS = ("set/run 1", "unequal tasks", "baseline 2")
RATIOS = (0.0, 0.5, 1.0, 2.0)  # sd between checkpoints over the sd of one seed's contrast
Answer = Callable[[Array], PooledMean]  # of a table (checkpoints, seeds)
Draw = Callable[[World, Array, int, np.random.Generator, int], Array]


def contrasts(world: World, weights: Array, rng: np.random.Generator, studies: int) -> Array:
    """G(3) of every seed, (seeds, studies)."""
    drawn = numbers(world, weights[:, None], rng, studies)[:, 0]
    return RunLevel(world.chains, detect(world.chains, CATALOGUE), drawn).differences(EFFECT)


def shared(world: World, weights: Array, k: int, rng: np.random.Generator, studies: int) -> Array:
    """Tables (k, seeds, studies) of checkpoints whose seeds share half the variance of their luck."""
    common, own = contrasts(world, weights, rng, studies), apart(world, weights, k, rng, studies)
    return np.sqrt(0.5) * (common[None] + own)


def apart(world: World, weights: Array, k: int, rng: np.random.Generator, studies: int) -> Array:
    """Tables (k, seeds, studies) of studies that share nothing."""
    return np.array([contrasts(world, weights, rng, studies) for _ in range(k)])


def crossed(table: Array) -> PooledMean:
    """As studies of the same seeds are averaged."""
    return crossed_mean(table, 0.05)


def independent(table: Array) -> PooledMean:
    """As others are, each by its seed-paired t."""
    own = paired(table.T, 0)
    return random_effects(own.estimate, own.std_error, own.df, 0.05)


def seeds_alone(table: Array) -> PooledMean:
    """The wrong answer to this question: checkpoints averaged within a seed, a t over seeds."""
    own = paired(table.mean(axis=0)[:, None], 0)
    return replace(crossed(table), std_error=float(own.std_error[0]), df=float(own.df[0]))


def rates(
    draw: Draw, answer: Answer, world: World, weights: Array, k: int, ratio: float, studies: int, key: str
) -> Array:
    """In %: rejections of a mean of zero; intervals of the sd between that leave it out; prediction intervals too."""
    rng = seeds.generator(2020, "several", key)
    tables = draw(world, weights, k, rng, studies)
    sd = ratio * tables.std()
    tables = tables + sd * rng.standard_normal((k, 1, studies))
    further = sd * rng.standard_normal(studies)
    found = [answer(tables[:, :, i]) for i in range(studies)]
    t = np.array([abs(one.estimate) / one.std_error for one in found])
    rejected = 2 * stats.t.sf(t, [one.df for one in found]) < 0.05
    spread = np.array([not one.spread.tau_low <= sd <= one.spread.tau_high for one in found])
    pairs = zip(found, further, strict=True)
    beyond = np.array([not one.spread.predict_low <= new <= one.spread.predict_high for one, new in pairs])
    return 100 * np.mean([rejected, spread, beyond], axis=1)


METHODS: dict[str, tuple[Draw, Answer]] = {
    "crossed": (shared, crossed),
    "t over seeds alone": (shared, seeds_alone),
    "random effects": (apart, independent),
}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=2000)
    parser.add_argument("--root", type=int, default=2020)
    parser.add_argument("--seeds", type=int, nargs="+", default=[5])
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS))
    asked, here = parser.parse_args(), setting()
    for method in asked.methods:
        draw, answer = METHODS[method]
        print(f"\n| {method} | generator | checkpoints | sd between 0 | 0.5 | 1 | 2 |\n|---|---|---|---|---|---|---|")
        for n, generator, k in product(asked.seeds, GENERATORS, (3, 4, 5)):
            cell = GridCell("several", LAYOUT, n, generator, asked.studies, asked.studies, (3,))
            world = world_of(cell, here, here.benchmarks, seeds.generator(asked.root, "design", n, generator))
            weights = gap_weights(here.benchmarks, world.cells)
            rate = partial(rates, draw, answer, world, weights, k, studies=asked.studies)
            found = [rate(ratio=r, key=f"{asked.root} {method} {n} {generator} {k} {r}") for r in RATIOS]
            shown = " | ".join(" / ".join(f"{value:.1f}" for value in one) for one in found)
            print(f"| {n} seeds | {generator} | {k} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
