"""Replicates in blocks, each with a seed of its own: the table does not depend on the number of workers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from xtransfer_stats.errors import RecipeError
from xtransfer_stats.stats.inference import Array

BLOCK = 128  # replicates drawn from one seed
Draw = Callable[[np.random.Generator, int], Array]


def replicated(
    draw: Draw, asked: int, seed: int, *, workers: int = 1, progress: Callable[[int], None] | None = None
) -> Array:
    """`asked` replicates (asked, ...) of draw(generator, size) -> (size, ...), in the order of the blocks.

    progress is called with the number of replicates just done. Raises RecipeError below 99 replicates.
    """
    if asked < 99:
        raise RecipeError(f"--bootstrap {asked}: a 95 % interval needs 99 replicates or more; the default is 1999")
    sizes = [min(BLOCK, asked - start) for start in range(0, asked, BLOCK)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    parts = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        drawn = pool.map(lambda pair: draw(np.random.default_rng(pair[0]), pair[1]), zip(seeds, sizes, strict=True))
        for size, part in zip(sizes, drawn, strict=True):
            parts.append(part)
            if progress:
                progress(size)
    return np.concatenate(parts)


def multiplicities(rng: np.random.Generator, size: int, n: int) -> Array:
    """How often each of n is drawn in a sample of n with replacement, (size, n)."""
    return rng.multinomial(n, np.full(n, 1 / n), size=size).astype(float)
