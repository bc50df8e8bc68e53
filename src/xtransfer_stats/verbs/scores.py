"""From whatever holds scores to what every analysis starts from: a study, a file, a frame of any library."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import STORE, nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.stats.core import frame as frames
from xtransfer_stats.stats.core.scores import Covariate, Covariates, StudyScores
from xtransfer_stats.stats.published.gains import is_published
from xtransfer_stats.stats.runlevel.covariates import DISTANCE, WIKIPEDIA
from xtransfer_stats.tasks.benchmarks import Tatoeba, benchmarks_of, cells_of
from xtransfer_stats.tasks.catalogue import TARGET_TASKS, own_data
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.listing import languages
from xtransfer_stats.verbs.instore import StudyInStore

MOST_NAMED = 12  # studies of a table that an error lists


@dataclass(frozen=True, eq=False)
class ScoreSheet:
    """A table of scores that is in no store: a file, read once, or a frame of the caller's.

    A published table that travels with the package is found by its file's name from anywhere.
    """

    path: Path | None
    given: pd.DataFrame | None = None
    study: str | None = None  # whose rows are meant, where the table holds several

    @cached_property
    def _file(self) -> tuple[Path, bytes]:
        path = self.path or Path()
        file = path if path.exists() else resources.shipped_table(path.name) or path
        return file, frames.content(file)

    @cached_property
    def _literal(self) -> pd.DataFrame:
        """The rows with every text as it is written."""
        rows = self.given if self.given is not None else frames.parsed(*self._file, literal=True)
        return rows if self.study is None else _of_study(rows, self.study)

    @cached_property
    def published(self) -> pd.DataFrame | None:
        """The rows of a published table (single runs without seeds); None where this is none."""
        if not is_published(self._literal):
            return None
        rows = self.given if self.given is not None else frames.parsed(*self._file)
        return rows if self.study is None else _of_study(rows, self.study)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The score frame; raises DataError where the rows are none."""
        if self.path is not None and self._file[0] != self.path:
            frames.content(self.path)  # what travels along and is no published table is not meant
        rows = frames.typed(self._literal)
        return rows.assign(language=[canonical(code) or code for code in rows["language"]])

    def predictions(self) -> pd.DataFrame:
        """Outcomes of every test example, written beside the exported file; raises DataError where there are none."""
        if self.path is None:
            raise DataError("items: a frame has no file of predictions beside it: give a frame of them", ["items"])
        beside = frames.predictions_beside(self.path)
        if not beside.is_file():
            remedy = f"`xstats export --output {self.path.name}` writes both"
            raise DataError(f"items: no {beside.name} beside {self.path.name}; {remedy}", ["items"])
        return pd.read_parquet(beside)


Held = StudyInStore | ScoreSheet | StudyScores
Source = str | Path | pd.DataFrame | Held


def held(source: Any = STORE, study: str | None = None) -> Held:
    """What a caller names: a store's folder, a file, a study, scores, or a frame of pandas, polars, pyarrow, ...

    study: of a store that is named by its folder, or of the rows of a table.
    Raises DataError for what is none of these, and for a study beside what is one study already.
    """
    if isinstance(source, StudyInStore | ScoreSheet | StudyScores):
        if study is not None:
            raise DataError(f"study {shown(study)}: the source is one study already; leave it out", ["study"])
        return source
    if isinstance(source, str | Path):
        path = named(source, "source")
        return StudyInStore(path, study) if path.is_dir() else ScoreSheet(path, study=study)
    rows = as_pandas(source)
    if rows is None:
        kind = type(source).__name__
        raise DataError(f"source of type {kind} holds no scores: give a store, a file, a study or a frame", ["source"])
    return ScoreSheet(None, rows, study)


def _of_study(rows: pd.DataFrame, study: str) -> pd.DataFrame:
    """The rows of one study; raises DataError with the studies there are."""
    wanted = f"study {shown(study)}"
    if "study" not in rows:
        raise DataError(f"{wanted}: the table has no column study, so it holds one; leave it out", [wanted])
    own = rows[rows["study"].astype(str) == study]
    if own.empty:
        known = sorted({str(name) for name in rows["study"]})
        several = ", ".join(map(shown, known[:MOST_NAMED])) + (" and others" if len(known) > MOST_NAMED else "")
        raise DataError(f"{wanted} is not in the table: {nearest(study, known)}It holds: {several}", [wanted])
    return own.reset_index(drop=True)


def as_pandas(table: Any) -> pd.DataFrame | None:
    """A frame of pandas, polars, pyarrow or another library that narwhals reads; None for what is no frame."""
    if isinstance(table, pd.DataFrame):
        return table
    import narwhals

    try:
        frame = narwhals.from_native(table)
    except TypeError:
        return None
    return (frame.collect() if isinstance(frame, narwhals.LazyFrame) else frame).to_pandas()


def read_scores(
    source: Any = STORE,
    *,
    study: str | None = None,
    benchmarks: tuple[str, str] | None = None,
    tatoeba: Tatoeba = "per-benchmark",
) -> StudyScores:
    """The scores of a store's study, of an exported file, or of a frame, with what an analysis must know of them.

    source: as `held` takes it. benchmarks: first and second, the interaction being second less first; default: the
    study's own, or for a file those of the catalogue that its cells fit. tatoeba: the protocol behind a file, which
    does not tell it; a store's study knows its own. Raises DataError where no score frame is there.
    """
    place = held(source, study)
    if isinstance(place, StudyScores):
        return place
    if isinstance(place, StudyInStore):
        recipe = place.recipe.study
        return _of_frame(place.frame, benchmarks or recipe.benchmarks, recipe.tatoeba, place.looks)
    return _of_frame(place.frame, benchmarks or benchmarks_of(_cells(place.frame), tatoeba), tatoeba)


def _of_frame(frame: pd.DataFrame, names: tuple[str, str], tatoeba: Tatoeba, looks: int | None = None) -> StudyScores:
    unknown = set(frame["target_task"]) - TARGET_TASKS.keys()
    if unknown:
        raise DataError(f"target_task {min(unknown)!r} is not in the catalogue: `xstats tasks` lists it")
    cells = {name: cells_of(name, tatoeba=tatoeba) for name in names}
    return StudyScores(frame, cells, trainings(), own_data(), labels(), covariates(), looks)


def _cells(frame: pd.DataFrame) -> set[tuple[str, str]]:
    used = frame[frame["status"] != "not_in_benchmark"]
    return set(zip(used["target_task"], used["language"], strict=True))


def trainings() -> dict[str, str | None]:
    """Target task -> the training whose tuned model it scores, None where there is none."""
    return {name: task.training for name, task in TARGET_TASKS.items()}


def labels() -> Mapping[str, Mapping[str, str]]:
    """What hypotheses can be taken at beside tasks and languages: groups of target tasks, scripts, families."""
    known = languages()
    kinds = ("name", "script", "family")
    by_language = {kind: {row["code"]: row[kind] for row in known if row[kind]} for kind in kinds}
    return {"group": {name: task.group for name, task in TARGET_TASKS.items() if task.group}, **by_language}


def covariates() -> Covariates:
    """Numbers of the languages that effects can be set against, where they are known."""
    known = languages()
    sizes, distances = (
        {row["code"]: float(row[key]) for row in known if row[key]}
        for key in ("wikipedia_millions", "syntactic_distance")
    )
    return {
        WIKIPEDIA: Covariate(sizes, f"tenfold {WIKIPEDIA}", logarithmic=True),
        DISTANCE: Covariate(distances, f"0.1 of {DISTANCE}", step=0.1),
    }
