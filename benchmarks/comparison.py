"""How often `xstats compare` finds a difference between two studies that do not differ: type-I error at nominal 5 %.

`python benchmarks/comparison.py [--studies 20000] [--root 2020]` prints a Markdown table in a few minutes.
Studies are drawn as the product draws them, with the real overlap of XTREME and XTREME-R; the
numbers of many studies go through the comparison's own models at once, a column a study.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from benchmarks.calibration.draws import CATALOGUE, World, numbers
from benchmarks.calibration.grid import LAYOUTS, GridCell
from benchmarks.calibration.run import setting
from benchmarks.calibration.setting import Setting, world_of

from xtransfer_stats.base import seeds
from xtransfer_stats.stats.comparison.difference import Independent, Paired
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import CountContrast, benchmark_averages, interaction
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

BLOCK = 1000  # studies drawn at once
COUNTS = (3, 5, 9)
SEEDS = (3, 5, 10)
GENERATORS = ("set/run 1", "unequal tasks", "baseline 2", "seed x count")
Drawn = tuple[pd.DataFrame, Array]  # chains, and numbers (chains, estimands, studies)


@dataclass(frozen=True)
class Pair:
    """Two studies without a difference: world of each, how much luck a same-seed pair shares, factor on B's luck."""

    a: World
    b: World
    shared: float = 0.0
    factor: float = 1.0

    def draw(self, weights: Array, rng: np.random.Generator, studies: int) -> tuple[Array, Array]:
        """Numbers of A and B, each (chains, estimands, studies)."""
        a, b = (numbers(world, weights, rng, studies) for world in (self.a, self.b))
        if self.shared:
            common = numbers(self.a, weights, rng, studies)
            a, b = (np.sqrt(self.shared) * common + np.sqrt(1 - self.shared) * own for own in (a, b))
        return a, self.factor * b


def paired(pair: Pair, a: Array, b: Array) -> Paired:
    """As same seeds and sets are compared."""
    return Paired(pair.a.chains, b - a, CATALOGUE)


def independent(pair: Pair, a: Array, b: Array) -> Independent:
    """As other studies are compared."""
    return Independent(*(_run_level(world, x) for world, x in ((pair.a, a), (pair.b, b))))


def _run_level(world: World, values: Array) -> RunLevel:
    return RunLevel(world.chains, detect(world.chains, CATALOGUE), values)


Model = Callable[[Pair, Array, Array], Paired | Independent]


def cases(layout: str, n: int, generator: str, here: Setting, root: int) -> Iterator[tuple[str, Pair, Model]]:
    """Name, pair of studies and how it is compared."""

    def world(name: str, size: int) -> World:
        rng = seeds.generator(root, "design", name, layout, size, generator)
        cell = GridCell("comparison", layout, size, generator, BLOCK, BLOCK, COUNTS)
        return world_of(cell, here, here.benchmarks, rng)

    a, b = world("a", n), world("b", n)
    yield "paired, nothing shared", Pair(a, a), paired
    yield "paired, half shared", Pair(a, a, shared=0.5), paired
    yield "independent", Pair(a, b), independent
    yield "independent, B's luck doubled", Pair(a, b, factor=2.0), independent
    yield f"independent, {2 * n} seeds in B", Pair(a, world("b", 2 * n)), independent
    yield "half shared, taken as independent", Pair(a, a, shared=0.5), independent


def rejections(name: str, pair: Pair, model: Model, weights: Array, studies: int, root: int) -> Array:
    """Share of p <= 0.05, (counts, estimands)."""
    hits = np.zeros((len(COUNTS), weights.shape[1]))
    for block in range(studies // BLOCK):
        rng = seeds.generator(root, "luck", name, block)
        a, b = pair.draw(weights, rng, BLOCK)
        for j in range(weights.shape[1]):
            made = model(pair, a[:, j], b[:, j])
            for i, count in enumerate(COUNTS):
                hits[i, j] += (made.contrast(CountContrast(0, count)).p_value() <= 0.05).sum()
    return hits / (studies // BLOCK * BLOCK)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=20_000)
    parser.add_argument("--root", type=int, default=2020)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    asked = parser.parse_args()
    here = setting()
    print("| design | luck | compared | seeds | effect(3) | G(3) | G(9) |\n|---|---|---|---|---|---|---|")
    for layout, generator, n in product(LAYOUTS, GENERATORS, asked.seeds):
        for case, pair, model in cases(layout, n, generator, here, asked.root):
            cells = pair.a.cells
            estimands = [benchmark_averages(here.benchmarks, cells)[0], interaction(here.benchmarks, cells)]
            weights = np.array([one.weights for one in estimands]).T
            name = f"{layout} {generator} {n} {case}"
            found = 100 * rejections(name, pair, model, weights, asked.studies, asked.root)
            shown = " | ".join(f"{value:.1f}" for value in (found[0, 0], found[0, 1], found[-1, 1]))
            print(f"| {layout} | {generator} | {case} | {n} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
