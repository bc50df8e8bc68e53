"""The sign-flip test of seed differences: every pattern up to 20 seeds, random patterns beyond."""

import numpy as np

from xtransfer_stats.stats.core.attain import LARGEST_ENUMERATION, sign_flip_p
from xtransfer_stats.stats.core.inference import Array

BLOCK = 1000  # random patterns drawn at a time
ROUNDING = 1 - 1e-12


def sign_flip(differences: Array, draws: int, seed: int) -> tuple[float, str]:
    """Two-sided p and its wording; differences (seeds,). NaN below two seeds.

    Enumerated: hits / 2^seeds, the identity one of them. Random: (1 + hits) / (1 + draws) (Phipson & Smyth 2010).
    """
    if len(differences) < 2:
        return float("nan"), ""
    if len(differences) <= LARGEST_ENUMERATION:
        return sign_flip_p(differences), "exact sign-flip"
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    observed, hits, left = abs(differences.sum()) * ROUNDING, 0, draws
    while left:
        size = min(BLOCK, left)
        signs = rng.integers(0, 2, (size, len(differences))) * 2 - 1
        hits += int(np.sum(np.abs(signs @ differences) >= observed))
        left -= size
    return (1 + hits) / (1 + draws), f"sign-flip, {draws:,} random patterns"
