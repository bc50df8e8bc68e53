"""Scope "such languages": the runs' variance plus a language jackknife, jointly over tasks and benchmarks."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import CountContrast, effects, headline
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.rows import Row, label, moment_rows
from xtransfer_stats.stats.core.termtable import SUCH
from xtransfer_stats.stats.core.weights import Benchmark, without_language
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers

LEAST_DF = 0.5  # where one language carries nearly all the weight


def such_language_rows(complete: CompleteScores, model: RunLevel, alpha: float) -> list[Row]:
    """Effects and interactions for languages like these; none where fewer than two languages may go.

    model: numbers are first average, second average, gap.
    """
    benchmarks, cells = complete.benchmarks, complete.cells
    without = {name: run_numbers(complete, three) for name, three in each_left_out(benchmarks, cells).items()}
    if len(without) < 2:
        return []
    estimands, rows = headline(benchmarks, cells), []
    effective = np.array([effective_languages(one.weights, cells) for one in estimands])
    for contrast in effects(complete.design.counts):
        labels = [label(one, contrast, SUCH) for one in estimands]
        for row, number in zip(labels, effective, strict=True):
            row |= {"family": "", "note": f"effective number of languages {number:.1f} of {len(without)}"}
        rows += moment_rows(widened(model.contrast(contrast), without, contrast, effective), labels, alpha)
    return rows


def each_left_out(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> dict[str, Array]:
    """Language -> weights (cells, 3) of first average, second average, gap without it.

    A language whose loss would leave a benchmark empty is not among them.
    """
    weights = {}
    for language in sorted(cells.get_level_values("language").unique()):
        less = {name: without_language(part, language) for name, part in benchmarks.items()}
        three = np.array([one.weights for one in headline(less, cells)]).T
        if three[:, :2].any(axis=0).all():
            weights[language] = three
    return weights


def jackknife(left_out: Array) -> Array:
    """Variance of estimates (n, numbers) that leave out one of n each."""
    n = len(left_out)
    return (n - 1) / n * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)


def effective_languages(weights: Array, cells: pd.MultiIndex) -> float:
    """1 / sum of squared shares, a language's share being that of the squared cell weight; 0 for none."""
    by_language = pd.Series(weights**2).groupby(cells.get_level_values("language")).sum().to_numpy()
    return float(by_language.sum() ** 2 / (by_language**2).sum()) if by_language.any() else 0.0


def widened(runs: Moments, without: Mapping[str, RunLevel], contrast: CountContrast, effective: Array) -> Moments:
    """Moments with the language jackknife's variance added; `without`: the same numbers less one language each."""
    left_out = np.array([one.contrast(contrast).estimate for one in without.values()])
    parts = np.array([runs.std_error**2, jackknife(left_out)])
    # The smaller df of the two parts, so that the wider scope never has the narrower interval (a
    # Satterthwaite df of the sum can exceed both).
    df = np.minimum(runs.df, np.maximum(effective - 1, LEAST_DF))
    method = f"{runs.method} + language jackknife"
    return replace(runs, std_error=np.sqrt(parts.sum(axis=0)), df=df, method=method)
