"""How often something is told where no bar can be drawn: into a file, a pipe, a job's log."""

import time
from collections.abc import Callable

EVERY = 30.0  # seconds from one line to the next: two a minute, whatever the work


class Pace:
    """Says when the next line is due; the first is due one interval after the start."""

    def __init__(self, every: float = EVERY, clock: Callable[[], float] = time.monotonic) -> None:
        self._every, self._clock = every, clock
        self._next = clock() + every

    def due(self) -> bool:
        """Whether a line is due now; the one after it comes an interval later."""
        now = self._clock()
        if now < self._next:
            return False
        self._next += self._every * (1 + (now - self._next) // self._every)
        return True
