"""What a published table tells of its settings, target tasks and variants, as rows of the result frame.

Replicates are the intermediate tasks: their spread holds what they differ by and the luck of a run each. The luck of
the one baseline is in every gain alike and shows nowhere; no interval here holds it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.stats.claims.claim import PLAIN
from xtransfer_stats.stats.core.inference import Array, Moments, paired
from xtransfer_stats.stats.core.rows import Row, moment_rows
from xtransfer_stats.stats.core.termtable import (
    AVERAGE_GAIN,
    SETTING_GAIN,
    SETTING_TRAINED_GAIN,
    SHARE,
    TARGET_GAIN,
    TERMS,
    TRAINED_GAIN,
    UNTRAINED_GAIN,
    VARIANT,
)
from xtransfer_stats.stats.published.gains import Gains

METHOD = "t over intermediate tasks"
ONE_RUN = "one run: no error"
NO_BASELINE = "holds the luck of the runs, not that of the one baseline"
SCOPE = "such intermediate tasks"


def result_rows(gains: Gains, alpha: float) -> list[Row]:
    """Average gain, gains of settings and target tasks, shares, variants; points on 0-100, shares in per cent."""
    return [
        *_average(gains, alpha),
        *_settings(gains),
        *_targets(gains, alpha),
        *_shares(gains),
        *_variants(gains, alpha),
    ]


def over_settings(values: Array) -> Moments:
    """Means of numbers a setting, (settings, n), with Student's t over settings; no error for one setting."""
    return replace(paired(values, len(values)), method=METHOD)


def _average(gains: Gains, alpha: float) -> list[Row]:
    whole, bare = np.ones(len(gains.tasks), dtype=bool), gains.untrained
    parts = [(AVERAGE_GAIN, whole)]
    if bare.any() and not bare.all():
        parts += [(TRAINED_GAIN, ~bare), (UNTRAINED_GAIN, bare)]
    rows: list[Row] = []
    for term, chosen in parts:
        label = {"term": term, "contrast": term, "scope": SCOPE}
        note = f"{_named(gains, chosen)}; {NO_BASELINE}"
        averages = gains.values[gains.of(PLAIN)][:, chosen].mean(axis=1, keepdims=True)
        rows += moment_rows(over_settings(averages), [{**label, "family": TERMS[term].family, "note": note}], alpha)
    return rows


def _settings(gains: Gains) -> list[Row]:
    """Each setting's own average: a single run, so no error."""
    notes = [f"{s.task_set.replace('+', ', ')}; variant {s.variant}; {ONE_RUN}" for s in gains.settings.itertuples()]
    return _by_setting(gains, SETTING_GAIN, "gain", gains.averages, notes)


def _targets(gains: Gains, alpha: float) -> list[Row]:
    labels = [
        {
            "term": TARGET_GAIN,
            "contrast": f"gain @ task {task}",
            "scope": SCOPE,
            "target_task": task,
            "family": TERMS[TARGET_GAIN].family,
            "note": f"{'no training of its own; ' if bare else ''}{NO_BASELINE}",
        }
        for task, bare in zip(gains.tasks, gains.untrained, strict=True)
    ]
    return moment_rows(over_settings(gains.values[gains.of(PLAIN)]), labels, alpha)


def _shares(gains: Gains) -> list[Row]:
    """Per cent of the summed gain that the untrained target tasks supply; may pass 100 where the others lose."""
    if not gains.untrained.any() or gains.untrained.all():
        return []
    sums = gains.values.sum(axis=1)
    shares = 100 * np.divide(
        gains.values[:, gains.untrained].sum(axis=1), sums, out=np.full(len(sums), np.nan), where=sums != 0
    )
    rest = gains.values[:, ~gains.untrained].mean(axis=1)
    named = _named(gains, gains.untrained)
    parts = (
        (SHARE, shares, f"per cent of the summed gain from {named}"),
        (SETTING_TRAINED_GAIN, rest, f"plain mean without {named}; {ONE_RUN}"),
    )
    return [
        row
        for term, values, note in parts
        for row in _by_setting(gains, term, term, values, [note] * len(gains.values))
    ]


def _by_setting(gains: Gains, term: str, wording: str, values: Array, notes: Sequence[str]) -> list[Row]:
    """A number of every setting, of one run and the baseline, without an error."""
    common = {"term": term, "scope": "this run", "method": "none", "n_runs": 2}
    settings = zip(gains.settings.index, gains.settings["n_tasks"], values, notes, strict=True)
    return [
        common
        | {"contrast": f"{wording} of {run}", "level": run, "estimate": float(value), "note": note}
        | {"n_tasks": float(n_tasks)}
        for run, n_tasks, value, note in settings
    ]


def _variants(gains: Gains, alpha: float) -> list[Row]:
    rows: list[Row] = []
    for variant in [name for name in gains.settings["variant"].unique() if name != PLAIN]:
        differences, named = variant_differences(gains, variant)
        if len(differences):
            label = {
                "term": VARIANT,
                "contrast": f"plain English less variant {variant}, average gain",
                "scope": "such settings",
                "note": f"pairs of {', '.join(named)}; the baseline cancels",
            }
            rows += moment_rows(over_settings(differences[:, None]), [label], alpha)
    return rows


def variant_differences(gains: Gains, variant: str) -> tuple[Array, list[str]]:
    """Average gain without less with a variant, for each task set that has both; and the sets' names."""
    averages = gains.averages
    table = gains.settings.assign(average=averages).reset_index()
    plain = table[table["variant"] == PLAIN].set_index("task_set")
    other = table[table["variant"] == variant].set_index("task_set")
    both = [name for name in plain.index if name in other.index]
    return (plain.loc[both, "average"] - other.loc[both, "average"]).to_numpy(dtype=float), list(plain.loc[both, "run"])


def _named(gains: Gains, chosen: NDArray[np.bool_]) -> str:
    return ", ".join(task for task, yes in zip(gains.tasks, chosen, strict=True) if yes) or "none"
