"""Are the models' assumptions met? Residuals of the cell-level model, and whether what should be normal is."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import scipy  # its parts are loaded when they are first used

from xtransfer_stats.base.formats import agreeing
from xtransfer_stats.stats.celllevel.cellmodel import CellModel
from xtransfer_stats.stats.celllevel.effects import fitted_scores, predicted_effects
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import headline
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.results import NORMALITY_COLUMNS, QQ_COLUMNS, RESIDUAL_COLUMNS
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

LEAST = 3  # fewer values have no shape
SIMULATED = 2000
FEW = 20
MOST_LEVELS = 60  # terms with more levels are drawn by this many quantiles
CAVEAT = "few levels: only a gross departure would be seen"
SHRUNKEN = "predicted effects, drawn towards zero and so towards the normal"

Sample = tuple[str, Array, str]  # name, values, note
FAR = 4.0  # residual sds; one of 16,000 normal residuals lies beyond


def samples_of(complete: CompleteScores, model: CellModel | None) -> list[Sample]:
    """Seed differences of the interaction at each count, and the predicted effects of every term that varies."""
    return [*_run_level(complete), *(_terms(model) if model is not None else ())]


def _run_level(complete: CompleteScores) -> Iterator[Sample]:
    primary = headline(complete.benchmarks, complete.cells)[-1]
    numbers = run_numbers(complete, primary.weights[:, None])
    for contrast in complete.design.effects:
        values = numbers.differences(contrast)[:, 0]
        if len(values) >= LEAST and np.ptp(values) > 0:
            yield f"seeds: {primary.wording.of(contrast)}", values, ""


def _terms(model: CellModel) -> Iterator[Sample]:
    for name, values in predicted_effects(model):
        if len(values) >= LEAST and np.ptp(values) > 0:
            yield name, values, SHRUNKEN


def qq(samples: list[Sample], seed: int) -> pd.DataFrame:
    """Ordered standardised values, the normal's quantiles, and each point's 95 % envelope by simulation.

    Values are centred and scaled by their own mean and sd, as are the normal samples behind the envelope, which
    so holds at any number of levels; it is for single points: of twenty points one lies outside by chance.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 11]))
    parts = [_one(name, values, rng) for name, values, _ in samples if len(values) >= LEAST]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(QQ_COLUMNS))


def _one(name: str, values: Array, rng: np.random.Generator) -> pd.DataFrame:
    n = len(values)
    low, high = np.quantile(_standardised(np.sort(rng.standard_normal((SIMULATED, n)), axis=1)), [0.025, 0.975], axis=0)
    rows = pd.DataFrame(
        {
            "panel": name,
            "level": np.arange(1, n + 1),
            "theoretical": scipy.stats.norm.ppf((np.arange(1, n + 1) - 0.5) / n),
            "observed": _standardised(np.sort(values)[None])[0],
            "low": low,
            "high": high,
        }
    )
    return rows.iloc[np.unique(np.linspace(0, n - 1, min(n, MOST_LEVELS)).round().astype(int))]


def _standardised(ordered: Array) -> Array:
    centred = ordered - ordered.mean(axis=1, keepdims=True)
    return np.asarray(centred / centred.std(axis=1, ddof=1, keepdims=True))


def normality(samples: list[Sample], points: pd.DataFrame) -> pd.DataFrame:
    """Shapiro-Wilk of each panel, the points outside its envelope, and what that can tell."""
    outside = points.assign(out=(points["observed"] < points["low"]) | (points["observed"] > points["high"]))
    counts = outside.groupby("panel")["out"].sum()
    rows = [_row(name, values, note, int(counts[name])) for name, values, note in samples if len(values) >= LEAST]
    return pd.DataFrame(rows, columns=list(NORMALITY_COLUMNS))


def _row(name: str, values: Array, note: str, outside: int) -> dict[str, Any]:
    test = scipy.stats.shapiro(values)
    notes = [note, CAVEAT if len(values) < FEW else ""]
    return {
        "panel": name,
        "levels": len(values),
        "statistic": float(test.statistic),
        "p_value": float(test.pvalue),
        "outside": outside,
        "note": "; ".join(part for part in notes if part),
    }


def residuals(model: CellModel | None) -> pd.DataFrame:
    """One row a run and cell; standardised by the residual sd of its target task. Empty without a model."""
    if model is None:
        return pd.DataFrame(columns=list(RESIDUAL_COLUMNS))
    fit, data = model.fit, model.fit.data
    fitted = fitted_scores(fit)
    left = data.table.scores - fitted
    runs, cells = left.shape
    columns = {
        "run": np.repeat(data.table.runs.index.to_numpy(), cells),
        "target_task": np.tile(data.cells.get_level_values("target_task").to_numpy(), runs),
        "language": np.tile(data.cells.get_level_values("language").to_numpy(), runs),
        "fitted": fitted.ravel(),
        "residual": left.ravel(),
        "standardised": (left / np.sqrt(fit.residual)[data.task]).ravel(),
    }
    return pd.DataFrame(columns)


def by_task(rows: pd.DataFrame) -> pd.DataFrame:
    """target_task, n, sd (points), largest (standardised, absolute), beyond_two (share; 0.046 if normal)."""
    groups = rows.assign(size=rows["standardised"].abs()).groupby("target_task")
    return pd.DataFrame(
        {
            "n": groups.size(),
            "sd": groups["residual"].std(),
            "largest": groups["size"].max(),
            "beyond_two": groups["size"].apply(lambda size: float((size > 2).mean())),
        }
    ).reset_index()


def outliers(rows: pd.DataFrame) -> pd.DataFrame:
    """The residuals beyond FAR standard deviations, the farthest first."""
    far = rows[rows["standardised"].abs() > FAR]
    return far.sort_values("standardised", key=np.abs, ascending=False, kind="stable")


def outlier_notes(rows: pd.DataFrame, unit: str = "points") -> list[str]:
    """A sentence that names the farthest residual, if any is far."""
    far = outliers(rows)
    if far.empty:
        return []
    first = far.iloc[0]
    where = f"{first['target_task']} in {first['language']}, run {first['run']}"
    said = agreeing(len(far), "cell", "lie")
    return [
        f"{said} more than {FAR:g} residual standard deviations from the cell-level model's fit; "
        f"the farthest is {where} ({first['residual']:+.2f} {unit})."
    ]
