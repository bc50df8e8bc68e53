"""Rows of groups of target tasks, of languages within target tasks, and of language families and scripts."""

import numpy as np

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import Estimand, at_place
from xtransfer_stats.stats.core.rows import Row, run_level_rows
from xtransfer_stats.stats.core.scores import Labels
from xtransfer_stats.stats.core.termtable import FAMILY, GROUP, LANGUAGE_GROUP, SCRIPT, TERMS
from xtransfer_stats.stats.core.weights import ROUNDING
from xtransfer_stats.stats.core.withintasks import (
    language_compositions,
    language_effects,
    language_means,
    within_mean,
    within_weights,
)
from xtransfer_stats.stats.runlevel.exploratory import exploratory_rows
from xtransfer_stats.stats.runlevel.hypothesis import label_members, label_weights
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

OF_LANGUAGES = {"family": FAMILY, "script": SCRIPT, "languages": LANGUAGE_GROUP}  # kind of label -> term
UNTESTED = dict.fromkeys(("statistic", "p_value"), np.nan)


def language_rows(complete: CompleteScores, alpha: float) -> list[Row]:
    """Effects in languages within target tasks; untested beside them the plain means and what composition adds.

    A plain mean has no test: its p would say which target tasks a language has.
    """
    benchmarks, cells = complete.benchmarks, complete.cells
    if not complete.design.conditions.counted and len(cells.get_level_values("language").unique()) < 2:
        return []
    tested = exploratory_rows(complete, language_effects(benchmarks, cells), alpha)
    if not complete.design.conditions.counted and len(cells.get_level_values("target_task").unique()) < 2:
        return tested  # one task: a language's own mean is its effect within it
    compositions = language_compositions(benchmarks, cells)
    alike = all(np.abs(one.weights).max() <= ROUNDING for one in compositions)
    if not complete.design.conditions.counted and alike:
        return tested  # every language has the same tasks: a plain mean is the effect within them
    plain = [*language_means(cells), *compositions]
    model = run_numbers(complete, np.array([one.weights for one in plain]).T)
    beside = run_level_rows(model, plain, complete.design.contrasts, alpha)
    return [*tested, *({**row, **UNTESTED} for row in beside)]


def group_rows(complete: CompleteScores, labels: Labels, alpha: float) -> list[Row]:
    """Effect of each count on every group of target tasks, family and script; exploratory families of tests."""
    groups = [
        _estimand(GROUP, "group", name, weights, "plain mean of the group's target tasks")
        for name, weights in label_weights("group", labels, complete.cells).items()
    ]
    within = within_weights(complete.benchmarks, complete.cells)
    told = {kind: label_members(kind, labels, complete.cells) for kind in OF_LANGUAGES}
    if not complete.design.conditions.counted:  # the only family or script is all there is
        told = {kind: members for kind, members in told.items() if len(members) > 1 or kind == "languages"}
    means = [
        _estimand(OF_LANGUAGES[kind], kind, name, weights, f"mean within target tasks of {', '.join(members)}")
        for kind, found in told.items()
        for name, members in found.items()
        if (weights := within_mean(members, within)) is not None
    ]
    return exploratory_rows(complete, [*groups, *means], alpha)


def _estimand(term: str, kind: str, name: str, weights: np.ndarray, mean: str) -> Estimand:
    wording, family = at_place(f"{kind} {name}"), TERMS[term].family
    return Estimand(term, wording, weights, family=family, note=f"exploratory; {mean}", level=name)
