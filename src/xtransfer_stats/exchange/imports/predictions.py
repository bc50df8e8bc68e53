"""Predictions in XTREME's layout, scored on the way: RUN/TASK/test-LANGUAGE.tsv beside the gold that all runs share."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xtransfer_stats.exchange.filescores import file_pair, score
from xtransfer_stats.exchange.imports.places import Found
from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, RawTable, of_records
from xtransfer_stats.exchange.scoreframe.headings import LANGUAGE, METRIC, SCORE, TASK
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.task import TargetTask

GOLD = ("labels", "gold", "references")  # folders of gold, beside the predictions or above
_FILE = re.compile(r"test-([A-Za-z]{2,3}(?:-[A-Za-z]+)?)\.(tsv|json|jsonl)")


def prediction_files(files: Sequence[Found]) -> tuple[list[Found], list[Found]]:
    """Files of predictions, and all others; files of gold are neither."""
    mine = [one for one in files if _task(one.path) is not None]
    golds = [one for one in mine if set(one.path.parts[:-1]) & set(GOLD)]
    mine = [one for one in mine if one not in golds]
    return mine, [one for one in files if one not in mine and one not in golds]


def _task(path: Path) -> TargetTask | None:
    """The task whose file of predictions this is by its folder and name; None for another file."""
    if not _FILE.fullmatch(path.name):
        return None
    return next((task for name, task in TARGET_TASKS.items() if path.parent.name in (name, task.dataset)), None)


def scored(found: Found) -> tuple[RawTable | None, LeftAside | None]:
    """The official scores of one file of predictions, or why there are none.

    Raises DataError for a file that does not fit its gold.
    """
    task, match = _task(found.path), _FILE.fullmatch(found.path.name)
    if task is None or match is None:
        return None, None
    run = found.path.parent.parent
    gold = next(
        (above / name for above in (run, *run.parents[:4]) for name in GOLD if (above / name / task.dataset).is_dir()),
        None,
    )
    if gold is None:
        return None, LeftAside(
            found.label, f"predictions without gold: put a folder labels/{task.dataset} beside their folder"
        )
    pair = file_pair(run, gold, task, match[1])
    if pair is None:
        return None, LeftAside(found.label, "not the form that the task's predictions have")
    scores = score(pair)
    records: list[dict[Heading, Any]] = [
        {(TASK,): task.name, (LANGUAGE,): match[1], (METRIC,): metric, (SCORE,): value}
        for metric, value in scores.metrics.items()
        if metric in task.metrics
    ]
    parts = [part for part in Path(found.label).parts[:-2] if part not in ("predictions", "preds", "pred")]
    place = {name: value for name, value in found.says.items() if not name.startswith(("folder ", "file name"))}
    place |= {f"folder {number}": part for number, part in enumerate(parts, 1)} if not place else {}
    return of_records(found.label, "predictions, scored", records, place=place, notes=scores.notes), None
