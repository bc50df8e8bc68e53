"""Single-step max-T over the interactions: the correction that knows how their estimates go together.

Studentised, from one simulated model: seeds' differences normal with the covariance they show (Westfall & Young 1993,
section 2.3). With few seeds that covariance is of low rank (2 with three seeds), so it is offered from ten; Holm stands
for the family at any number.
"""

import numpy as np

from xtransfer_stats.stats.core.inference import Array

LEAST_SEEDS = 10
DRAWS, SEED, BLOCK = 9999, 2005, 1000


def max_t_p(differences: Array, draws: int = DRAWS, seed: int = SEED) -> Array:
    """Corrected two-sided p of each contrast, (K,), from seed differences (seeds, K): (1 + hits) / (1 + draws).

    NaN below LEAST_SEEDS or where a contrast does not vary.
    """
    seeds, contrasts = differences.shape
    if seeds < LEAST_SEEDS or np.any(np.ptp(differences, axis=0) == 0):
        return np.full(contrasts, np.nan)
    observed = np.abs(_t(differences[None])[0])
    rng, hits = np.random.default_rng(np.random.SeedSequence(seed)), np.zeros(contrasts)
    root = np.linalg.svd(differences - differences.mean(axis=0), full_matrices=False)
    scaled = (root[1][:, None] * root[2]) / np.sqrt(seeds - 1)  # (rank, K), scaled' scaled the covariance
    for start in range(0, draws, BLOCK):
        size = min(BLOCK, draws - start)
        largest = np.abs(_t(rng.standard_normal((size, seeds, len(scaled))) @ scaled)).max(axis=1)
        hits += (largest[:, None] >= observed * (1 - 1e-12)).sum(axis=0)
    return (1 + hits) / (1 + draws)


def _t(samples: Array) -> Array:
    """t of each sample (b, seeds, K) and contrast, (b, K)."""
    return samples.mean(axis=1) / samples.std(axis=1, ddof=1) * np.sqrt(samples.shape[1])
