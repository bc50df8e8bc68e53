"""What single runs, seeds, languages and target tasks do to the interaction: the analysis again without each."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError, XstatsError
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import CountContrast, headline, leave_one_task_out
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.results import INFLUENCE_COLUMNS
from xtransfer_stats.stats.core.runs import averaged_replicates
from xtransfer_stats.stats.runlevel.jackknife import each_left_out
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers

MOST_NAMED = 3
Left = tuple[str, list[str], RunLevel]  # kind, levels, the model of the interaction without each, a number a level
# A count without runs of its own leaves an empty mean, and Kenward and Roger's moments may pass a pole.


@np.errstate(invalid="ignore", divide="ignore")
def influence(complete: CompleteScores, alpha: float) -> pd.DataFrame:
    """One row a level left out and task count: change of the interaction in points and in standard errors.

    Only run-level analyses are repeated. A run has rows at its own count (baselines: at all). A count that the rest
    cannot estimate has no row.
    """
    gap = headline(complete.benchmarks, complete.cells)[-1].weights
    model, others = run_numbers(complete, gap[:, None]), _bystanders(complete)
    whole = {contrast: model.contrast(contrast) for contrast in complete.design.effects}
    rows = [row for left in _all(complete, gap) for row in _rows(whole, left, others, alpha)]
    return pd.DataFrame(rows, columns=list(INFLUENCE_COLUMNS))


def _all(complete: CompleteScores, gap: Array) -> Iterator[Left]:
    """The model of the interaction without each run, seed, language and target task."""
    runs = complete.table.runs
    for run in runs.index:
        yield from _less(complete, gap, "run", str(run), runs.index != run)
    for seed in complete.design.seeds:
        yield from _less(complete, gap, "seed", str(seed), (runs["seed"] != seed).to_numpy())
    languages = each_left_out(complete.benchmarks, complete.cells)
    if languages:
        gaps = np.array([weights[:, -1] for weights in languages.values()])
        yield "language", list(languages), run_numbers(complete, gaps.T)
    primary = headline(complete.benchmarks, complete.cells)[-1].benchmark
    left_out = leave_one_task_out(complete.benchmarks, complete.cells)
    tasks = [one for one in left_out if one.benchmark == primary]
    if tasks:
        gaps = np.array([one.weights for one in tasks])
        yield "target task", [one.target_task for one in tasks], run_numbers(complete, gaps.T)


def _less(complete: CompleteScores, gap: Array, kind: str, level: str, keep: NDArray[np.bool_]) -> Iterator[Left]:
    chains = averaged_replicates(complete.table.keep_runs(keep))
    design = complete.design.of(chains.runs)
    if 0 not in set(chains.runs["n_tasks"]) or not design.counts:
        return
    # Sets that fewer seeds met are no other design: only the layout may change, to one with holes.
    kept = replace(design, shared=complete.design.shared)
    try:
        yield kind, [level], RunLevel(chains.runs, kept, (chains.scores @ gap)[:, None])
    except FitError:  # what is left may be no study: of two crossed seeds' baselines one
        return


def _bystanders(complete: CompleteScores) -> Mapping[int, frozenset[str]]:
    """Task count -> the runs of other counts, which have no part in its estimate."""
    counts = complete.table.runs["n_tasks"]
    return {k: frozenset(map(str, counts.index[~counts.isin((0, k))])) for k in complete.design.counts}


def _rows(
    whole: Mapping[CountContrast, Moments], left: Left, bystanders: Mapping[int, frozenset[str]], alpha: float
) -> Iterator[dict[str, Any]]:
    kind, levels, model = left
    known = [one for one in whole if levels[0] not in bystanders.get(one.high, ())]
    pairs = [(one, less) for one in known if (less := _contrast(model, one)) is not None]
    told = [(one, less, less.p_value(), _turned(whole[one], less, alpha)) for one, less in pairs]
    for i, level in enumerate(levels):
        for contrast, less, p, turned in told:
            with_it = whole[contrast]
            change, error = float(less.estimate[i] - with_it.estimate[0]), float(with_it.std_error[0])
            if not np.isnan(change):
                yield {
                    "kind": kind,
                    "level": level,
                    "n_tasks": contrast.high,
                    "estimate": float(less.estimate[i]),
                    "change": change,
                    "change_in_se": change / error if error > 0 else float("nan"),
                    "std_error": float(less.std_error[i]),
                    "p_value": float(p[i]),
                    "changes_verdict": bool(turned[i]),
                }


def _contrast(model: RunLevel, contrast: CountContrast) -> Moments | None:
    """None where what is left allows no estimate at a count, as its only run is out."""
    try:
        return model.contrast(contrast)
    except (XstatsError, KeyError, ZeroDivisionError):
        return None


def _turned(with_it: Moments, without: Moments, alpha: float) -> NDArray[np.bool_]:
    """Whether the verdicts (told below zero, above zero, or neither) of two known p-values differ, for each number."""
    before, after = (np.sign(one.estimate) * (one.p_value() <= alpha) for one in (with_it, without))
    return np.isfinite(with_it.p_value()) & np.isfinite(without.p_value()) & (before != after)


def influence_notes(rows: pd.DataFrame, names: Mapping[int, str]) -> list[str]:
    """A sentence for each kind whose single level moves the result by more than a standard error or its verdict.

    names: condition -> the result's name. Target tasks have their own sentence (stats.sentences): they are told here
    only when a verdict changes. A run whose seed has no other at a count goes with its seed, which alone is told.
    """
    rows = rows[~((rows["kind"] == "run") & _with_its_seed(rows))]
    moved = (rows["change_in_se"].abs() > 1) & (rows["kind"] != "target task")
    loud = rows[moved | rows["changes_verdict"].astype(bool)]
    return [
        _sentence(kind, names[count], part) for (kind, count), part in loud.groupby(["kind", "n_tasks"], sort=False)
    ]


def _with_its_seed(rows: pd.DataFrame) -> pd.Series:
    """Rows whose estimate is that without some whole seed."""
    key = list(zip(rows["n_tasks"], rows["estimate"].round(9), strict=True))
    seeds = {one for one, kind in zip(key, rows["kind"], strict=True) if kind == "seed"}
    return pd.Series([one in seeds for one in key], index=rows.index, dtype=bool)


def _sentence(kind: str, name: str, part: pd.DataFrame) -> str:
    most = part.loc[part["change"].abs().idxmax()]
    size = "" if np.isnan(most["change_in_se"]) else f" ({abs(most['change_in_se']):.1f} standard errors)"
    turned = part[part["changes_verdict"].astype(bool)]["level"]
    named = f"{', '.join(turned[:MOST_NAMED])}{' and others' if len(turned) > MOST_NAMED else ''}"
    verdict = f"; its uncorrected verdict changes without {named}" if len(turned) else ""
    return (
        f"Without the {kind} {most['level']} {name} moves by {most['change']:+.2f} points{size}, "
        f"to {most['estimate']:+.2f}{verdict}."
    )
