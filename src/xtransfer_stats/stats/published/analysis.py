"""From a published table to what its single runs show, what they cannot, and the verdicts on the claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.stats.claims.claim import Claim, spoken_of
from xtransfer_stats.stats.claims.verdict import claim_rows, verdicts
from xtransfer_stats.stats.core.inference import FAMILIES, named, with_families
from xtransfer_stats.stats.core.rows import to_frame
from xtransfer_stats.stats.core.signature import one_line, text_hash
from xtransfer_stats.stats.core.termtable import AVERAGE_GAIN, SETTING_TRAINED_GAIN, SHARE
from xtransfer_stats.stats.published.estimates import PLAIN, result_rows
from xtransfer_stats.stats.published.evidence import evidence
from xtransfer_stats.stats.published.gains import Gains, gains_of
from xtransfer_stats.stats.published.model import crossed_model

NO_SEEDS = (
    "No seeds: every number is one run, so nothing here tells how much a repetition would change it. Not to be "
    "inferred: whether two settings differ, which intermediate task is best, or anything on a language."
)


def answer(gains: Gains, results: pd.DataFrame) -> str:
    """Two sentences from the result frame."""
    average = results[results["term"] == AVERAGE_GAIN].iloc[0]
    count = len(gains.of(PLAIN))
    interval = (
        f" [{average.conf_low:.1f}, {average.conf_high:.1f}] over {count} intermediate tasks"
        if np.isfinite(average.conf_low)
        else ""
    )
    first = f"Single intermediate tasks gain {average.estimate:.1f} points on average{interval}, in one run each."
    shares = results[results["term"] == SHARE]["estimate"].dropna()
    if shares.empty:
        return first
    rest = results[results["term"] == SETTING_TRAINED_GAIN]["estimate"]
    named = " and ".join(task for task, bare in zip(gains.tasks, gains.untrained, strict=True) if bare)
    return (
        f"{first} In every setting {named}, which have no training of their own, supply between {shares.min():.1f} "
        f"and {shares.max():.1f} % of the gain: without them the average changes by {rest.min():+.1f} to "
        f"{rest.max():+.1f} points."
    )


def notes(gains: Gains, results: pd.DataFrame) -> tuple[str, ...]:
    """What a reader must know before using a number."""
    single = gains.settings.iloc[gains.of(PLAIN)]
    return (
        NO_SEEDS,
        f"The one baseline run is in every gain alike: a lucky baseline makes all {len(gains.settings)} settings look "
        "worse, and no interval here shows it.",
        f"Intervals are over the {len(single)} single intermediate tasks without addition ({', '.join(single.index)}), "
        "as if drawn from such tasks: their spread holds what they differ by and the luck of a run each.",
        "Differences between variants pair the same task set; the baseline cancels in them.",
        f"Source: {gains.source}.",
        *gains.notes,
    )


def methods(gains: Gains) -> str:
    """The methods paragraph."""
    return (
        f"We analysed a published table of {len(gains.settings)} settings and one baseline of {gains.backbone} on "
        f"{len(gains.tasks)} target tasks, each the mean over its languages (question answering: mean of exact match "
        "and F1). Gains are differences from the baseline; averages are plain means over target tasks. Mean gains of "
        "single intermediate tasks carry Student's t over intermediate tasks; target tasks are corrected by "
        f"{FAMILIES['target tasks'].called}, "
        f"claims by {FAMILIES['claims'].called}. Variance components come from a mixed model with intermediate and "
        "target task as crossed random factors (REML). There are no seeds, so no error of a single run could be "
        "estimated."
    )


@dataclass(frozen=True)
class PublishedAnalysis:
    """What a published table shows; the report draws it, the command line prints it.

    results: the result frame. gains: run, variant, n_tasks, task_set, target_task, baseline, gain (points).
    variance: component, sd, share, state, note. claims: a row a claim. fits: one dict a fitted model.
    """

    study: str
    backbone: str
    source: str
    results: pd.DataFrame
    gains: pd.DataFrame
    variance: pd.DataFrame
    claims: pd.DataFrame
    answer: str
    notes: tuple[str, ...]
    methods: str
    signature: str
    fits: tuple[dict[str, Any], ...]


def analyse_published(
    rows: pd.DataFrame, trainings: Mapping[str, str | None], claims: Sequence[Claim] = (), alpha: float = 0.05
) -> PublishedAnalysis:
    """Analyze a table of single runs without seeds (see `gains.gains_of`); raises DataError where it cannot be."""
    gains = gains_of(rows, trainings)
    model = crossed_model(gains)
    said = [evidence(claim, gains) for claim in spoken_of(claims, gains.study)]
    judged = verdicts(said, alpha)
    long = _long(gains)
    parts = {
        "data": text_hash(long.to_csv(index=False, float_format="%.10g", lineterminator="\n")),
        "table": gains.study,
        "seeds": "none",
        "replicates": f"{len(gains.of(PLAIN))}-intermediate-tasks",
        "formula": model.formula.replace(" ", ""),
        "correction": named(("target tasks", "claims")),
        "alpha": f"{alpha:g}",
    }
    results = with_families(to_frame([*result_rows(gains, alpha), *model.rows, *claim_rows(judged, said)]))
    return PublishedAnalysis(
        study=gains.study,
        backbone=gains.backbone,
        source=gains.source,
        results=results,
        gains=long,
        variance=model.variance,
        claims=judged,
        answer=answer(gains, results),
        notes=notes(gains, results),
        methods=methods(gains),
        signature=one_line(parts),
        fits=model.fits,
    )


def _long(gains: Gains) -> pd.DataFrame:
    """One row a setting and target task."""
    count, tasks = len(gains.settings), len(gains.tasks)
    settings = gains.settings.reset_index().iloc[np.repeat(np.arange(count), tasks)].reset_index(drop=True)
    return settings.assign(
        target_task=np.tile(list(gains.tasks), count),
        untrained=np.tile(gains.untrained, count),
        baseline=np.tile(gains.baseline, count),
        gain=gains.values.ravel(),
    )
