"""Weights that nothing needs any more, dropped while a study runs."""

from collections.abc import Iterable, Mapping

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step

# What is dropped at each choice of --keep.
DROPPED: Mapping[str, frozenset[str]] = {
    "all": frozenset(),
    "intermediate": frozenset({"target"}),
    "scores": frozenset({"target", "intermediate"}),
}


class Release:
    """Drops a step's weights once all steps of the plan that start from it are done."""

    def __init__(self, steps: Mapping[str, Step], missing: Iterable[str], store: Store, keep: str) -> None:
        """Raises RecipeError for another `keep` than those of DROPPED."""
        if keep not in DROPPED:
            raise RecipeError(f"--keep {keep!r}: choose one of {', '.join(DROPPED)}")
        self._steps, self._store = steps, store
        kinds, undone = DROPPED[keep], set(missing)
        self._waiting: dict[str, set[str]] = {key: set() for key, step in steps.items() if step.kind in kinds}
        for key in undone:
            for parent in self._droppable(steps[key]):
                self._waiting[parent].add(key)
        self._released = {key for key in self._waiting if key not in undone}
        for key in list(self._released):
            self._release(key)

    def _droppable(self, step: Step) -> list[str]:
        return [parent for parent in step.parents.values() if parent in self._waiting]

    def done(self, step: Step) -> None:
        """A step is published: its parents may have served their last."""
        if step.key in self._waiting:
            self._released.add(step.key)
            self._release(step.key)
        for parent in self._droppable(step):
            self._waiting[parent].discard(step.key)
            self._release(parent)

    def _release(self, key: str) -> None:
        if key in self._released and not self._waiting[key]:
            self._store.thin(self._steps[key])
