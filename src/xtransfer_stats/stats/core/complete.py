"""From a score frame to the complete table, chains and design that every model starts from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.conditions import COUNTS, POINTS, Conditions, Measure
from xtransfer_stats.stats.core.design import Design, detect
from xtransfer_stats.stats.core.estimands import primary_weights
from xtransfer_stats.stats.core.missing import RUN_OUT, Complete, complete, dropping_effects, fill_note
from xtransfer_stats.stats.core.pairs import absent_seeds, entering, pair
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.rows import score_ids
from xtransfer_stats.stats.core.runs import ScoreTable, averaged_replicates, score_table
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.singles import singles_note, without_singles
from xtransfer_stats.stats.core.validate import catalogue_notes, catalogue_size, check_benchmarks, check_frame
from xtransfer_stats.stats.core.weights import (
    LEAST_SHARE,
    ROUNDING,
    Benchmark,
    absent_notes,
    called,
    cell_weights,
    restricted,
    share_left,
)

RUN_COLUMNS = ["seed", "replicate", "n_tasks", "task_set"]


@dataclass(frozen=True)
class CompleteScores:
    """full: all runs and cells, with gaps. kept: without gaps. chains: replicates averaged.

    benchmarks: by the names that their averages here may bear. official: by their own.
    """

    frame: pd.DataFrame
    benchmarks: Mapping[str, Benchmark]
    official: Mapping[str, Benchmark]
    full: ScoreTable
    kept: Complete
    chains: ScoreTable
    design: Design
    notes: tuple[str, ...]
    measure: Measure = POINTS

    @property
    def table(self) -> ScoreTable:
        """The complete table, one row a run."""
        return self.kept.table

    @property
    def cells(self) -> pd.MultiIndex:
        """Cells that every kept run has."""
        return self.table.cells


def complete_scores(
    frame: pd.DataFrame,
    benchmarks: Mapping[str, Benchmark],
    conditions: Conditions = COUNTS,
    measure: Measure = POINTS,
) -> CompleteScores:
    """Check, shape and complete the scores. Raises DataError where nothing can be estimated."""
    check_frame(frame, counted=conditions.counted)
    check_benchmarks(frame, benchmarks)
    alone, frame = singles_note(frame), without_singles(frame)
    full = score_table(frame)
    whole = entering(complete(full, frame, conditions), catalogue_size(frame), conditions)
    for name, part in benchmarks.items():
        if not restricted(part, whole.table.cells):
            raise DataError(
                f"column score: no cell of {name} has scores at every {conditions.unit}; {conditions.remedy}"
            )
    chains, cells = averaged_replicates(whole.table), whole.table.cells
    share = {name: share_left(part, full.cells, cells) for name, part in benchmarks.items()}
    here = {called(name, share[name]): part for name, part in benchmarks.items()}
    notes = (
        *(catalogue_notes(frame) if conditions.counted else ()),
        *alone,
        *_part_notes(share),
        *absent_notes(here, cells),
        *whole.notes,
        *fill_note(whole.table, here, measure.unit),
    )
    design = detect(chains.runs, catalogue_size(frame), conditions)
    notes = (*notes, *absent_seeds(chains.runs, design))
    return CompleteScores(frame, here, benchmarks, full, whole, chains, design, notes, measure)


def complete_of(scores: StudyScores) -> CompleteScores:
    """The complete table of a study's scores; raises DataError where nothing can be estimated."""
    return complete_scores(scores.frame, scores.benchmarks, scores.conditions, scores.measure)


def compares(complete: CompleteScores) -> bool:
    """Whether two averages differ: benchmarks that weigh every cell alike have one average under two names."""
    return bool(np.abs(primary_weights(complete.benchmarks, complete.cells)).max() > ROUNDING)


def _part_notes(share: Mapping[str, float]) -> list[str]:
    """A sentence a benchmark whose name is refused, as too much of what the study was to score of it is left out."""
    return [
        f"{name} is not reported: {100 * left:.0f} % of its weight in this study is left, and an average bears a "
        f"benchmark's name above {100 * LEAST_SHARE:.0f} %. Its rows are of {called(name, left)}."
        for name, left in share.items()
        if called(name, left) != name
    ]


