"""Room on the store's disk: a step that would not fit is not begun, rather than trained and lost."""

from collections.abc import Callable, Iterable
from pathlib import Path

from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.store import disk
from xtransfer_stats.study.step import Step


class Room:
    """The disk of a store; `expected` estimates the bytes that a step takes."""

    def __init__(self, root: Path, expected: Callable[[Step], float]) -> None:
        self._root, self._expected = root, expected

    def needed(self, step: Step, running: Iterable[Step]) -> float:
        """Bytes for the step, for those that run and have written little yet, and for manifests."""
        return disk.NO_ROOM + self._expected(step) + sum(map(self._expected, running))

    def fits(self, step: Step, running: Iterable[Step]) -> bool:
        """Whether the disk has room for the step beside those that run."""
        return self.needed(step, running) <= disk.free(self._root)

    def refusal(self, step: Step) -> StoreError:
        """The error of a step that does not fit even alone."""
        place = f"store {self._root.name!r}"
        free, needed = (f"{size / 1e6:,.1f} MB" for size in (disk.free(self._root), self.needed(step, ())))
        return StoreError(
            f"{place}: the disk is nearly full: {free} are free, and {step.kind} {step.name} needs about {needed}. "
            "Free some space, or give keep scores, which drops weights that nothing needs any more. "
            "Finished steps are kept; issue the same command again to go on.",
            [place, "keep scores"],
        )
