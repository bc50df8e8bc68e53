"""From the scores of three studies or more to their mean, how much they differ, and what that holds for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.comparison.compare import facts, said
from xtransfer_stats.stats.comparison.estimates import PRIMARY
from xtransfer_stats.stats.comparison.several.ground import LEAST, Ground, ground
from xtransfer_stats.stats.comparison.several.models import CrossedMean, MeanModel, RandomMean
from xtransfer_stats.stats.comparison.several.words import answer, notes
from xtransfer_stats.stats.core.complete import complete_scores, study_facts
from xtransfer_stats.stats.core.estimands import (
    Estimand,
    all_contrasts,
    coefficients,
    effects,
    headline,
    steps,
    target_tasks,
)
from xtransfer_stats.stats.core.inference import Array, named, with_families
from xtransfer_stats.stats.core.results import StudyFacts, for_files
from xtransfer_stats.stats.core.rows import Row, label, run_level_rows, to_frame
from xtransfer_stats.stats.core.scores import StudyScores, require_counted
from xtransfer_stats.stats.core.signature import data_hash, one_line
from xtransfer_stats.stats.core.termtable import STEP
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

MEAN = "mean"  # the side that is of no one study
CHECKPOINTS, STUDIES = "checkpoints", "studies"
OF_CHECKPOINTS = ("study", "data", "backbone")  # facts in which studies of several checkpoints differ
ModelOf = Callable[[Array], MeanModel]  # of weights (cells, n)
SUCH = {CHECKPOINTS: "such checkpoints", STUDIES: "such studies"}  # scopes


@dataclass(frozen=True)
class Several:
    """names, facts: of the studies in their order. crossed: whether they share the seeds that the mean rests on.

    factor: CHECKPOINTS or STUDIES. differs: fact, a column a study, differs. results: side (a study's name or MEAN) and
    the columns of the one result frame; points. spread: term, contrast, n_tasks, benchmark, target_task and the fields
    of `Spread`.
    """

    names: tuple[str, ...]
    facts: tuple[StudyFacts, ...]
    crossed: bool
    factor: str
    counts: tuple[int, ...]
    seeds: tuple[int, ...]
    n_cells: int
    alpha: float
    differs: pd.DataFrame
    results: pd.DataFrame
    spread: pd.DataFrame
    answer: str
    notes: tuple[str, ...]
    signature: str


def several(studies: Sequence[StudyScores], *, independent: bool = False, alpha: float = 0.05) -> Several:
    """The mean over studies such as these. independent: take them so, even where they share seeds and sets.

    Raises DataError for fewer than three, for frames that cannot be analysed or compared, and for one study twice.
    """
    if len(studies) < LEAST:
        raise DataError(f"{len(studies)} studies: a mean over studies needs {LEAST} or more; two are compared")
    names = tuple(one.name for one in studies)
    for one in studies:
        require_counted(one, "a comparison of studies")
    whole = [complete_scores(one.frame, one.benchmarks) for one in studies]
    shared = ground(whole, names)
    crossed = not independent and len(shared.seeds) > 1
    differing = differing_facts([facts(one) for one in whole], [one.settings for one in studies], names)
    factor = _factor(differing)
    model_of = _crossed(shared, factor, alpha) if crossed else _independent(shared, alpha)
    results, spread = _rows(shared, names, model_of, SUCH[factor], alpha)
    parts = {
        "compare": "crossed" if crossed else "random effects",
        "studies": "+".join(data_hash(one.frame) for one in studies),
        "counts": "+".join(map(str, shared.counts)),
        "cells": str(len(shared.cells)),
        "correction": named(("primary", "target tasks")),
        "alpha": f"{alpha:g}",
    }
    return Several(
        names=names,
        facts=tuple(study_facts(one) for one in whole),
        crossed=crossed,
        factor=factor,
        counts=shared.counts,
        seeds=shared.seeds if crossed else (),
        n_cells=len(shared.cells),
        alpha=alpha,
        differs=differing,
        results=results,
        spread=spread,
        answer=answer(results[results["side"] == MEAN], spread, names, factor, alpha),
        notes=(*said(*studies), *notes(shared, names, factor, crossed=crossed, independent=independent), *shared.notes),
        signature=one_line(parts),
    )


def _crossed(shared: Ground, factor: str, alpha: float) -> ModelOf:
    return lambda weights: CrossedMean(shared, weights, factor, alpha)


def _independent(shared: Ground, alpha: float) -> ModelOf:
    n_runs = sum(len(one.table.runs) for one in shared.studies)
    return lambda weights: RandomMean([run_numbers(one, weights) for one in shared.studies], n_runs, alpha)


def differing_facts(
    known: Sequence[Mapping[str, str]], settings: Sequence[Mapping[str, str]], names: Sequence[str]
) -> pd.DataFrame:
    """fact, a column a study, differs; settings only where they differ."""
    further = sorted(set().union(*settings))
    rows = [(name, *(one[name] for one in known)) for name in known[0]]
    said = [(name, *(one.get(name, "") for one in settings)) for name in further]
    rows += [row for row in said if len(set(row[1:])) > 1]
    return pd.DataFrame([(*row, len(set(row[1:])) > 1) for row in rows], columns=["fact", *names, "differs"])


def _factor(differs: pd.DataFrame) -> str:
    """Checkpoints where the backbone differs and nothing else that a reader could take for the reason."""
    apart = set(differs.loc[differs["differs"], "fact"])
    others = {name for name in apart - set(OF_CHECKPOINTS) if not name.startswith("backbone.")}
    return CHECKPOINTS if "backbone" in apart and not others else STUDIES


def _rows(
    shared: Ground, names: Sequence[str], model_of: ModelOf, scope: str, alpha: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every study's own rows and those of the mean; the spread of studies in each."""
    primary = [replace(one, family=PRIMARY) for one in headline(shared.studies[0].benchmarks, shared.cells)]
    frames, spread = [], []
    for estimands in (primary, target_tasks(shared.cells)):
        weights = np.array([one.weights for one in estimands]).T
        for name, study in zip(names, shared.studies, strict=True):
            own = run_level_rows(run_numbers(study, weights), estimands, all_contrasts(shared.counts), alpha)
            frames.append(_framed(name, [{**row, "family": ""} for row in own]))
        model = model_of(weights)
        rows = run_level_rows(model, estimands, all_contrasts(shared.counts), alpha)
        frames.append(_framed(MEAN, [_of_mean(row, scope) for row in rows]))
        spread += _spread(model, estimands, shared.counts)
    return with_families(pd.concat(frames, ignore_index=True)), pd.DataFrame(spread)


def _of_mean(row: Row, scope: str) -> Row:
    return {**row, "scope": scope, "family": "" if row["term"] == STEP else row["family"]}


def _framed(side: str, rows: Sequence[Row]) -> pd.DataFrame:
    frame = for_files(to_frame(rows))
    frame.insert(0, "side", side)
    return frame.assign(id="") if side == MEAN else frame


def _spread(model: MeanModel, estimands: Sequence[Estimand], counts: Sequence[int]) -> list[Row]:
    keys = ("term", "contrast", "n_tasks", "benchmark", "target_task")
    return [
        {key: label(estimand, contrast)[key] for key in keys} | asdict(one.spread)
        for contrast in (*effects(counts), *steps(counts))
        for estimand, one in zip(estimands, model.pooled(coefficients(contrast)), strict=True)
        if one is not None and (estimand.steps or not contrast.low)
    ]
