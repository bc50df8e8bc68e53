"""How often a step is tried again when whatever did it is gone, a machine or a process; no failed step is."""

from collections import Counter

from xtransfer_stats.study.step import Step

TRIES = 4  # in one run; a step that takes its machine with it each time must come to an end


class Retries:
    """Counts the tries of each step in one run."""

    def __init__(self, tries: int = TRIES) -> None:
        self._tries, self._lost = tries, Counter[str]()

    def again(self, step: Step, how: str) -> str | None:
        """Count a loss; the sentence of another try, or None where there is none left."""
        self._lost[step.key] += 1
        lost = self._lost[step.key]
        return f"{how}; try {lost + 1} of {self._tries}" if lost < self._tries else None

    def spent(self, how: str) -> str:
        """The sentence of a step that has no try left."""
        return f"lost in each of {self._tries} tries, the last time: {how}"
