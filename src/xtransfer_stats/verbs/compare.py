"""`compare`: two studies or more, each named as its store has it, as a file or a store; differences are B less A."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.scoreframe import tablefile
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.stats.comparison import compare as pairs
from xtransfer_stats.stats.comparison.compare import Comparison
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE
from xtransfer_stats.stats.comparison.several.several import MEAN, Several, several
from xtransfer_stats.stats.core.frame import by_backbone
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.termtable import HEADLINE
from xtransfer_stats.store import studies
from xtransfer_stats.store.store import Store
from xtransfer_stats.tasks.benchmarks import Tatoeba
from xtransfer_stats.verbs import machines
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.results import Progress, Result
from xtransfer_stats.verbs.scores import Held, ScoreSheet, as_pandas, held, scores_of

if TYPE_CHECKING:
    from xtransfer_stats.report.tables.table import Table

# Said by the frame itself, or no matter of the scores.
_ELSEWHERE = ("study.name", "study.variant", "study.control", "study.benchmarks", "study.seeds", "study.tasks")
_SILENT = (*_ELSEWHERE, "study.keep", "backbone.model")


@dataclass(frozen=True, repr=False, eq=False)
class ComparisonResult(Result):
    """Two studies compared; every difference is B less A."""

    comparison: Comparison

    @property
    def names(self) -> tuple[str, ...]:
        """Of A and B."""
        return self.comparison.a.name, self.comparison.b.name

    @property
    def answer(self) -> str:
        """Whether B gains more than A."""
        return self.comparison.answer

    def frame(self) -> pd.DataFrame:
        """The result frame of A, B and B - A, told apart by `side`."""
        return self.comparison.results

    @property
    def key_rows(self) -> pd.DataFrame:
        """Differences of effects, steps and interactions."""
        rows = self.comparison.results
        return rows[(rows["side"] == DIFFERENCE) & rows["term"].isin(HEADLINE)]

    @property
    def drawings(self) -> Mapping[str, Callable[[], Any]]:
        """The studies side by side."""
        from xtransfer_stats.report.charts.comparisons import comparison

        return {"comparison": partial(comparison, self.comparison)}

    def made_tables(self) -> "Iterable[Table]":
        """Effects, levels, and what differs."""
        from xtransfer_stats.report.tables.comparison import tables

        return tables(self.comparison).values()

    def write(self, folder: str | Path, progress: Progress | None = None) -> list[Path]:
        """Write the report: the page, tables, the chart, results and comparison.json."""
        from xtransfer_stats.report.write import write_comparison

        return write_comparison(self.comparison, self.to_dict(), Path(folder))

    def to_dict(self) -> dict[str, Any]:
        """`results`, the rows of A, B and B - A, and what stands beside them."""
        return machines.comparison_json(self.comparison)


@dataclass(frozen=True, repr=False, eq=False)
class SeveralResult(Result):
    """Three studies or more: each one, their mean, and how much they differ."""

    several: Several

    @property
    def names(self) -> tuple[str, ...]:
        """Of the studies."""
        return self.several.names

    @property
    def answer(self) -> str:
        """What the mean over such studies is."""
        return self.several.answer

    def frame(self) -> pd.DataFrame:
        """The result frame of every study and of the mean, told apart by `side`."""
        return self.several.results

    @property
    def key_rows(self) -> pd.DataFrame:
        """Effects, steps and interactions of the mean."""
        rows = self.several.results
        return rows[(rows["side"] == MEAN) & rows["term"].isin(HEADLINE)]

    @property
    def drawings(self) -> Mapping[str, Callable[[], Any]]:
        """The forest plot."""
        from xtransfer_stats.report.charts.comparisons import several

        return {"several": partial(several, self.several)}

    def made_tables(self) -> "Iterable[Table]":
        """Effects, target tasks, the spread of studies, and what differs."""
        from xtransfer_stats.report.tables.several import tables

        return tables(self.several).values()

    def write(self, folder: str | Path, progress: Progress | None = None) -> list[Path]:
        """Write the report: the page, tables, the chart, results and several.json."""
        from xtransfer_stats.report.write import write_several

        return write_several(self.several, self.to_dict(), Path(folder))

    def to_dict(self) -> dict[str, Any]:
        """`results`, the rows of every study and of the mean, `spread`, and what stands beside them."""
        return machines.several_json(self.several)


@dataclass(frozen=True)
class ComparedSide:
    """One of the two: where its scores are, and its name in tables."""

    place: Held
    label: str

    @property
    def stored(self) -> StudyInStore | None:
        """The study in its store; None where the scores are all there is."""
        return self.place if isinstance(self.place, StudyInStore) else None


@overload
def compare(
    a: Any,
    b: Any,
    *,
    store: str | Path = ...,
    benchmarks: tuple[str, str] | None = ...,
    scale: Scale = ...,
    unpaired: bool = ...,
) -> ComparisonResult: ...
@overload
def compare(
    a: Any,
    b: Any,
    c: Any,
    /,
    *more: Any,
    store: str | Path = ...,
    benchmarks: tuple[str, str] | None = ...,
    scale: Scale = ...,
    unpaired: bool = ...,
) -> SeveralResult: ...
@one_blas_thread()
def compare(
    a: Any,
    b: Any,
    *more: Any,
    store: str | Path = STORE,
    benchmarks: tuple[str, str] | None = None,
    scale: Scale = None,
    unpaired: bool = False,
) -> ComparisonResult | SeveralResult:
    """Compare study `b` with `a`: does B gain more from the intermediate tasks, and by how much?

    With more studies (checkpoints, say): the mean over such studies, and how much they differ.
    a, b, more: names of studies in `store`, score frames' files, stores' folders, studies, or frames. unpaired: take
    them as independent, even with the same seeds and sets. scale: of the files' and frames' scores, as in `analyze`.
    Raises DataError where a name is none of these, StoreError for a store that cannot be read.
    """
    sides = _told_apart([side_of(one, Path(store), scale) for one in (a, b, *more)])
    stored = [side.stored for side in sides if side.stored is not None]
    scores = [_scores(side, stored, benchmarks) for side in sides]
    if more:
        return SeveralResult(several(scores, independent=unpaired))
    return ComparisonResult(pairs.compare(scores[0], scores[1], independent=unpaired))


def side_of(name: Any, store: Path, scale: Scale = None) -> ComparedSide:
    """What a name means: a study of the store, else a file, else a store; raises DataError where it is none."""
    if not isinstance(name, str | Path):
        place = held(name, scale=scale if as_pandas(name) is not None else None)
        return ComparedSide(place, _label(place))
    path = named(name, "study")
    known = studies.names(Store(store)) if named(store, "store").is_dir() else ()
    if str(name) in known:
        return ComparedSide(StudyInStore(store, str(name)), str(name))
    if tablefile.ending(path):
        return ComparedSide(ScoreSheet(path, scale=scale), path.stem)
    if path.is_dir():
        study = StudyInStore(path)
        return ComparedSide(study, study.name)
    holds = f"it holds {', '.join(known)}" if known else "it holds none"
    raise DataError(
        f"{shown(str(name))}: no study of that name in store {store.name!r} ({holds}), and no file or store; "
        f"name a study, a store's folder, or a score frame ({', '.join(tablefile.ENDINGS)})",
        [f"store {store.name!r}"],
    )


def _label(place: Held) -> str:
    """What scores are called that have no name of the caller's."""
    if isinstance(place, StudyInStore):
        return place.name
    if isinstance(place, ScoreSheet) and place.path is not None:
        return place.path.stem
    return str(place.frame["study"].iloc[0])


