"""The target tasks, one entry for each score identity, and what they are trained on; a user's own stand last."""

from xtransfer_stats.tasks import entries, ownfile
from xtransfer_stats.tasks.intermediate import INTERMEDIATE_TASKS, NINE

_NINE = {name: INTERMEDIATE_TASKS[name] for name in NINE}
_TRAININGS = entries.trainings(entries.shipped_tables(), _NINE)
_TARGETS = entries.targets(entries.shipped_tables(), _NINE, _TRAININGS)

TARGET_TRAININGS = _TRAININGS | entries.trainings(ownfile.tables(), INTERMEDIATE_TASKS, _TRAININGS)
TARGET_TASKS = _TARGETS | entries.targets(ownfile.tables(), INTERMEDIATE_TASKS, TARGET_TRAININGS, _TARGETS)
