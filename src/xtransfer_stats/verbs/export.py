"""`export`: a study's score frame with its predictions beside it, or the predictions in the leaderboard's layout."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.base.formats import counted
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.verbs.extras import require
from xtransfer_stats.verbs.instore import StudyInStore

if TYPE_CHECKING:
    import pandas as pd

    from xtransfer_stats.exchange.xtreme_export import Evaluated

LAYOUT, CARD, EVENTS = "xtreme", "model-card", "tensorboard"
TRAININGS = ("intermediate", "target")  # kinds of step that train


@dataclass(frozen=True)
class Export:
    """content: the frame's file, where none was named. files: what was written; of a layout the folder.

    predictions: how many files of predictions a layout has. notes: what whoever opens the file must know.
    """

    files: tuple[Path, ...] = ()
    content: bytes = b""
    predictions: int = 0
    notes: tuple[str, ...] = ()


def export(
    source: Any = STORE,
    *,
    study: str | None = None,
    backbone: str | None = None,
    format: str = "csv",
    output: str | Path | None = None,
) -> Export:
    """Write a study's score frame, one row a run, target task, language and metric; or its predictions.

    source: a store or a Study. format: csv, parquet, json, with the predictions beside the file; xtreme: a folder of
    predictions in the leaderboard's layout; model-card: the `model-index` of a Hugging Face model card, in YAML;
    tensorboard: a folder of event files, curves of trainings and scores of runs (extra trackers). backbone: one of a
    study of several. output: the file or folder; None returns the frame's content.
    Raises RecipeError for a layout without a folder, DataError where the output cannot be written, MissingExtra
    without the extra.
    """
    place = source if isinstance(source, StudyInStore) else StudyInStore(source, study)
    place = place if backbone is None else place.of_backbone(backbone)
    if format == LAYOUT:
        return _layout(place, output)
    if format == EVENTS:
        return _events(place, output)
    if format == CARD:
        return _card(place, output)
    from xtransfer_stats.stats.core import frame as frames

    content = frames.written(place.frame, format)
    notes = _formulas(place.frame) if format == "csv" else ()
    if output is None:
        return Export(content=content, notes=notes)
    path = Path(output)
    write_file(path, content)
    beside = frames.predictions_beside(path)
    write_file(beside, frames.written(place.predictions(), "parquet"))
    return Export((path, beside), notes=notes)


def _card(place: StudyInStore, output: str | Path | None) -> Export:
    from xtransfer_stats.exchange.modelcard import model_card

    content = model_card(place.frame)
    if output is None:
        return Export(content=content)
    write_file(Path(output), content)
    return Export((Path(output),))


def _events(place: StudyInStore, output: str | Path | None) -> Export:
    """Event files of every finished training's curve and every run's scores."""
    if output is None:
        raise RecipeError("format tensorboard is a folder of files: name it with output", ["format", "output"])
    require("export --format tensorboard", "trackers")
    from xtransfer_stats.exchange.tensorboard import write_events

    folder = Path(output)
    try:
        written = write_events(place.frame, curves(place), folder)
    except OSError as error:
        raise DataError(f"output {folder.name!r}: {error.strerror}. Choose another place.", ["output"]) from None
    return Export((folder,), notes=(f"{counted(len(written), 'folder')} of event files.",))


def curves(place: StudyInStore) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Name of every finished training, and its curve: step, loss, dev scores by task."""
    for kind in TRAININGS:
        for step in place.plan.of_kind(kind):
            path = place.store.folder(step) / "training.json"
            if path.is_file():
                yield f"{kind} {step.name}", json.loads(path.read_text(encoding="utf-8"))["rows"]


def _formulas(frame: "pd.DataFrame") -> tuple[str, ...]:
    """A sentence where a spreadsheet would run a cell as a formula: text stays as it is, as `analyze` reads it back."""
    from xtransfer_stats.report.escape import FORMULA_STARTS

    for name in frame.select_dtypes("str"):
        text = next((one for one in frame[name].unique() if one.lstrip().startswith(FORMULA_STARTS)), None)
        if text is not None:
            return (
                f"Text is written as it is, so that `xstats analyze` reads back the same: column {name} holds "
                f"{text!r}, which a spreadsheet runs as a formula. Import the column there as text.",
            )
    return ()


def _layout(study: StudyInStore, output: str | Path | None) -> Export:
    """All finished predictions; raises DataError when no evaluation is finished, or the folder cannot be written."""
    from xtransfer_stats.exchange.xtreme_export import write_layout

    if output is None:
        raise RecipeError("format xtreme writes a folder: name one with output DIR", ["format", "output"])
    if len(study.backbones) > 1:
        names = ", ".join(study.backbones)
        raise RecipeError(
            f"format xtreme is of one model's predictions; the study has the backbones {names}: name one with backbone",
            ["format", "backbone"],
        )
    written = 0
    for evaluated in _evaluated(study):
        for benchmark, cells in study.recipe.study.cells().items():
            if evaluated.language in cells.get(evaluated.task.name, ()):
                write_layout(Path(output), benchmark, evaluated)
                written += 1
    if not written:
        raise DataError("no evaluation of this study is finished, so there are no predictions. `xstats run` goes on.")
    return Export((Path(output),), predictions=written)


def _evaluated(study: StudyInStore) -> "Iterator[Evaluated]":
    from xtransfer_stats.exchange.xtreme_export import Evaluated
    from xtransfer_stats.store.scores import candidate_ids, evaluations

    for run, target, step, rows in evaluations(study.plan, study.store):
        task = TARGET_TASKS[target]
        for language, part in rows.groupby("language"):
            numbered = task.family is Family.SENTENCE_RETRIEVAL
            pool = candidate_ids(study.plan, study.store, step, str(language)) if numbered else []
            yield Evaluated(run, task, str(language), part, pool)


def write_file(path: Path, content: bytes, argument: str = "output") -> None:
    """Write a file the user asked for; raises DataError naming the argument and the remedy."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise DataError(f"{argument} {path.name!r}: {error.strerror}. Choose another place.", [argument]) from None
