"""Data sets by name: what sources are asked for, whichever entries of the catalogue hold it."""

from functools import cache

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.tasks.intermediate import INTERMEDIATE_TASKS, MLM
from xtransfer_stats.tasks.target import TARGET_TASKS, TARGET_TRAININGS
from xtransfer_stats.tasks.task import DataSet, Family


@cache
def _known() -> dict[str, tuple[Family, DataSet]]:
    known = {task.name: (task.family, task.data) for task in INTERMEDIATE_TASKS.values()}
    known |= {task.name: (task.family, task.data) for task in (MLM, *TARGET_TRAININGS.values())}
    return known | {task.dataset: (task.family, task.data) for task in TARGET_TASKS.values()}


def dataset(name: str) -> tuple[Family, DataSet]:
    """The family of a data set and where it is had.

    Raises DataError with the known names.
    """
    if name not in _known():
        raise DataError(f"data set {name!r}: no entry of the catalogue has it; known: {', '.join(sorted(_known()))}")
    return _known()[name]