def _told_apart(sides: Sequence[ComparedSide]) -> list[ComparedSide]:
    """Labels that tell them apart."""
    labels = [side.label for side in sides]
    return [
        replace(side, label=f"{side.label} ({chr(ord('A') + place)})") if labels.count(side.label) > 1 else side
        for place, side in enumerate(sides)
    ]


def _scores(side: ComparedSide, stored: list[StudyInStore], benchmarks: tuple[str, str] | None) -> StudyScores:
    place = side.place
    tatoeba = _tatoeba(stored)
    scores = place if isinstance(place, StudyScores) else scores_of(place, benchmarks, tatoeba)
    if len(names := tuple(by_backbone(scores.frame))) > 1 and scores.conditions.counted:
        raise DataError(
            f"study {side.label} has the backbones {', '.join(names)}: `xstats analyze` compares these. Beside another "
            f"study one stands alone: run the study with model {names[0]} under another name, which trains nothing anew"
        )
    settings = {}
    if side.stored is not None and len(stored) > 1:
        # Data sets that all studies read: what one alone reads follows from its recipe.
        shared = set.intersection(*(set(study.plan.versions) for study in stored))
        settings = dict(settings_of(side.stored, shared))
    return replace(scores, name=side.label, settings=settings)


def _tatoeba(stored: list[StudyInStore]) -> Tatoeba:
    """A file does not tell its protocol of Tatoeba; beside a store's study it is taken to follow that one's."""
    return stored[0].recipe.study.tatoeba if len(stored) == 1 else "per-benchmark"


def settings_of(study: StudyInStore, data: set[str]) -> Iterator[tuple[str, str]]:
    """Settings of a study's recipe and versions of the data sets named, flat: key and value as text."""
    recipe = study.recipe.model_dump(mode="json", exclude={"costs"})
    yield from ((key, str(value)) for key, value in _flat(recipe) if key not in _SILENT)
    yield from ((f"version of {name}", str(version)) for name, version in study.plan.versions.items() if name in data)


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        inner = hasattr(value, "items") and bool(value)
        yield from _flat(value, f"{above}{key}.") if inner else ((f"{above}{key}", value),)
