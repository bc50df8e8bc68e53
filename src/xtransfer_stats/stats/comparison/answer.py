"""Does B gain more from the intermediate tasks than A? Written from the result frame alone."""

import pandas as pd

from xtransfer_stats.base.formats import points, tasks
from xtransfer_stats.stats.comparison.rows import DIFFERENCE
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION


def answer(results: pd.DataFrame, names: tuple[str, str], how: str, alpha: float) -> str:
    """A verdict, the differences of the effects behind it, and those of the interaction, a sentence each.

    names: of A and B. how: "paired by seed" or "taken as independent".
    """
    differences = results[results["side"] == DIFFERENCE]
    effects, gaps = (differences[differences["term"] == term] for term in (EFFECT, INTERACTION))
    return f"{_verdict(effects, names, alpha)} {_differences(effects, names, how)} {_gaps(gaps, alpha)}"


def _verdict(found: pd.DataFrame, names: tuple[str, str], alpha: float) -> str:
    a, b = names
    if found["p_adjusted"].isna().all():
        return (
            f"Whether {b} gains more from the intermediate tasks than {a} cannot be said: no difference has an error."
        )
    sure = found[found["p_adjusted"] <= alpha]
    more, less = sure[sure["estimate"] > 0], sure[sure["estimate"] < 0]
    if sure.empty:
        least = f"smallest corrected p = {found['p_adjusted'].min():.2g}"
        return f"It is not shown that {b} gains more or less from the intermediate tasks than {a} ({least})."
    parts = [f"{word} {_places(part)}" for word, part in (("more", more), ("less", less)) if len(part)]
    return f"{b} gains {' and '.join(parts)} from the intermediate tasks than {a}."


def _places(sure: pd.DataFrame) -> str:
    told = [f"on {row['benchmark']} at {tasks(row['n_tasks'])}" for _, row in sure.iterrows()]
    return f"({', '.join(told)}; corrected p at most {sure['p_adjusted'].max():.2g})"


def _differences(found: pd.DataFrame, names: tuple[str, str], how: str) -> str:
    told = [f"{points(row)} on {row['benchmark']} at {tasks(row['n_tasks'])}" for _, row in found.iterrows()]
    a, b = names
    return f"Effect in {b} less effect in {a}, {how}, in points: {'; '.join(told)}."


def _gaps(found: pd.DataFrame, alpha: float) -> str:
    told = [f"{points(row)} at {tasks(row['n_tasks'])}" for _, row in found.iterrows()]
    p = found["p_adjusted"]
    sure = ", ".join(tasks(count) for count in found.loc[p <= alpha, "n_tasks"])
    verdict = f"told from zero at {sure}" if sure else "not told from zero"
    known = f" ({verdict}; smallest corrected p = {p.min():.2g})" if p.notna().any() else ""
    return f"The interaction differs by {'; '.join(told)}{known}."
