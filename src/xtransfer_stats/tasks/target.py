"""The target tasks: one entry is one score identity, with its languages in each benchmark.

Languages of xtreme and xtreme-r are those that the released evaluation code scores. The mini benchmarks hold the
embedded twins: each real task's place and overlap, in the languages that the packaged text allows. A user's own
entries stand after the shipped ones.
"""

from xtransfer_stats.tasks import own
from xtransfer_stats.tasks.intermediate import INTERMEDIATE_TASKS
from xtransfer_stats.tasks.targets import answering, classification, retrieval, structure
from xtransfer_stats.tasks.task import TargetTask, TrainingTask

_GROUPS = (classification, structure, answering, retrieval)
_TRAININGS: tuple[TrainingTask, ...] = tuple(task for group in _GROUPS for task in group.TRAININGS)
_TARGETS: tuple[TargetTask, ...] = tuple(task for group in _GROUPS for task in group.TARGETS)

_SHIPPED_TRAININGS = {task.name: task for task in _TRAININGS}
_SHIPPED_TARGETS = {task.name: task for task in _TARGETS}
TARGET_TRAININGS = _SHIPPED_TRAININGS | own.trainings(_SHIPPED_TRAININGS, INTERMEDIATE_TASKS)
TARGET_TASKS = _SHIPPED_TARGETS | own.targets(_SHIPPED_TARGETS, TARGET_TRAININGS, INTERMEDIATE_TASKS)
