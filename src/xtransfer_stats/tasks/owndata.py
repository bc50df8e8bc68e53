"""Which intermediate tasks hold a target task's own training data."""

from xtransfer_stats.tasks.intermediate import INTERMEDIATE_TASKS
from xtransfer_stats.tasks.target import TARGET_TASKS, TARGET_TRAININGS


def own_data() -> dict[str, frozenset[str]]:
    """Target task -> intermediate tasks that share a corpus with its training (none for an untrained task)."""
    shared = {}
    for name, target in TARGET_TASKS.items():
        corpora = TARGET_TRAININGS[target.training].corpora if target.training else frozenset()
        shared[name] = frozenset(task.name for task in INTERMEDIATE_TASKS.values() if task.corpora & corpora)
    return shared