def missing_table(complete: CompleteScores) -> pd.DataFrame:
    """run, target_task, language, reason, handling, effect_of_dropping (on the interaction; NaN: none), id."""
    effects = dropping_effects(complete.full, complete.table, complete.benchmarks)
    lost = complete.kept.lost
    keys = zip(lost["target_task"], lost["language"], strict=True)
    moved = pd.Series([effects.get(key, float("nan")) for key in keys], index=lost.index, dtype=float)
    named = score_ids(lost)
    table = lost.assign(effect_of_dropping=moved.mask(lost["handling"] == RUN_OUT), id=named)
    return table[["run", "target_task", "language", "reason", "handling", "effect_of_dropping", "id"]]


def study_facts(complete: CompleteScores) -> StudyFacts:
    """What a caption says of the study."""
    row, design = complete.frame.iloc[0], complete.design
    return StudyFacts(
        study=str(row["study"]),
        backbone=str(row["backbone"]),
        variant=str(row["variant"]),
        control=str(row["control"]),
        benchmarks=tuple(complete.benchmarks),
        official=tuple(complete.official),
        seeds_at=tuple(_seeds_at(complete.chains.runs, count) for count in design.counts),
        counts=design.counts,
        seeds=design.seeds,
        n_runs=len(complete.table.runs),
        n_cells=len(complete.cells),
        conditions=design.conditions,
        measure=complete.measure,
        apart=_apart(complete.chains.runs, design),
    )


def _seeds_at(chains: pd.DataFrame, count: int) -> int:
    """How many seeds have the baseline and a run at the count: those that its effect compares."""
    base, treated = (set(chains.loc[chains["n_tasks"] == k, "seed"]) for k in (0, count))
    return len(base & treated)


def _apart(chains: pd.DataFrame, design: Design) -> Mapping[int, tuple[int, int]]:
    """Conditions whose seeds are not the baseline's -> how many seeds the baseline has, and they."""
    seeds = {code: set(chains.loc[chains["n_tasks"] == code, "seed"]) for code in (0, *design.counts)}
    return {
        code: (len(seeds[0]), len(seeds[code]))
        for code in design.counts
        if not design.conditions.counted and not pair(seeds[0], seeds[code])
    }


def cell_frame(complete: CompleteScores) -> pd.DataFrame:
    """run, seed, replicate, n_tasks, task_set, target_task, language, score of the complete cells."""
    table = complete.table
    n_runs, n_cells = table.scores.shape
    rows = table.runs[RUN_COLUMNS].reset_index().iloc[np.repeat(np.arange(n_runs), n_cells)].reset_index(drop=True)
    names = {key: np.tile(table.cells.get_level_values(key).to_numpy(), n_runs) for key in table.cells.names}
    return rows.assign(**names, score=table.scores.ravel())


def run_scores(complete: CompleteScores) -> pd.DataFrame:
    """run, seed, replicate, n_tasks, task_set, benchmark, score: every run's official averages."""
    table = complete.table
    runs = table.runs[RUN_COLUMNS].reset_index()
    parts = [
        runs.assign(benchmark=name, score=table.scores @ cell_weights(part, table.cells))
        for name, part in complete.benchmarks.items()
    ]
    return pd.concat(parts, ignore_index=True)


def language_scores(complete: CompleteScores) -> pd.DataFrame:
    """run, seed, replicate, n_tasks, task_set, language, benchmark, score: mean over the language's target tasks."""
    cells = cell_frame(complete)
    keys = ["run", *RUN_COLUMNS, "language"]
    parts = []
    for name, part in complete.benchmarks.items():
        inside = pd.MultiIndex.from_tuples(
            [(task, one) for task, names in restricted(part, complete.cells).items() for one in names]
        )
        rows = cells[pd.MultiIndex.from_frame(cells[["target_task", "language"]]).isin(inside)]
        parts.append(rows.groupby(keys, as_index=False, sort=False)["score"].mean().assign(benchmark=name))
    return pd.concat(parts, ignore_index=True)[[*keys, "benchmark", "score"]]
