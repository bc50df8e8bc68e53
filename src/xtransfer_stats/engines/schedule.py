"""Which step may run next: bookkeeping alone, shared by all engines."""

import heapq
from collections.abc import Iterable, Mapping

from xtransfer_stats.engines.engine import Outcome
from xtransfer_stats.study.step import Step

# The long chain first: with few workers the study ends when its last training does.
_RANK = {"pretrained": 0, "features": 1, "intermediate": 2, "target": 3, "evaluation": 4}


class Schedule:
    """Hands out steps whose parents are done; learns what became of them."""

    def __init__(self, steps: Mapping[str, Step], missing: Iterable[str]) -> None:
        self.steps = steps
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
        """Return a step that may run now, or None."""
        while self._queue:
            _, key = heapq.heappop(self._queue)
            if key in self._open and key not in self._running:
                self._running.add(key)
                return self.steps[key]
        return None

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
        self._skip_children(key)

    def _skip_children(self, key: str) -> None:
        for child in self._children.get(key, ()):
            if child in self._open:
                self._open.discard(child)
                self.outcome.skipped.append(child)
                self._skip_children(child)

    def redo(self, parent: str, child: str) -> None:
        """A step that stood as done is damaged: run it again before the child that found it so."""
        self._open.add(parent)
        self._children.setdefault(parent, []).append(child)
        self._running.discard(child)
        self._offer(parent)
