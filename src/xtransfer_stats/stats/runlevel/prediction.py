"""Where the next seed, and the next language, would land: prediction intervals beside those of the mean.

A confidence interval says where the mean over seeds lies; a single new seed with new task sets varies about it. The
error of a prediction has both: that of the mean, and the spread of single seeds (or languages).
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import CountContrast, Estimand, headline
from xtransfer_stats.stats.core.inference import Array, Moments, satterthwaite_df, variance
from xtransfer_stats.stats.core.rows import Row, joined, label, moment_rows
from xtransfer_stats.stats.core.termtable import PREDICTION, SUCH, THESE
from xtransfer_stats.stats.core.weights import restricted
from xtransfer_stats.stats.runlevel.jackknife import SuchLanguages
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers

NEXT = {THESE: "next seed", SUCH: "next language"}
MEANING = {
    THESE: "where the next seed{} would land, not where the mean lies",
    SUCH: "where the next language would land, not where the mean of languages lies",
}
LEAST_LANGUAGES = 3


def prediction_rows(complete: CompleteScores, model: RunLevel, such: SuchLanguages | None, alpha: float) -> list[Row]:
    """A row a benchmark and interaction, count and scope; none where the design gives no spread of single seeds.

    model: numbers are those of the headline.
    """
    estimands, rows = headline(complete.benchmarks, complete.cells), []
    conditions = complete.design.conditions
    drawn = f", with {conditions.draw}s of its own," if conditions.counted or conditions.drawn else ""
    own = [_own(complete, one) for one in estimands] if such else []
    for contrast in complete.design.effects:
        seed = model.next_seed(contrast)
        rows += _rows(seed, _labels(estimands, contrast, THESE, drawn), alpha) if seed is not None else []
        rows += _next_languages(such, model, estimands, own, contrast, alpha) if such else []
    return rows


def _next_languages(
    such: SuchLanguages,
    model: RunLevel,
    estimands: list[Estimand],
    own: list[RunLevel | None],
    contrast: CountContrast,
    alpha: float,
) -> list[Row]:
    mean, rows = such.moments(model, contrast), []
    for i, (named, languages) in enumerate(zip(_labels(estimands, contrast, SUCH), own, strict=True)):
        if languages is not None:
            named["note"] = joined(named["note"], such.note(i))
            rows += _rows(next_language(_only(mean, i), languages, contrast), [named], alpha)
    return rows


def next_language(mean: Moments, own: RunLevel, contrast: CountContrast) -> Moments:
    """Of one number: the mean's variance for languages such as these, and that between languages' own contrasts."""
    apart = own.contrast(contrast).estimate[:, None]
    parts, dfs = np.array([mean.std_error**2, variance(apart)]), np.array([mean.df, [len(apart) - 1.0]])
    return replace(mean, std_error=np.sqrt(parts.sum(axis=0)), df=satterthwaite_df(parts, dfs))


def _only(moments: Moments, i: int) -> Moments:
    at = slice(i, i + 1)
    return replace(moments, estimate=moments.estimate[at], std_error=moments.std_error[at], df=moments.df[at])


def _own(complete: CompleteScores, one: Estimand) -> RunLevel | None:
    """Every language's deviation from its target tasks' means, in a benchmark or of one less another; None for few."""
    parts = list(one.averages) or [one.benchmark]
    found = [_deviations(complete, name) for name in parts]
    shared = sorted(set.intersection(*(set(each) for each in found)))
    if len(shared) < LEAST_LANGUAGES:
        return None
    weights = [found[-1][name] - (found[0][name] if len(found) > 1 else 0.0) for name in shared]
    return run_numbers(complete, np.array(weights).T)


def _deviations(complete: CompleteScores, benchmark: str) -> Mapping[str, Array]:
    """Language -> weights (cells,) of its scores less their target tasks' means, averaged over its tasks."""
    part = restricted(complete.benchmarks[benchmark], complete.cells)
    place = {cell: i for i, cell in enumerate(complete.cells)}
    found: dict[str, list[Array]] = {}
    for task, names in part.items():
        mean = np.zeros(len(place))
        mean[[place[task, name] for name in names]] = 1 / len(names)
        for name in names:
            own = -mean
            own[place[task, name]] += 1
            found.setdefault(name, []).append(own)
    return {name: np.mean(each, axis=0) for name, each in found.items()}


def _labels(estimands: list[Estimand], contrast: CountContrast, scope: str, own: str = "") -> list[Row]:
    """own: what the next seed brings of its own, in words."""
    labels = [label(one, contrast, scope) | {"term": PREDICTION, "family": ""} for one in estimands]
    for one in labels:
        one |= {
            "contrast": f"{one['contrast']}, {NEXT[scope]}",
            "note": joined(MEANING[scope].format(own), one["note"]),
        }
    return labels


def _rows(moments: Moments, labels: list[Row], alpha: float) -> list[Row]:
    return [{**row, "statistic": np.nan, "p_value": np.nan} for row in moment_rows(moments, labels, alpha)]
