"""`analyze` of a published table: what its single runs show, what they cannot, and the verdicts on the claims."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats import __version__
from xtransfer_stats.stats.claims.claim import Claim, spoken_of
from xtransfer_stats.stats.claims.verdict import claim_rows, verdicts
from xtransfer_stats.stats.core.adjust import named, with_families
from xtransfer_stats.stats.core.rows import to_frame
from xtransfer_stats.stats.published.estimates import PLAIN, result_rows
from xtransfer_stats.stats.published.evidence import evidence
from xtransfer_stats.stats.published.gains import Gains, gains_of
from xtransfer_stats.stats.published.model import crossed_model
from xtransfer_stats.stats.published.words import answer, methods, notes


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
    found = [evidence(claim, gains) for claim in spoken_of(claims, gains.study)]
    judged = verdicts(found, alpha)
    results = with_families(to_frame([*result_rows(gains, alpha), *model.rows, *claim_rows(judged, found)]))
    return PublishedAnalysis(
        study=gains.study,
        backbone=gains.backbone,
        source=gains.source,
        results=results,
        gains=_long(gains),
        variance=model.variance,
        claims=judged,
        answer=answer(gains, results),
        notes=notes(gains, results),
        methods=methods(gains),
        signature=_signature(gains, model.formula, alpha),
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


def _signature(gains: Gains, formula: str, alpha: float) -> str:
    text = _long(gains).to_csv(index=False, float_format="%.10g", lineterminator="\n")
    parts = {
        "xtransfer_stats": __version__,
        "data": hashlib.sha256(text.encode()).hexdigest()[:12],
        "table": gains.study,
        "seeds": "none",
        "replicates": f"{len(gains.of(PLAIN))}-intermediate-tasks",
        "formula": formula.replace(" ", ""),
        "correction": named(("target tasks", "claims")),
        "alpha": f"{alpha:g}",
    }
    return "|".join(f"{name}:{value}" for name, value in parts.items())
