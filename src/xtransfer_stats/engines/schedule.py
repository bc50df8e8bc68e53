"""Which step may run next: bookkeeping alone, shared by all engines."""

import heapq
from collections.abc import Iterable, Mapping

from xtransfer_stats.engines.engine import Budget, Outcome
from xtransfer_stats.study.step import Step

# The long chain first: with few workers the study ends when its last training does.
_RANK = {"pretrained": 0, "features": 1, "intermediate": 2, "target": 3, "evaluation": 4}


class Schedule:
    """Hands out steps whose parents are done; learns what became of them."""

    def __init__(self, steps: Mapping[str, Step], missing: Iterable[str], budget: Budget | None = None) -> None:
        self.steps, self.budget = steps, budget
        self.outcome = Outcome()
        self._order = {key: number for number, key in enumerate(steps)}
        self._open = set(missing)  # neither done nor failed nor skipped
        self._running: set[str] = set()
        self._queue: list[tuple[tuple[int, int], str]] = []
        self._children: dict[str, list[str]] = {}
        for key in sorted(self._open, key=self._order.__getitem__):
            for parent in steps[key].parents.values():
                self._children.setdefault(parent, []).append(key)
        for key in self._open:
            self._offer(key)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to run or to wait for."""
        return not self._open

    @property
    def left(self) -> int:
        """How many steps are neither done nor given up."""
        return len(self._open)

    @property
    def running(self) -> frozenset[str]:
        """Keys of the steps that were taken and did not come back."""
        return frozenset(self._running)

    def parents(self, step: Step) -> dict[str, Step]:
        """The steps that a step starts from, by role."""
        return {role: self.steps[key] for role, key in step.parents.items()}

    def _rank(self, key: str) -> tuple[int, int]:
        step = self.steps[key]
        # Held-back test features come after the trainings that do not need them.
        late = step.kind == "features" and step.args.get("split") == "test"
        return (3 if late else _RANK[step.kind], self._order[key])

    def _offer(self, key: str) -> None:
        if self._open.isdisjoint(self.steps[key].parents.values()):
            heapq.heappush(self._queue, (self._rank(key), key))

    def take(self) -> Step | None:
        """Return a step that may run now, or None; one that would not end within the budget is put off."""
        while self._queue:
            _, key = heapq.heappop(self._queue)
            if key not in self._open or key in self._running:
                continue
            if self.budget and not self.budget.fits(self.steps[key]):
                self._drop(key, self.outcome.put_off)
                continue
            self._running.add(key)
            return self.steps[key]
        return None

    def close_if_over(self) -> None:
        """Put off all that is open, also what runs, once the budget is used up; the engine stops it then."""
        if self.budget and self.budget.over:
            self.outcome.put_off += sorted(self._open, key=self._order.__getitem__)
            self._open.clear()

    def give_back(self, key: str) -> None:
        """The step did not run (another process holds it, or a parent has to be redone): offer it again."""
        self._running.discard(key)
        self._offer(key)

    def done(self, key: str) -> None:
        """The step is published: offer its children."""
        self._running.discard(key)
        self._open.discard(key)
        self.outcome.done.append(key)
        for child in self._children.get(key, ()):
            if child in self._open and child not in self._running:
                self._offer(child)

    def fail(self, key: str, message: str) -> None:
        """The step failed: whatever needs it is skipped."""
        self._running.discard(key)
        self._open.discard(key)
        self.outcome.failed[key] = message
        for child in self._children.get(key, ()):
            self._drop(child, self.outcome.skipped)

    def _drop(self, key: str, into: list[str]) -> None:
        """Take an open step, and whatever needs it, off the schedule."""
        if key in self._open:
            self._open.discard(key)
            into.append(key)
            for child in self._children.get(key, ()):
                self._drop(child, into)

    def redo(self, parent: str, child: str) -> None:
        """A step that stood as done is damaged: run it again before the child that found it so."""
        self._open.add(parent)
        self._children.setdefault(parent, []).append(child)
        self._running.discard(child)
        self._offer(parent)
