"""What follows from an attempt at a step, the same for every engine."""

import time
from collections.abc import Mapping, Sequence

from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.engines.engine import Limits, Listener
from xtransfer_stats.engines.perform import Ending, Result
from xtransfer_stats.engines.release import Release
from xtransfer_stats.engines.schedule import Schedule
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step

LOOK_AGAIN = 0.5  # seconds between looks at steps that other processes hold


class Settlement:
    """Tells schedule and listener how attempts ended."""

    def __init__(self, schedule: Schedule, store: Store, listener: Listener, release: Release) -> None:
        self.schedule, self.store, self.listener, self.release = schedule, store, listener, release
        self._busy: dict[str, float] = {}  # steps that other processes hold -> when to look again

    def settle(self, step: Step, result: Result) -> None:
        """Draw the consequences; raises StoreError when the store cannot be written at all."""
        consequences = {
            Ending.DONE: self._done,
            Ending.ELSEWHERE: self._done,
            Ending.BUSY: self._held,
            Ending.FAILED: self._failed,
            Ending.DAMAGED: self._damaged,
            Ending.HALTED: self._halted,
        }
        consequences[result.ending](step, result)

    def look_at_busy(self) -> None:
        """Offer again the steps whose time to look has come."""
        now = time.monotonic()
        for key in [key for key, when in self._busy.items() if when <= now]:
            del self._busy[key]
            self.schedule.give_back(key)

    def _done(self, step: Step, result: Result) -> None:
        self.schedule.done(step.key)
        self.release.done(step)
        self.listener.finished(step, elsewhere=result.ending is Ending.ELSEWHERE)

    def _held(self, step: Step, result: Result) -> None:
        self._busy[step.key] = time.monotonic() + LOOK_AGAIN

    def _failed(self, step: Step, result: Result) -> None:
        self.schedule.fail(step.key, result.message)
        self.listener.failed(step, result.message)

    def _damaged(self, step: Step, result: Result) -> None:
        culprit = self.schedule.steps[result.culprit]
        with self.store.claimed(culprit) as mine:
            if mine:
                self.store.remove(culprit)
        self.listener.damaged(culprit, result.message)
        self.schedule.redo(culprit.key, step.key)

    def _halted(self, step: Step, result: Result) -> None:
        raise StoreError(result.message)


def settlement_of(
    steps: Mapping[str, Step], missing: Sequence[str], store: Store, listener: Listener, limits: Limits
) -> Settlement:
    """The bookkeeping of one run of an engine."""
    release = Release(steps, missing, store, limits.keep)
    return Settlement(Schedule(steps, missing, limits.budget), store, listener, release)
