"""The sign-flip test of seed differences, and which p-values a few seeds can attain at all."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.termtable import COLLAPSE

LARGEST_ENUMERATION = 20  # 2^20 sign patterns; above, the t-test's figures are the better ones
BLOCK = 1000  # random patterns drawn at a time
ROUNDING = 1 - 1e-12


def smallest_sign_flip_p(seeds: int) -> float:
    """Smallest two-sided p of the sign-flip test: 2 / 2^seeds (all signs equal, identity counted)."""
    return min(1.0, 2.0 / 2.0**seeds)


def seeds_needed(alpha: float, tests: int = 1) -> int:
    """Fewest seeds whose smallest sign-flip p passes Holm's first step, alpha / tests."""
    seeds = 1
    while smallest_sign_flip_p(seeds) > alpha / tests:
        seeds += 1
    return seeds


def sign_flip_p(differences: ArrayLike) -> float:
    """Exact two-sided sign-flip p of seed differences, shape (seeds,): hits / 2^seeds.

    Full enumeration, the identity included. Answers: how often would random signs give a
    mean at least this far from zero? NaN for no seed or for more than LARGEST_ENUMERATION.
    """
    d = np.asarray(differences, dtype=float)
    if not 0 < d.size <= LARGEST_ENUMERATION:
        return float("nan")
    patterns = np.arange(2 ** (d.size - 1))[:, None]  # the other half mirrors these
    signs = 1 - 2 * ((patterns >> np.arange(d.size)) & 1)
    flipped, observed = np.abs(signs @ d), abs(d.sum())
    return float(np.mean(flipped >= observed * (1 - 1e-12)))


def sign_flip_note(differences: Array) -> str:
    """The exact sign-flip p of seed differences (seeds,) as a row's note; "" below two seeds."""
    return f"exact sign-flip p = {sign_flip_p(differences):.3g}" if len(differences) > 1 else ""


def attainability_note(
    seeds: int, tests: int, alpha: float, where: str = "", smallest: float = 0.0, of: str = "interactions"
) -> str:
    """One sentence for the head of the table: what these seeds can show at best.

    where: which contrasts have so few. smallest: p below, NaN for none. of: what is tested. Where none is smaller than
    these seeds can attain nothing is said of such.
    """
    least = f"With {seeds} seed{'s' if seeds != 1 else ''}{where} the smallest attainable sign-flip p is"
    needed = seeds_needed(alpha, tests)
    family = f"Holm over {tests} {of}" if tests > 1 else "one test"
    sentence = f"{least} {smallest_sign_flip_p(seeds):.3g}; {family} at {alpha:g} needs {needed} seeds."
    if seeds >= needed or not smallest < smallest_sign_flip_p(seeds):
        return sentence
    return f"{sentence} Smaller p-values below rest on the normal distribution of the seed differences."


def smallest_p(results: pd.DataFrame) -> float:
    """The smallest p of a result frame that rests on seeds; NaN for none."""
    return float(results.loc[results["term"] != COLLAPSE, "p_value"].min())


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
