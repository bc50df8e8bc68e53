"""A comparison in sentences: its answer, how it was made, what it left out, what it can show at best."""

import numpy as np
import pandas as pd

from xtransfer_stats.base.formats import points, tasks
from xtransfer_stats.stats.comparison.common import Common
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE
from xtransfer_stats.stats.comparison.pairing import Pairing, paired_chains
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.inference import FAMILIES
from xtransfer_stats.stats.core.signflip import seeds_needed, smallest_sign_flip_p
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION
from xtransfer_stats.stats.core.validate import catalogue_notes

INCOMPLETE = "Crossed design with runs missing: B less A has a fit of its own, and may differ from B's fit less A's."


def answer(results: pd.DataFrame, names: tuple[str, str], how: str, alpha: float) -> str:
    """A verdict, the differences of the effects behind it, and those of the interaction, a sentence each.

    names: of A and B. how: "paired by seed" or "taken as independent".
    """
    differences = results[results["side"] == DIFFERENCE]
    effects, gaps = (differences[differences["term"] == term] for term in (EFFECT, INTERACTION))
    return f"{_verdict(effects, names, alpha)} {_differences(effects, names, how)} {_gaps(gaps, alpha)}"


def _verdict(effects: pd.DataFrame, names: tuple[str, str], alpha: float) -> str:
    a, b = names
    if effects["p_adjusted"].isna().all():
        return (
            f"Whether {b} gains more from the intermediate tasks than {a} cannot be said: no difference has an error."
        )
    sure = effects[effects["p_adjusted"] <= alpha]
    more, less = sure[sure["estimate"] > 0], sure[sure["estimate"] < 0]
    if sure.empty:
        least = f"smallest corrected p = {effects['p_adjusted'].min():.2g}"
        return f"It is not shown that {b} gains more or less from the intermediate tasks than {a} ({least})."
    parts = [f"{word} {_places(part)}" for word, part in (("more", more), ("less", less)) if len(part)]
    return f"{b} gains {' and '.join(parts)} from the intermediate tasks than {a}."


def _places(sure: pd.DataFrame) -> str:
    places = [f"on {row['benchmark']} at {tasks(row['n_tasks'])}" for _, row in sure.iterrows()]
    return f"({', '.join(places)}; corrected p at most {sure['p_adjusted'].max():.2g})"


def _differences(effects: pd.DataFrame, names: tuple[str, str], how: str) -> str:
    listed = [f"{points(row)} on {row['benchmark']} at {tasks(row['n_tasks'])}" for _, row in effects.iterrows()]
    a, b = names
    return f"Effect in {b} less effect in {a}, {how}, in points: {'; '.join(listed)}."


def _gaps(gaps: pd.DataFrame, alpha: float) -> str:
    listed = [f"{points(row)} at {tasks(row['n_tasks'])}" for _, row in gaps.iterrows()]
    p = gaps["p_adjusted"]
    sure = ", ".join(tasks(count) for count in gaps.loc[p <= alpha, "n_tasks"])
    verdict = f"told from zero at {sure}" if sure else "not told from zero"
    known = f" ({verdict}; smallest corrected p = {p.min():.2g})" if p.notna().any() else ""
    return f"The interaction differs by {'; '.join(listed)}{known}."


def comparison_notes(
    shared: Common, how: Pairing, results: pd.DataFrame, seeds: tuple[int, ...], alpha: float
) -> tuple[str, ...]:
    """Pairing, shared chains, attainability, corrections, and what was left out by name."""
    notes = [how.sentence, *how.notes]
    notes += _same_runs(shared)
    tests = int(((results["family"] == "primary") & results["p_value"].notna()).sum())
    layouts = {shared.a.design.layout, shared.b.design.layout}
    if how.paired and layouts == {Layout.NESTED} and len(seeds) > 1:
        least, needed = smallest_sign_flip_p(len(seeds)), seeds_needed(alpha, max(tests, 1))
        notes.append(
            f"With {len(seeds)} pairs the smallest attainable sign-flip p is {least:.3g}; Holm over {tests} "
            f"differences at {alpha:g} needs {needed} seeds. Smaller p-values rest on the normal distribution of the "
            "seeds' differences."
        )
    if Layout.INCOMPLETE in layouts:
        notes.append(INCOMPLETE)
    notes.append(
        f"Corrected p: {FAMILIES['primary'].called} over {tests} differences of effects and interactions; "
        f"{FAMILIES['languages'].called} over target tasks and over languages within them, "
        "which are exploratory, each with its own variance."
    )
    older = [
        f"{side}: {note}" for side, one in (("A", shared.a), ("B", shared.b)) for note in catalogue_notes(one.frame)
    ]
    return (*notes, *shared.notes, *older)


def _same_runs(shared: Common) -> list[str]:
    """A sentence where the studies hold the same scores at a count, as two variants share their baseline."""
    a, b = paired_chains(shared.a.chains, shared.b.chains)
    equal = (a.scores == b.scores).all(axis=1)
    counts = a.runs["n_tasks"].to_numpy()[equal]
    return [
        f"{n} run{'s' if n > 1 else ''} at task count {count} have the same scores in both studies: shared, "
        "not run twice."
        for count, n in zip(*np.unique(counts, return_counts=True), strict=True)
    ]
