"""From a score frame to the complete table, chains and design that every model starts from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.design import Design, detect
from xtransfer_stats.stats.core.missing import Complete, complete, dropping_effects
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.rows import score_ids
from xtransfer_stats.stats.core.runs import ScoreTable, averaged_replicates, score_table
from xtransfer_stats.stats.core.validate import catalogue_notes, catalogue_size, check_benchmarks, check_frame
from xtransfer_stats.stats.core.weights import Benchmark, absent_notes, cell_weights, restricted

RUN_COLUMNS = ["seed", "replicate", "n_tasks", "task_set"]


@dataclass(frozen=True)
class CompleteScores:
    """full: all runs and cells, with gaps. kept: what every kept run has. chains: replicates averaged."""

    frame: pd.DataFrame
    benchmarks: Mapping[str, Benchmark]
    full: ScoreTable
    kept: Complete
    chains: ScoreTable
    design: Design
    notes: tuple[str, ...]

    @property
    def table(self) -> ScoreTable:
        """The complete table, one row a run."""
        return self.kept.table

    @property
    def cells(self) -> pd.MultiIndex:
        """Cells that every kept run has."""
        return self.table.cells


def complete_scores(frame: pd.DataFrame, benchmarks: Mapping[str, Benchmark]) -> CompleteScores:
    """Check, shape and complete the scores. Raises DataError where nothing can be estimated."""
    check_frame(frame)
    check_benchmarks(frame, benchmarks)
    full = score_table(frame)
    whole = complete(full, frame)
    for name, part in benchmarks.items():
        if not restricted(part, whole.table.cells):
            raise DataError(
                f"column score: no cell of {name} is scored in every run; complete the study (re-issue `xstats run`)"
            )
    chains = averaged_replicates(whole.table)
    notes = (*catalogue_notes(frame), *absent_notes(benchmarks, full.cells), *whole.notes)
    return CompleteScores(frame, benchmarks, full, whole, chains, detect(chains.runs, catalogue_size(frame)), notes)


def missing_table(complete: CompleteScores) -> pd.DataFrame:
    """run, target_task, language, reason, effect_of_dropping (points on the interaction; NaN: not computable), id."""
    effects = dropping_effects(complete.full, complete.table, complete.benchmarks)
    lost = complete.kept.lost
    whole_run = lost["left_out"] == "run"
    keys = zip(lost["target_task"], lost["language"], strict=True)
    moved = pd.Series([effects.get(key, float("nan")) for key in keys], index=lost.index, dtype=float)
    named = score_ids(lost)
    table = lost.assign(effect_of_dropping=moved.mask(whole_run), id=named)
    return table[["run", "target_task", "language", "reason", "effect_of_dropping", "id"]]


def dropping_notes(missing: pd.DataFrame) -> list[str]:
    """A sentence for every cell whose dropping moves the interaction by a known amount."""
    known = missing.dropna(subset=["effect_of_dropping"]).drop_duplicates(["target_task", "language"])
    return [
        f"Dropping {row.target_task} in {row.language} changes the interaction by {row.effect_of_dropping:+.2f} points."
        for row in known.itertuples()
    ]


def study_facts(complete: CompleteScores) -> StudyFacts:
    """What a caption says of the study."""
    row = complete.frame.iloc[0]
    first, second = complete.benchmarks
    return StudyFacts(
        study=str(row["study"]),
        backbone=str(row["backbone"]),
        variant=str(row["variant"]),
        control=str(row["control"]),
        benchmarks=(first, second),
        counts=complete.design.counts,
        seeds=complete.design.seeds,
        n_runs=len(complete.table.runs),
        n_cells=len(complete.cells),
    )


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
