"""The sentences on a published table: its answer, what cannot be inferred from it, and how its numbers were got."""

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.adjust import FAMILIES
from xtransfer_stats.stats.core.termtable import AVERAGE_GAIN, SETTING_TRAINED_GAIN, SHARE
from xtransfer_stats.stats.published.estimates import PLAIN
from xtransfer_stats.stats.published.gains import Gains

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
        f"{FAMILIES['target tasks'].called}, claims by {FAMILIES['claims'].called}. Variance components come from a mixed model with intermediate and "
        "target task as crossed random factors (REML). There are no seeds, so no error of a single run could be "
        "estimated."
    )
