"""A limit on the wall time of one command: for machines that are lent by the hour."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

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
