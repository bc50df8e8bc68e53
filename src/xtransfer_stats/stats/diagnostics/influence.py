"""What single runs, seeds, languages and target tasks do to the interaction: the analysis again without each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError, XstatsError
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import CountContrast, Wording, primaries, without_task
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.results import INFLUENCE_COLUMNS, OF_PAIR
from xtransfer_stats.stats.core.runs import averaged_replicates
from xtransfer_stats.stats.runlevel.jackknife import each_left_out
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers

MOST_NAMED = 3
Of = tuple[str, int]  # the level left out, and the place of the result it is left out of
Left = tuple[str, list[Of], RunLevel]  # kind, levels, the model of the results without each, a number each
# A count without runs of its own leaves an empty mean, and Kenward and Roger's moments may pass a pole.


@np.errstate(invalid="ignore", divide="ignore")
def influence(complete: CompleteScores, alpha: float) -> pd.DataFrame:
    """One row a level left out and condition: change of the interaction, in the scores' unit and in standard errors.

    Of one benchmark the change is that of its effect; of three and more there is a row an interaction, which column
    OF_PAIR names. Only run-level analyses are repeated. A run has rows at its own condition (baselines: at all). A
    condition that the rest cannot estimate has no row.
    """
    results = primaries(complete.benchmarks, complete.cells)
    weights = np.array([one.weights for one in results]).T
    model, others = run_numbers(complete, weights), _bystanders(complete)
    whole = {contrast: model.contrast(contrast) for contrast in complete.design.effects}
    several = [one.wording for one in results] if len(results) > 1 else []
    rows = [row for left in _all(complete, weights) for row in _rows(whole, left, others, several, alpha)]
    return pd.DataFrame(rows, columns=[*INFLUENCE_COLUMNS, *([OF_PAIR] if several else [])])


def _all(complete: CompleteScores, weights: Array) -> Iterator[Left]:
    """The model of the results without each run, seed, language and target task."""
    runs, benchmarks, cells = complete.table.runs, complete.benchmarks, complete.cells
    for run in runs.index:
        yield from _less(complete, weights, "run", str(run), runs.index != run)
    for seed in complete.design.seeds:
        yield from _less(complete, weights, "seed", str(seed), (runs["seed"] != seed).to_numpy())
    languages = each_left_out(benchmarks, cells)
    many = weights.shape[1]
    if languages:
        numbers = np.hstack([every[:, -many:] for every in languages.values()])
        yield "language", [(name, i) for name in languages for i in range(many)], run_numbers(complete, numbers)
    tasks = [
        ((task, i), one.weights)
        for task, left in without_task(benchmarks, cells).items()
        for i, one in enumerate(left)
        if one is not None
    ]
    if tasks:
        yield "target task", [of for of, _ in tasks], run_numbers(complete, np.array([own for _, own in tasks]).T)


def _less(complete: CompleteScores, weights: Array, kind: str, level: str, keep: NDArray[np.bool_]) -> Iterator[Left]:
    chains = averaged_replicates(complete.table.keep_runs(keep))
    design = complete.design.of(chains.runs)
    if 0 not in set(chains.runs["n_tasks"]) or not design.counts:
        return
    # Sets that fewer seeds met are no other design: only the layout may change, to one with holes.
    kept = replace(design, shared=complete.design.shared)
    try:
        yield kind, [(level, i) for i in range(weights.shape[1])], RunLevel(chains.runs, kept, chains.scores @ weights)
    except FitError:  # what is left may be no study: of two crossed seeds' baselines one
        return


def _bystanders(complete: CompleteScores) -> Mapping[int, frozenset[str]]:
    """Task count -> the runs of other counts, which have no part in its estimate."""
    counts = complete.table.runs["n_tasks"]
    return {k: frozenset(map(str, counts.index[~counts.isin((0, k))])) for k in complete.design.counts}


def _rows(
    whole: Mapping[CountContrast, Moments],
    left: Left,
    bystanders: Mapping[int, frozenset[str]],
    several: Sequence[Wording],
    alpha: float,
) -> Iterator[dict[str, Any]]:
    kind, levels, model = left
    known = [one for one in whole if levels[0][0] not in bystanders.get(one.high, ())]
    pairs = [(one, less) for one in known if (less := _contrast(model, one)) is not None]
    of = [i for _, i in levels]
    told = [(one, less, less.p_value(), _turned(whole[one], of, less, alpha)) for one, less in pairs]
    for i, (level, place) in enumerate(levels):
        for contrast, less, p, turned in told:
            with_it = whole[contrast]
            change, error = float(less.estimate[i] - with_it.estimate[place]), float(with_it.std_error[place])
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
                    **({OF_PAIR: several[place].of(contrast)} if several else {}),
                }


def _contrast(model: RunLevel, contrast: CountContrast) -> Moments | None:
    """None where what is left allows no estimate at a count, as its only run is out."""
    try:
        return model.contrast(contrast)
    except (XstatsError, KeyError, ZeroDivisionError):
        return None


def _turned(with_it: Moments, of: Sequence[int], without: Moments, alpha: float) -> NDArray[np.bool_]:
    """Whether the verdicts (told below zero, above zero, or neither) of two known p-values differ, for each number.

    of: the place in `with_it` of what each number of `without` lacks something of.
    """
    before, after = (np.sign(one.estimate) * (one.p_value() <= alpha) for one in (with_it, without))
    known = np.isfinite(with_it.p_value())[of] & np.isfinite(without.p_value())
    return np.asarray(known & (before[of] != after))


def influence_notes(rows: pd.DataFrame, names: Mapping[int, str], unit: str = "points") -> list[str]:
    """A sentence for each kind whose single level moves the result by more than a standard error or its verdict.

    names: condition -> the result's name; rows of several results say it themselves. Target tasks have their own
    sentence (stats.sentences): they are told here only when a verdict changes. A run whose seed has no other at a count
    goes with its seed, which alone is told.
    """
    rows = rows[~((rows["kind"] == "run") & _with_its_seed(rows))]
    moved = (rows["change_in_se"].abs() > 1) & (rows["kind"] != "target task")
    loud = rows[moved | rows["changes_verdict"].astype(bool)]
    loud = loud.assign(**{OF_PAIR: loud[OF_PAIR] if OF_PAIR in loud else loud["n_tasks"].map(names)})
    parts = loud.groupby(["kind", "n_tasks", OF_PAIR], sort=False)
    return [_sentence(kind, name, part, unit) for (kind, _, name), part in parts]


def _with_its_seed(rows: pd.DataFrame) -> pd.Series:
    """Rows whose estimate is that without some whole seed."""
    of = rows[OF_PAIR] if OF_PAIR in rows else rows["kind"].map(lambda kind: "")
    key = list(zip(of, rows["n_tasks"], rows["estimate"].round(9), strict=True))
    seeds = {one for one, kind in zip(key, rows["kind"], strict=True) if kind == "seed"}
    return pd.Series([one in seeds for one in key], index=rows.index, dtype=bool)


def _sentence(kind: str, name: str, part: pd.DataFrame, unit: str) -> str:
    most = part.loc[part["change"].abs().idxmax()]
    size = "" if np.isnan(most["change_in_se"]) else f" ({abs(most['change_in_se']):.1f} standard errors)"
    turned = part[part["changes_verdict"].astype(bool)]["level"]
    named = f"{', '.join(turned[:MOST_NAMED])}{' and others' if len(turned) > MOST_NAMED else ''}"
    verdict = f"; its uncorrected verdict changes without {named}" if len(turned) else ""
    return (
        f"Without the {kind} {most['level']} {name} moves by {most['change']:+.2f} {unit}{size}, "
        f"to {most['estimate']:+.2f}{verdict}."
    )
