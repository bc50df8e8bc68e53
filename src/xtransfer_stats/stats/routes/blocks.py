"""Replicates in blocks, each with a seed of its own: the table does not depend on the number of workers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.stats.core.inference import Array

BLOCK = 128  # replicates drawn from one seed
Draw = Callable[[np.random.Generator, int], Array]


@dataclass(frozen=True)
class Sampling:
    """How many replicates, from which seed, in how many threads; drawn is told how many more are done."""

    replicates: int = 1999
    seed: int = 2005
    workers: int = 1
    drawn: Callable[[int], None] | None = None


def replicated(draw: Draw, sampling: Sampling) -> Array:
    """Replicates (replicates, ...) of draw(generator, size) -> (size, ...), in the order of the blocks.

    Raises RecipeError below 99 replicates.
    """
    asked = sampling.replicates
    if asked < 99:
        raise RecipeError(f"--bootstrap {asked}: a 95 % interval needs 99 replicates or more; the default is 1999")
    sizes = [min(BLOCK, asked - start) for start in range(0, asked, BLOCK)]
    seeds = np.random.SeedSequence(sampling.seed).spawn(len(sizes))
    parts = []
    with ThreadPoolExecutor(max_workers=sampling.workers) as pool:
        drawn = pool.map(lambda pair: draw(np.random.default_rng(pair[0]), pair[1]), zip(seeds, sizes, strict=True))
        for size, part in zip(sizes, drawn, strict=True):
            parts.append(part)
            if sampling.drawn:
                sampling.drawn(size)
    return np.concatenate(parts)


def multiplicities(rng: np.random.Generator, size: int, n: int) -> Array:
    """How often each of n is drawn in a sample of n with replacement, (size, n)."""
    return rng.multinomial(n, np.full(n, 1 / n), size=size).astype(float)
