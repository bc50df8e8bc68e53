"""The mean over several studies in sentences: its answer, what it holds for, how it was made."""

from collections.abc import Sequence

import pandas as pd

from xtransfer_stats.base.formats import number, p_value, percent, points, related, tasks
from xtransfer_stats.stats.comparison.several.ground import Ground
from xtransfer_stats.stats.core.inference import FAMILIES
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION

FEW = 5  # studies below which their spread is little more than a guess


def answer(mean: pd.DataFrame, spread: pd.DataFrame, names: Sequence[str], factor: str, alpha: float) -> str:
    """The mean effects, the mean interaction and how sure it is, and how much studies differ in it."""
    effects, gaps = (mean[mean["term"] == term] for term in (EFFECT, INTERACTION))
    on = "; ".join(f"{points(row)} on {row['benchmark']} at {tasks(row['n_tasks'])}" for _, row in effects.iterrows())
    gained = f"Over {factor} such as these {len(names)}, intermediate training adds in points: {on}."
    sizes = "; ".join(f"{points(row)} at {tasks(row['n_tasks'])}" for _, row in gaps.iterrows())
    p = gaps["p_adjusted"]
    sure = ", ".join(tasks(count) for count in gaps.loc[p <= alpha, "n_tasks"])
    verdict = f"told from zero at {sure}" if sure else "not told from zero"
    least = f"; smallest corrected p {related(p_value(p.min()))}" if p.notna().any() else ""
    return f"{gained} The interaction is {sizes} ({verdict}{least}). {_apart(spread, factor)}"


def _apart(spread: pd.DataFrame, factor: str) -> str:
    rows = spread[spread["term"] == INTERACTION]
    each = [
        f"sd {number(row.tau)} [{number(row.tau_low)}, {number(row.tau_high)}] at {tasks(row.n_tasks)} "
        f"({percent(row.share)} of a {factor[:-1]}'s variance, p {related(p_value(row.p_value))} of no difference)"
        for row in rows.itertuples()
    ]
    return f"In the interaction {factor} differ by {'; '.join(each)}." if each else ""


def notes(shared: Ground, names: Sequence[str], factor: str, *, crossed: bool, independent: bool) -> list[str]:
    """Scope, method, what the number of studies can show, corrections."""
    k, seeds = len(names), ", ".join(map(str, shared.seeds))
    if crossed:
        how = (
            f"Every one of the {k} {factor} ran seeds {seeds} on the same task sets: crossed, error by mean squares of "
            f"{factor} and seeds."
        )
    else:
        why = "as asked" if independent else "they do not share two seeds with the same task sets"
        how = (
            f"Taken as independent ({why}): random effects (Paule-Mandel) with the interval of Hartung and Knapp on "
            f"{k - 1} df."
        )
    holds = (
        f"The mean holds for {factor} such as these {k}, drawn as these were; each study's own row for itself alone."
    )
    few = f"With {k} {factor} their spread is little more than a guess: see its interval." if k < FEW else ""
    corrected = (
        f"Corrected p of the mean: {FAMILIES['primary'].called} over effects and interactions, "
        f"{FAMILIES['target tasks'].called} over target tasks."
    )
    return [note for note in (how, holds, few, corrected) if note]
