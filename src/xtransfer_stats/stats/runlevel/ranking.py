"""A ranking of conditions with its uncertainty: never a bare order.

Beside each condition's mean stand the letters of its band (two that share one cannot be told apart), the ranks that it
may have and the probability that it is the best. The last two come from draws of all means at once: where the same
seeds met every condition, from the two-way layout of seeds and conditions, whose residuals are taken to vary alike
(df (S - 1)(K - 1)); else from each condition's own mean and error, by t on its own df. With a flat prior these are
posterior draws of the means; they say what these seeds leave open, and test nothing.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.conditions import Measure
from xtransfer_stats.stats.core.estimands import benchmark_averages
from xtransfer_stats.stats.core.inference import Array, Correction, adjusted
from xtransfer_stats.stats.core.rows import Row
from xtransfer_stats.stats.runlevel.allpairs import letters

COLUMNS = (
    "rank",
    "condition",
    "benchmark",
    "mean",  # in the unit of the scores
    "seeds",
    "letters",  # conditions that share a letter are not told apart (Holm over all pairs)
    "rank_low",  # the ranks of 95 % of the draws
    "rank_high",
    "prob_best",
)
DRAWS, SEED = 20000, 2005
LEAST = 3  # conditions; two are a difference, not a ranking


def ranking(complete: CompleteScores, pairs: Sequence[Row], measure: Measure, alpha: float) -> pd.DataFrame:
    """COLUMNS, a row a benchmark and condition, the best first; none for two conditions.

    pairs: rows of all pairs (stats.runlevel.allpairs).
    """
    codes = (0, *complete.design.counts)
    if len(codes) < LEAST or complete.design.conditions.counted:
        return pd.DataFrame(columns=list(COLUMNS))
    p = adjusted([row["p_value"] for row in pairs], Correction.HOLM)
    told = {id(row): bool(value <= alpha) for row, value in zip(pairs, p, strict=True)}
    parts = []
    for one in benchmark_averages(complete.benchmarks, complete.cells):
        apart = {_codes(row): told[id(row)] for row in pairs if row["benchmark"] == one.benchmark}
        parts.append(_of_benchmark(complete, one.weights, one.benchmark, apart, measure))
    return pd.concat(parts, ignore_index=True)


def _codes(row: Row) -> tuple[int, int]:
    low, high = row["weights"].over_counts
    return low, high


def _of_benchmark(
    complete: CompleteScores, weights: Array, name: str, apart: dict[tuple[int, int], bool], measure: Measure
) -> pd.DataFrame:
    runs = complete.chains.runs.assign(g=complete.chains.scores @ weights)
    table = runs.pivot_table(index="seed", columns="n_tasks", values="g", aggfunc="mean")
    means = table.mean()
    order = [int(code) for code in (measure.sign * means).sort_values(ascending=False, kind="stable").index]
    best, low, high = _places(measure.sign * drawn_means(table[order].to_numpy()))
    said = letters(order, apart)
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(order) + 1),
            "condition": [complete.design.conditions.called(code) for code in order],
            "benchmark": name,
            "mean": [float(means[code]) for code in order],
            "seeds": [int(table[code].notna().sum()) for code in order],
            "letters": [said[code] for code in order],
            "rank_low": low,
            "rank_high": high,
            "prob_best": best,
        }
    )


def drawn_means(table: Array, draws: int = DRAWS, seed: int = SEED) -> Array:
    """Draws (draws, K) of the conditions' means from their scores (seeds, K), NaN where a seed has none.

    All NaN where nothing tells an error: one seed.
    """
    counts, conditions = (~np.isnan(table)).sum(axis=0), table.shape[1]
    centre = np.nanmean(table, axis=0)
    if (counts == len(table)).all() and len(table) > 1:
        rest = table - centre - table.mean(axis=1, keepdims=True) + table.mean()
        df = np.array([(len(table) - 1.0) * (conditions - 1.0)])
        square = np.array([(rest**2).sum() / df[0]])
    elif counts.min() > 1:
        df, square = counts - 1.0, np.nanvar(table, axis=0, ddof=1)
    else:
        return np.full((draws, conditions), np.nan)
    normal, chi = _standard(draws, conditions, tuple(map(float, df)), seed)
    return np.asarray(centre + normal * np.sqrt(square / counts * df / chi))


@lru_cache(maxsize=4)  # the same draws for every number that is ranked, as their seed is one
def _standard(draws: int, conditions: int, df: tuple[float, ...], seed: int) -> tuple[Array, Array]:
    """Standard normal draws (draws, K), and chi-squared ones (draws, 1 or K) on df."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 15]))
    normal = rng.standard_normal((draws, conditions))
    return normal, rng.chisquare(df, (draws, len(df)))


def _places(draws: Array) -> tuple[Array, Array, Array]:
    """Of draws (draws, K), more being better: probabilities of being best, and the ranks of 95 % of them; (K,) each."""
    if np.isnan(draws).any():
        unknown = np.full(draws.shape[1], np.nan)
        return unknown, unknown, unknown
    ranks = (-draws).argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="nearest")
    return (ranks == 1).mean(axis=0), low, high
