"""Nested studies of few seeds: the error of a contrast from mean squares pooled over the sampled counts.

A seed's combination of counts is split in two: what its sampled counts share beside the other counts, one number a
seed, and what each sampled count has of its own. Where luck of sets and runs is alike at the sampled counts the two
are independent, so their mean squares add up, on more df than those of the combination itself: power of 50 % by the
seed-paired t is 64 % at three seeds, 58 % at four, 55 % at five (docs/calibration.md). More seeds gain little.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.design import Design, Layout
from xtransfer_stats.stats.core.estimands import Coefficients
from xtransfer_stats.stats.core.inference import Array, variance

POOLED = "mean squares pooled over counts, Satterthwaite df"
MOST_SEEDS = 5
MOST_APART = 3.0  # times the variance of one sampled count's sets over another's, were effects of tasks additive
ALLOWANCE = 1.1  # of what mean squares explain, so that where they explain all chance seldom adds to it


def pools(chains: pd.DataFrame, design: Design) -> bool:
    """Whether a study's errors are pooled over counts.

    It is one of counts, nested, of two to MOST_SEEDS seeds; every seed has every count, with as many sets at each of
    two or more sampled counts; no set stands twice at a count; and the counts are near enough for sets to vary alike.
    """
    sampled, seeds = design.sampled, len(design.seeds)
    if not design.conditions.counted or design.layout is not Layout.NESTED or len(sampled) < 2:
        return False
    if not 2 <= seeds <= MOST_SEEDS:
        return False
    sets = chains.groupby(["n_tasks", "seed"])["task_set"].nunique()
    whole = len(sets) == seeds * (len(design.counts) + 1) and sets.loc[list(sampled)].nunique() == 1
    once = all(len(design.sets[count]) == sets.loc[count].sum() for count in sampled)
    spread = [1 / count - 1 / design.catalogue for count in sampled]
    return whole and once and max(spread) <= MOST_APART * min(spread)


def split(means: Mapping[int, Array], sampled: tuple[int, ...], used: Coefficients) -> tuple[Array, Array]:
    """Variances (3, n) that add up to that of a combination's mean over seeds, and their df (3, 1).

    means: at every count, the seeds' numbers (seeds, n). used: coefficients of counts. The third is what the seeds'
    own combinations show beyond ALLOWANCE times the others, at least zero: luck of sets that is unlike at the counts.
    """
    drawn = np.array([means[count] for count in sampled])
    counts, seeds = drawn.shape[:2]
    rest = drawn - drawn.mean(axis=1, keepdims=True)
    square = ((rest - rest.mean(axis=0)) ** 2).sum(axis=(0, 1)) / ((counts - 1) * (seeds - 1))
    level = sum(used.get(count, 0.0) for count in sampled) / counts
    own = sum((used.get(count, 0.0) - level) ** 2 for count in sampled)
    other = sum(c * means[count] for count, c in used.items() if count not in sampled)
    parts = [own * square / seeds, variance(counts * level * drawn.mean(axis=0) + other) / seeds]
    whole = variance(np.sum([c * means[count] for count, c in used.items()], axis=0)) / seeds
    parts.append(np.maximum(0.0, whole - ALLOWANCE * (parts[0] + parts[1])))
    return np.array(parts), np.array([[(counts - 1.0) * (seeds - 1)], [seeds - 1.0], [seeds - 1.0]])


def gains(sampled: tuple[int, ...], used: Coefficients) -> bool:
    """Whether a combination is split at all: else its mean squares are the seed-paired t's, or one part alone."""
    inside = [used.get(count, 0.0) for count in sampled]
    level = sum(inside) / len(sampled)
    apart = any(abs(c - level) > 1e-9 for c in inside)
    beside = abs(level) > 1e-9 or any(count not in sampled for count in used)
    return apart and (beside or len(sampled) > 2)
