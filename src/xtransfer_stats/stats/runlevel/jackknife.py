"""Scope "such languages": the runs' variance plus a language jackknife, jointly over tasks and benchmarks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import CountContrast, headline
from xtransfer_stats.stats.core.inference import Array, Moments, satterthwaite_df
from xtransfer_stats.stats.core.rows import Row, label, moment_rows
from xtransfer_stats.stats.core.termtable import SUCH
from xtransfer_stats.stats.core.weights import Benchmark, without_language
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers

LEAST_DF = 0.5  # where one language carries nearly all the weight
FEWEST = 5  # seeds from which the df of the sum are Satterthwaite's


@dataclass(frozen=True)
class SuchLanguages:
    """without: the headline's numbers less one language each. effective: number of languages of each, (n,)."""

    without: Mapping[str, RunLevel]
    effective: Array

    def moments(self, model: RunLevel, contrast: CountContrast) -> Moments:
        """A contrast for languages like these; model: numbers are those of the headline."""
        return widened(model.contrast(contrast), self.without, contrast, self.effective)

    def note(self, i: int) -> str:
        """How many languages the i-th number rests on, in words."""
        return f"effective number of languages {self.effective[i]:.1f} of {len(self.without)}"


def such_languages(complete: CompleteScores) -> SuchLanguages | None:
    """What the scope takes of a study; None where fewer than two languages may go."""
    benchmarks, cells = complete.benchmarks, complete.cells
    without = {name: run_numbers(complete, three) for name, three in each_left_out(benchmarks, cells).items()}
    effective = [effective_languages(one.weights, cells) for one in headline(benchmarks, cells)]
    return SuchLanguages(without, np.array(effective)) if len(without) > 1 else None


def such_language_rows(complete: CompleteScores, model: RunLevel, such: SuchLanguages, alpha: float) -> list[Row]:
    """Effects and interactions for languages like these; model: numbers are those of the headline."""
    estimands, rows = headline(complete.benchmarks, complete.cells), []
    for contrast in complete.design.effects:
        labels = [label(one, contrast, SUCH) for one in estimands]
        for i, row in enumerate(labels):
            row |= {"family": "", "note": such.note(i)}
        rows += moment_rows(such.moments(model, contrast), labels, alpha)
    return rows


def each_left_out(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> dict[str, Array]:
    """Language -> weights (cells, n) of the headline's numbers without it.

    A language whose loss would leave a benchmark empty is not among them.
    """
    weights = {}
    for language in sorted(cells.get_level_values("language").unique()):
        less = {name: without_language(part, language) for name, part in benchmarks.items()}
        three = np.array([one.weights for one in headline(less, cells)]).T
        if three[:, : len(benchmarks)].any(axis=0).all():
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
    seeds = min(len(one.seeds) for one in without.values())
    df = such_df(parts, np.array([runs.df, np.maximum(effective - 1, LEAST_DF)]), seeds)
    method = f"{runs.method} + language jackknife"
    return replace(runs, std_error=np.sqrt(parts.sum(axis=0)), df=df, method=method)


def such_df(parts: Array, dfs: Array, seeds: int) -> Array:
    """df of the runs' variance and the jackknife's together: parts and dfs (2, n).

    Satterthwaite's from FEWEST seeds, the smaller of the two below: on so few df a variance that came out small by
    chance would both narrow the interval and let the other part's df in (docs/calibration.md, scope such). They can
    exceed both; where that made the wider scope's 95 % interval the narrower one, the runs' df stand.
    """
    if seeds < FEWEST:
        return dfs.min(axis=0)
    df = satterthwaite_df(parts, dfs)
    widths = [stats.t.ppf(0.975, n) * np.sqrt(part) for n, part in ((df, parts.sum(axis=0)), (dfs[0], parts[0]))]
    return np.where(widths[0] < widths[1], dfs[0], df)
