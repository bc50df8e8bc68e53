"""Where the leaderboard's layout has a file: FOLDER/TASK/test-LANGUAGE.tsv, or .json for answers and rankings."""

from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.scorers import Sides
from xtransfer_stats.tasks.task import Family, TargetTask

_JSON = frozenset({Family.SPAN_QA, Family.ENTITY_RETRIEVAL, Family.ANSWER_RETRIEVAL})


def file_of(folder: Path, task: TargetTask, language: str) -> Path:
    """The file of one task and language under a folder of predictions or of labels."""
    suffix = "json" if task.family in _JSON else "tsv"
    return folder / task.dataset / f"test-{language}.{suffix}"


def check_folder(folder: Path, option: str) -> None:
    """Raises DataError when there is no such folder."""
    if not folder.is_dir():
        raise DataError(f"{option} {str(folder)!r}: no folder there: give one with a subfolder for each task")


def sides_of(predictions: Path, labels: Path, task: TargetTask, language: str) -> Sides | None:
    """Both files of a task and language; None when the system has no prediction for it.

    Raises DataError for predictions without gold.
    """
    mine, right = file_of(predictions, task, language), file_of(labels, task, language)
    if not mine.exists():
        return None
    if not right.exists():
        raise DataError(f"{right}: missing, and {mine} cannot be scored without it: add the gold or take {mine} away")
    return Sides(task, language, right, mine)
