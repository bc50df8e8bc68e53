"""Published sizes of data sets, from the catalogue's entries."""

from collections.abc import Mapping
from functools import cache

from xtransfer_stats.sources.heldback import held_back
from xtransfer_stats.tasks.intermediate import INTERMEDIATE_TASKS
from xtransfer_stats.tasks.target import TARGET_TASKS, TARGET_TRAININGS


@cache
def sizes() -> dict[str, Mapping[str, int]]:
    """Data set -> examples by split; a split that is not in it was not read."""
    trainings = (*INTERMEDIATE_TASKS.values(), *TARGET_TRAININGS.values())
    return {task.dataset: task.data.sizes for task in TARGET_TASKS.values()} | {
        task.name: task.data.sizes for task in trainings
    }


def published(dataset: str, split: str) -> int | None:
    """Examples of a split as published; those held back from train where there is no dev split."""
    found = sizes().get(dataset, {})
    if split == "dev" and "dev" not in found and "train" in found:
        return len(held_back(range(found["train"]), "dev"))
    return found.get(split)


def sharers(dataset: str) -> set[str]:
    """Languages that share the test examples of a pooled data set: those of the real benchmarks."""
    tasks = [task for task in TARGET_TASKS.values() if task.dataset == dataset]
    return {code for task in tasks for name in ("xtreme", "xtreme-r") for code in task.benchmarks.get(name, ())}
