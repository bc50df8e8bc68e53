"""Mean squares of a crossed study: what task sets, and what single runs, add to the runs' numbers."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.inference import Array

Labels = NDArray[Any]  # of chains: sets are text, seeds numbers
# The spread between a seed's sets is the luck of sets and runs. Three quarters serve sets without luck and those with
# twice a run's alike: docs/calibration.md, nested designs.
SET_SHARE = 0.75


def set_square(tables: Iterable[tuple[Array, Labels]], seeds: int) -> tuple[Array, float]:
    """Mean square of task sets, S times the variance of set means, pooled over counts, and its df.

    tables: for every count whose sets are a draw, numbers (chains, n) and the set of each chain.
    Expectation: variance of runs + S x variance of sets.
    """
    total, df = 0.0, 0
    for numbers, sets in tables:
        means = _level_means(numbers, sets)[1]
        total = total + seeds * ((means - means.mean(axis=0)) ** 2).sum(axis=0)
        df += len(means) - 1
    return np.asarray(total) / df, float(df)


def run_square(tables: Iterable[tuple[Array, Labels, Labels]]) -> Array:
    """Mean square of what neither seed nor set explains, pooled over counts; zero where nothing is left to pool.

    tables: numbers (chains, n), the set and the seed of each chain, every seed having met every set.
    Expectation: variance of runs.
    """
    total, df = 0.0, 0
    for numbers, sets, seeds in tables:
        in_set, set_means = _level_means(numbers, sets)
        in_seed, seed_means = _level_means(numbers, seeds)
        rest = numbers - set_means[in_set] - seed_means[in_seed] + numbers.mean(axis=0)
        total = total + (rest**2).sum(axis=0)
        df += (len(set_means) - 1) * (len(seed_means) - 1)
    return np.asarray(total) / max(df, 1)


def _level_means(values: Array, labels: Labels) -> tuple[NDArray[np.int64], Array]:
    codes, levels = pd.factorize(labels)
    return codes, np.array([values[codes == level].mean(axis=0) for level in range(len(levels))])


def recurrence(numbers: Array, sets: Labels, seeds: Labels) -> tuple[Array, float]:
    """What sets that several seeds drew by chance add to the variance of the mean over seeds, at one count; and its df.

    numbers (chains, n); sets and seeds are labels of the chains. SET_SHARE of the spread between the sets within a
    seed stands for the variance of sets: zero where no set recurs or no seed has two sets. A paired t takes seeds for
    independent and lacks this part.
    """
    in_seed, seed_means = _level_means(numbers, seeds)
    in_set, names = pd.factorize(sets)
    share = np.zeros((len(seed_means), len(names)))
    share[in_seed, in_set] = 1 / np.bincount(in_seed)[in_seed]
    shared = share @ share.T
    pairs, df = len(shared) * (len(shared) - 1), len(numbers) - len(shared)
    if not pairs or not df:
        return np.zeros(numbers.shape[1]), 1.0
    within = SET_SHARE * ((numbers - seed_means[in_seed]) ** 2).sum(axis=0) / df
    return within * (shared.sum() - np.trace(shared)) / pairs, float(df)
