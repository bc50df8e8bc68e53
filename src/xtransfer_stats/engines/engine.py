"""What an engine is limited by, what it tells while it works, and what became of the steps."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from xtransfer_stats.study.step import Step


@dataclass
class Budget:
    """Wall time in seconds, from the moment it is made; `expected` estimates a step's seconds.

    A step that would not end in time is not begun; one that runs when the time is over is
    stopped and is run again by the next command.
    """

    seconds: float
    expected: Callable[[Step], float]
    clock: Callable[[], float] = time.monotonic
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = self.clock() + self.seconds

    @property
    def over(self) -> bool:
        """Whether the time is used up."""
        return self.clock() >= self._end

    def fits(self, step: Step) -> bool:
        """Whether the step is expected to end in time."""
        return self.clock() + self.expected(step) <= self._end


class Listener(Protocol):
    """Hears what happens to steps; a progress bar is one."""

    def started(self, step: Step) -> None:
        """Work on the step begins."""

    def progressed(self, step: Step, done: int, total: int) -> None:
        """So much of the step's work is done."""

    def finished(self, step: Step, *, elsewhere: bool) -> None:
        """The step is published, by another process where `elsewhere`."""

    def failed(self, step: Step, message: str) -> None:
        """The step failed, and whatever needs it is skipped."""

    def damaged(self, step: Step, trouble: str) -> None:
        """A finished step is not what was written; it is done again."""

    def retried(self, step: Step, why: str) -> None:
        """Whatever did the step is gone; it is tried again."""

    def placed(self, step: Step, machine: str) -> None:
        """The step runs on the machine of that name."""

    def resized(self, workers: int) -> None:
        """The engine does so many steps at once from now on."""


@dataclass
class Outcome:
    """What became of the steps that were to run."""

    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # key -> message
    skipped: list[str] = field(default_factory=list)  # a parent failed
    put_off: list[str] = field(default_factory=list)  # the budget was too short for them

    @property
    def sound(self) -> bool:
        """Whether nothing failed; a budget may have left some steps for later."""
        return not self.failed and not self.skipped


@dataclass(frozen=True)
class Limits:
    """Of time: a budget, or None. Of disk: whose weights stay once nothing needs them (see consequences.DROPPED), and
    the bytes that a step is expected to take.
    """

    budget: Budget | None = None
    keep: str = "all"
    expected_bytes: Callable[[Step], float] = lambda step: 0.0


NONE = Limits()
