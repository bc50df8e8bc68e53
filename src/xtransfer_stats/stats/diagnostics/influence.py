"""What single runs, seeds, languages and target tasks do to the interaction: the analysis again without each."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError, XstatsError
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import effects, gap_weights, leave_one_task_out
from xtransfer_stats.stats.core.inference import Moments
from xtransfer_stats.stats.core.results import INFLUENCE_COLUMNS
from xtransfer_stats.stats.core.runs import averaged_replicates
from xtransfer_stats.stats.runlevel.jackknife import each_left_out
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers

MOST_NAMED = 3
Left = tuple[str, str, RunLevel]  # kind, level, the model of the interaction without it
# A count without runs of its own leaves an empty mean, and Kenward and Roger's moments may pass a pole.


@np.errstate(invalid="ignore", divide="ignore")
def influence(complete: CompleteScores, alpha: float) -> pd.DataFrame:
    """One row a level left out and task count: change of the interaction in points and in standard errors.

    Only run-level analyses are repeated. A run has rows at its own count (baselines: at all). A count that the rest
    cannot estimate has no row.
    """
    whole = run_numbers(complete, gap_weights(complete.benchmarks, complete.cells)[:, None])
    others = _bystanders(complete)
    rows = [row for left in _all(complete) for row in _rows(whole, left, complete.design.counts, others, alpha)]
    return pd.DataFrame(rows, columns=list(INFLUENCE_COLUMNS))


def _all(complete: CompleteScores) -> Iterator[Left]:
    """The model of the interaction without each run, seed, language and target task."""
    runs = complete.table.runs
    for run in runs.index:
        yield from _less(complete, "run", str(run), runs.index != run)
    for seed in complete.design.seeds:
        yield from _less(complete, "seed", str(seed), (runs["seed"] != seed).to_numpy())
    for language, weights in each_left_out(complete.benchmarks, complete.cells).items():
        yield "language", language, run_numbers(complete, weights[:, 2:])
    for one in leave_one_task_out(complete.benchmarks, complete.cells):
        if not one.benchmark:
            yield "target task", one.target_task, run_numbers(complete, one.weights[:, None])


def _less(complete: CompleteScores, kind: str, level: str, keep: NDArray[np.bool_]) -> Iterator[Left]:
    chains = averaged_replicates(complete.table.keep_runs(keep))
    design = detect(chains.runs, complete.design.catalogue)
    if 0 not in set(chains.runs["n_tasks"]) or not design.counts:
        return
    # Sets that fewer seeds met are no other design: only the layout may change, to one with holes.
    kept = replace(design, shared=complete.design.shared)
    gap = gap_weights(complete.benchmarks, complete.cells)
    try:
        yield kind, level, RunLevel(chains.runs, kept, (chains.scores @ gap)[:, None])
    except FitError:  # what is left may be no study: of two crossed seeds' baselines one
        return


def _bystanders(complete: CompleteScores) -> Mapping[int, frozenset[str]]:
    """Task count -> the runs of other counts, which have no part in its estimate."""
    counts = complete.table.runs["n_tasks"]
    return {k: frozenset(map(str, counts.index[~counts.isin((0, k))])) for k in complete.design.counts}


def _rows(
    whole: RunLevel, left: Left, counts: tuple[int, ...], bystanders: Mapping[int, frozenset[str]], alpha: float
) -> Iterator[dict[str, Any]]:
    kind, level, model = left
    for contrast in (one for one in effects(counts) if level not in bystanders.get(one.high, ())):
        with_it = whole.contrast(contrast)
        # What is left may not allow an estimate at a count (its only run is out): then there is no row.
        try:
            without = model.contrast(contrast)
        except (XstatsError, KeyError, ZeroDivisionError):
            continue
        if np.isnan(without.estimate[0]):
            continue
        change = float(without.estimate[0] - with_it.estimate[0])
        error = float(with_it.std_error[0])
        yield {
            "kind": kind,
            "level": level,
            "n_tasks": contrast.high,
            "estimate": float(without.estimate[0]),
            "change": change,
            "change_in_se": change / error if error > 0 else float("nan"),
            "std_error": float(without.std_error[0]),
            "p_value": float(without.p_value()[0]),
            "changes_verdict": _turned(with_it, without, alpha),
        }


def _turned(with_it: Moments, without: Moments, alpha: float) -> bool:
    """Whether the verdicts (told below zero, above zero, or neither) of two known p-values differ."""
    p = np.array([with_it.p_value()[0], without.p_value()[0]])
    verdicts = np.sign([with_it.estimate[0], without.estimate[0]]) * (p <= alpha)
    return bool(np.isfinite(p).all() and verdicts[0] != verdicts[1])


def influence_notes(rows: pd.DataFrame) -> list[str]:
    """A sentence for each kind whose single level moves the interaction by more than a standard error or its verdict.

    Target tasks have their own sentence (stats.sentences): they are told here only when a verdict changes. A run whose
    seed has no other at a count goes with its seed, which alone is told.
    """
    rows = rows[~((rows["kind"] == "run") & _with_its_seed(rows))]
    moved = (rows["change_in_se"].abs() > 1) & (rows["kind"] != "target task")
    loud = rows[moved | rows["changes_verdict"].astype(bool)]
    return [_sentence(kind, count, part) for (kind, count), part in loud.groupby(["kind", "n_tasks"], sort=False)]


def _with_its_seed(rows: pd.DataFrame) -> pd.Series:
    """Rows whose estimate is that without some whole seed."""
    key = list(zip(rows["n_tasks"], rows["estimate"].round(9), strict=True))
    seeds = {one for one, kind in zip(key, rows["kind"], strict=True) if kind == "seed"}
    return pd.Series([one in seeds for one in key], index=rows.index, dtype=bool)


def _sentence(kind: str, count: int, part: pd.DataFrame) -> str:
    most = part.loc[part["change"].abs().idxmax()]
    size = "" if np.isnan(most["change_in_se"]) else f" ({abs(most['change_in_se']):.1f} standard errors)"
    turned = part[part["changes_verdict"].astype(bool)]["level"]
    named = f"{', '.join(turned[:MOST_NAMED])}{' and others' if len(turned) > MOST_NAMED else ''}"
    verdict = f"; its uncorrected verdict changes without {named}" if len(turned) else ""
    return (
        f"Without the {kind} {most['level']} interaction({count}) moves by {most['change']:+.2f} points{size}, "
        f"to {most['estimate']:+.2f}{verdict}."
    )
