"""Sentences beside a comparison: how it was made, what it left out, what it can show at best."""

import numpy as np
import pandas as pd

from xtransfer_stats.stats.comparison.common import Common
from xtransfer_stats.stats.comparison.pairing import Pairing, paired_chains
from xtransfer_stats.stats.core.adjust import FAMILIES
from xtransfer_stats.stats.core.attain import seeds_needed, smallest_sign_flip_p
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.validate import catalogue_notes

INCOMPLETE = "Crossed design with runs missing: B less A has a fit of its own, and may differ from B's fit less A's."


def comparison_notes(
    shared: Common, how: Pairing, results: pd.DataFrame, seeds: tuple[int, ...], alpha: float
) -> tuple[str, ...]:
    """Pairing, shared chains, attainability, corrections, and what was left out by name."""
    notes = [how.sentence, *how.notes]
    notes += _same_runs(shared)
    tests = int(((results["family"] == "primary") & results["p_value"].notna()).sum())
    layouts = {shared.a.design.layout, shared.b.design.layout}
    if how.paired and layouts == {Layout.NESTED} and len(seeds) > 1:
        notes.append(_attainable(len(seeds), tests, alpha))
    if Layout.INCOMPLETE in layouts:
        notes.append(INCOMPLETE)
    notes.append(
        f"Corrected p: {FAMILIES['primary'].called} over {tests} differences of effects and interactions; "
        f"{FAMILIES['languages'].called} over target tasks and over languages, which are exploratory and not drawn towards their mean."
    )
    older = [
        f"{side}: {note}" for side, one in (("A", shared.a), ("B", shared.b)) for note in catalogue_notes(one.frame)
    ]
    return (*notes, *shared.notes, *older)


def _attainable(seeds: int, tests: int, alpha: float) -> str:
    least, needed = smallest_sign_flip_p(seeds), seeds_needed(alpha, max(tests, 1))
    return (
        f"With {seeds} pairs the smallest attainable sign-flip p is {least:.3g}; Holm over {tests} differences at "
        f"{alpha:g} needs {needed} seeds. Smaller p-values rest on the normal distribution of the seeds' differences."
    )


def _same_runs(shared: Common) -> list[str]:
    """A sentence where the studies hold the same scores at a count, as two variants share their baseline."""
    a, b = paired_chains(shared.a.chains, shared.b.chains)
    equal = (a.scores == b.scores).all(axis=1)
    found = a.runs["n_tasks"].to_numpy()[equal]
    return [
        f"{n} run{'s' if n > 1 else ''} at task count {count} have the same scores in both studies: shared, "
        "not run twice."
        for count, n in zip(*np.unique(found, return_counts=True), strict=True)
    ]
