"""Rows of a comparison: A, B and B less A, for every headline estimand, target task and language."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from xtransfer_stats.stats.comparison.common import Common
from xtransfer_stats.stats.comparison.difference import Models, models
from xtransfer_stats.stats.comparison.pairing import Pairing
from xtransfer_stats.stats.core.estimands import Estimand, all_contrasts, at, effects, headline, target_tasks
from xtransfer_stats.stats.core.inference import with_families
from xtransfer_stats.stats.core.results import RESULT_COLUMNS, for_files
from xtransfer_stats.stats.core.rows import CountModel, Row, joined, mapped, moment_rows, run_level_rows, to_frame
from xtransfer_stats.stats.core.signflip import sign_flip_note
from xtransfer_stats.stats.core.termtable import INTERACTION, LEVEL, STEP, TERMS, THESE
from xtransfer_stats.stats.core.withintasks import language_effects

PRIMARY = TERMS[INTERACTION].family
A, B, DIFFERENCE = "A", "B", "B - A"
COMPARISON_COLUMNS = ("side", *RESULT_COLUMNS)  # side: A, B, or the difference B - A
RowMaker = Callable[..., list[Row]]  # of a model and its estimands
UNCORRECTED = "p not corrected for other tests"


def comparison_rows(shared: Common, how: Pairing, alpha: float) -> pd.DataFrame:
    """COMPARISON_COLUMNS; families, each corrected on its own, are of the differences alone."""
    primary = [replace(one, family=PRIMARY) for one in headline(shared.a.benchmarks, shared.cells)]
    behind = [*target_tasks(shared.cells), *language_effects(shared.a.benchmarks, shared.cells)]
    changes = partial(run_level_rows, contrasts=all_contrasts(shared.counts), alpha=alpha)
    levels = partial(level_rows, counts=shared.counts, alpha=alpha)
    kinds = ((primary, changes), (primary[:2], levels), (behind, changes))
    parts = [part for estimands, make in kinds for part in _sides(shared, how, estimands, make)]
    return with_families(pd.concat(parts, ignore_index=True))


def level_rows(model: CountModel, averages: Sequence[Estimand], counts: Sequence[int], alpha: float) -> list[Row]:
    """The average score on each benchmark at every task count and at the baseline."""
    rows: list[Row] = []
    for count in (0, *counts):
        labels = [
            {"term": LEVEL, "contrast": at(f"mean({count})", one.benchmark), "scope": THESE}
            | {"n_tasks": count, "benchmark": one.benchmark}
            for one in averages
        ]
        rows += moment_rows(model.combination({count: 1.0}), labels, alpha)
    return rows


def _sides(
    shared: Common, how: Pairing, estimands: Sequence[Estimand], make: Callable[..., list[Row]]
) -> list[pd.DataFrame]:
    both = models(shared, how, np.array([one.weights for one in estimands]).T)
    own = [_framed(side, map(_own, make(model, estimands))) for side, model in ((A, both.a), (B, both.b))]
    flips = _sign_flips(both, estimands, shared.counts)
    rows = mapped(make(both.difference, estimands), flips)
    return [*own, _framed(DIFFERENCE, map(_tested, rows))]


def _framed(side: str, rows: "map[Row]") -> pd.DataFrame:
    frame = for_files(to_frame(rows))
    frame.insert(0, "side", side)
    # A study's own row has the id by which that study's number is traced; a difference is of no one study.
    return frame.assign(id="") if side == DIFFERENCE else frame


def _own(row: Row) -> Row:
    """A study's own row: in no family of the comparison, and its level not tested against zero."""
    blank = {"statistic": np.nan, "p_value": np.nan} if row["term"] == LEVEL else {}
    return {**row, "family": "", **blank}


def _tested(row: Row) -> Row:
    family = "" if row["term"] == STEP else row.get("family", "")
    return {**row, "family": family, "note": joined(row["note"], "" if family else UNCORRECTED)}


def _sign_flips(both: Models, estimands: Sequence[Estimand], counts: Sequence[int]) -> dict[str, str]:
    """The exact sign-flip p of the headline by contrast, where the seeds' differences are the replicates."""
    notes = {}
    for contrast in effects(counts):
        columns = both.difference.by_seed(contrast)
        for one, column in zip(estimands, columns.T, strict=False):
            if one.family == PRIMARY:
                notes[one.wording.of(contrast)] = sign_flip_note(column)
    return notes
