"""From whatever holds scores to what every analysis starts from: a study, a file, a frame of any library."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.imports.places import ENDINGS
from xtransfer_stats.exchange.scoreframe.asked import NOTHING, Asked
from xtransfer_stats.exchange.scoreframe.asked import asked_of as asked_of
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.stats.core.conditions import conditions_of
from xtransfer_stats.stats.core.frame import BENCHMARKS, CONDITION, by_backbone
from xtransfer_stats.stats.core.scores import DISTANCE, WIKIPEDIA, Covariate, Covariates, StudyScores
from xtransfer_stats.store import register
from xtransfer_stats.store.store import FOLDERS
from xtransfer_stats.tasks.benchmarks import Tatoeba, benchmark_names, benchmarks_of, cells_of
from xtransfer_stats.tasks.catalogue import TARGET_TASKS, own_data
from xtransfer_stats.tasks.listing import languages
from xtransfer_stats.verbs.benchmarks import benchmarks_in, groups_in
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.scoresheet import ScoreSheet as ScoreSheet

Held = StudyInStore | ScoreSheet | StudyScores
Source = str | Path | pd.DataFrame | Held


def held(
    source: Any = STORE,
    study: str | None = None,
    scale: Scale = None,
    asked: Asked = NOTHING,
    backbone: str | None = None,
) -> Held:
    """What a caller names: a store's folder, a file, a study, scores, or a frame of pandas, polars, pyarrow, ...

    study: of a store that is named by its folder, or of the rows of a table. scale: of the scores of a file or a frame.
    asked: which columns of these are what. backbone: one of those of a study of several. Raises DataError for what is
    none of these, for a study beside what is one study already, and for a scale beside a store, whose scores are
    points.
    """
    place = _held(source, study, scale, asked)
    if backbone is None:
        return place
    if isinstance(place, StudyScores):
        raise DataError(f"backbone {shown(backbone)}: these scores are read already; leave it out", ["backbone"])
    return place.of_backbone(backbone)


def _held(source: Any, study: str | None, scale: Scale, asked: Asked) -> Held:
    in_store = isinstance(source, str | Path) and Path(source).is_dir() and not _results(Path(source))
    if scale is not None and (in_store or isinstance(source, StudyInStore | ScoreSheet | StudyScores)):
        raise DataError("scale goes with the file of a score frame, or a frame: leave it out", ["scale"])
    if asked and (in_store or isinstance(source, StudyInStore | ScoreSheet | StudyScores)):
        name = next(iter(asked.columns), "baseline")
        raise DataError(f"{name} goes with the file of a table, or a frame: leave it out", [name])
    if isinstance(source, StudyInStore | ScoreSheet | StudyScores):
        if study is not None:
            raise DataError(f"study {shown(study)}: the source is one study already; leave it out", ["study"])
        return source
    if isinstance(source, str | Path):
        place = named(source, "source")
        return StudyInStore(place, study) if in_store else ScoreSheet(place, scale=scale, study=study, asked=asked)
    rows = as_pandas(source)
    if rows is None:
        kind = type(source).__name__
        raise DataError(f"source of type {kind} holds no scores: give a store, a file, a study or a frame", ["source"])
    return ScoreSheet(None, rows, scale, study, asked)


def _results(folder: Path) -> bool:
    """Whether a folder is no store but holds files that may be results."""
    parts = (*FOLDERS, "steps", "looks", register.NAME, register.STUDIES)
    if any((folder / part).exists() for part in parts):
        return False
    return any(path.name.lower().removesuffix(".gz").endswith(ENDINGS) for path in folder.rglob("*"))


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
    benchmarks: tuple[str, ...] | None = None,
    tatoeba: Tatoeba = "per-benchmark",
    scale: Scale = None,
    backbone: str | None = None,
    condition: str | None = None,
    baseline: str | None = None,
    draw: str | None = None,
    seed: str | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    labels: Mapping[str, str] = MappingProxyType({}),
    unpaired: bool = False,
    better: str | None = None,
    unit: str | None = None,
) -> StudyScores:
    """The scores of a store's study, of an exported file, or of a frame, with what an analysis must know of them.

    condition, draw, seed: columns of a table that compares conditions, which need be no task counts; columns: further
    ones by our names (target_task, language, metric, score, benchmark). baseline: the condition that others are
    compared with. labels: condition -> words. unpaired: equal seeds of two conditions are no pair. better: higher or
    lower, and unit: of scores that are no shares of examples, which are taken as they are (docs/conditions.md).

    source: as `held` takes it. benchmarks: first and second, the interaction being second less first; default: the
    study's own, or for a file those that it names, or the one pair of the catalogue that its cells fit. tatoeba: the
    protocol behind a file, which does not tell it; a store's study knows its own. backbone: of a study of several.
    Raises DataError where no score frame is there, and for a study of several backbones of which none is named.
    """
    asked = asked_of(condition, baseline, draw, seed, columns, labels, unpaired, better, unit)
    place = held(source, study, scale, asked, backbone)
    return place if isinstance(place, StudyScores) else of_one(scores_of(place, benchmarks, tatoeba))


def of_one(scores: StudyScores) -> StudyScores:
    """The scores, where they are of one backbone; raises DataError with the names of several."""
    names = tuple(by_backbone(scores.frame))
    if scores.conditions.counted and len(names) > 1:
        raise DataError(
            f"the study has the backbones {', '.join(names)}: name one with backbone ({shown(names[0])}), or analyze "
            "it whole, which compares them",
            ["backbone"],
        )
    return scores


def scores_of(
    place: StudyInStore | ScoreSheet, benchmarks: tuple[str, ...] | None, tatoeba: Tatoeba = "per-benchmark"
) -> StudyScores:
    """The scores of a place as `read_scores` gives them, of all backbones of the study."""
    if isinstance(place, StudyInStore):
        recipe = place.recipe.study
        _require_pair(benchmarks)
        found = _of_frame(place.frame, benchmarks or recipe.benchmarks, recipe.tatoeba, place.looks, place.reading)
        return _within(found) if len(found.benchmarks) == 1 else found
    if CONDITION in place.frame:
        return of_conditions(place, benchmarks, tatoeba)
    _require_pair(benchmarks)
    names, said = _pair(place.frame, benchmarks, tatoeba)
    found = _of_frame(place.frame, names, tatoeba, notes=(*place.notes, *said))
    return found if benchmarks is None else _within(found)


def of_conditions(place: "ScoreSheet", names: tuple[str, ...] | None, tatoeba: Tatoeba) -> StudyScores:
    """The scores of a table of conditions: its own benchmarks, those asked for, or one of all its cells."""
    frame, words = place.frame, place.asked.words
    cells, said = benchmarks_in(frame, names, tatoeba)
    found = conditions_of(frame, place.treatment, words)
    known = {**labels(), **groups_in(frame, names)}
    scores = StudyScores(frame, cells, {}, {}, known, covariates(), notes=(*place.notes, *said), conditions=found)
    scores = replace(scores, measure=place.asked.measure or scores.measure)
    return scores if names is None else _within(scores)


def _require_pair(names: tuple[str, ...] | None) -> None:
    if names is not None and len(names) > 2:
        raise DataError(f"benchmarks {','.join(names)}: a study of task counts compares two; name two", ["benchmarks"])


def _within(scores: StudyScores) -> StudyScores:
    """The scores of the benchmarks that were asked for: cells of neither are left out, and named."""
    inside = {(task, code) for part in scores.benchmarks.values() for task, codes in part.items() for code in codes}
    strangers = sorted(_cells(scores.frame) - inside)
    if not strangers or len(strangers) == len(_cells(scores.frame)):
        return scores
    cells = pd.MultiIndex.from_frame(scores.frame[["target_task", "language"]])
    out = pd.Series(cells.isin(strangers), index=scores.frame.index)
    frame = scores.frame.assign(
        score=scores.frame["score"].mask(out), status=scores.frame["status"].mask(out, "not_in_benchmark")
    )
    shown = ", ".join("/".join(cell) for cell in strangers[:5]) + (", ..." if len(strangers) > 5 else "")
    first, *more = scores.benchmarks
    where = f"stand in neither {' nor '.join((first, *more))}" if more else f"do not stand in {first}"
    said = f"{len(strangers)} cells {where} and were left out: {shown}."
    return replace(scores, frame=frame, notes=(*scores.notes, said))


def _of_frame(
    frame: pd.DataFrame, names: tuple[str, ...], tatoeba: Tatoeba, looks: int | None = None, notes: tuple[str, ...] = ()
) -> StudyScores:
    cells = {name: cells_of(name, tatoeba=tatoeba) for name in names}
    facts = (trainings(), own_data(), labels(), covariates())
    return StudyScores(frame, cells, *facts, looks, notes=notes)


def _pair(frame: pd.DataFrame, asked: tuple[str, ...] | None, tatoeba: Tatoeba) -> tuple[tuple[str, ...], list[str]]:
    """The benchmarks of a frame: those asked for, else its own, else the pair that alone fits; and what was guessed."""
    own = _named(frame)
    for name in asked or own or ():
        if name not in benchmark_names():
            where = "benchmarks" if asked else f"column {BENCHMARKS}"
            known = ", ".join(benchmark_names())
            raise DataError(f"{where}: no benchmark {name!r}: {resources.nearest(name, benchmark_names())}{known}")
    if asked is not None:
        differ = own is not None and own != asked
        return asked, [f"The frame is of {' and '.join(own or ())}; {' and '.join(asked)} were asked for."] * differ
    if own is not None:
        return own, []
    pair = benchmarks_of(_cells(frame), tatoeba)
    return pair, [f"The frame does not name its benchmarks; its cells fit {' and '.join(pair)} alone, which are taken."]


def _named(frame: pd.DataFrame) -> tuple[str, str] | None:
    """The pair in a frame's column, "xtreme+xtreme-r"; raises DataError where it names no pair, or several."""
    if BENCHMARKS not in frame:
        return None
    values = sorted(frame[BENCHMARKS].unique())
    parts = values[0].split("+")
    if len(values) > 1 or len(parts) < 2:
        raise DataError(f"column {BENCHMARKS}: {', '.join(values)}; write one pair such as xtreme+xtreme-r in all rows")
    cuts = [("+".join(parts[:place]), "+".join(parts[place:])) for place in range(1, len(parts))]
    return next((cut for cut in cuts if set(cut) <= set(benchmark_names())), cuts[0])


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
