"""What a package is asked, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from benchmarks.seedpeers.studies import Study

LEVEL = 0.05


class Answer(NamedTuple):
    """found: a difference is called. low, high: the 95 % interval of new less base, in points, where there is one."""

    found: bool
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Way:
    """One way to use a package. name: "default", "best", ...; call: as it was made; sample: what it takes as one."""

    name: str
    call: str
    sample: str
    one_sided: bool = False


@dataclass(frozen=True)
class Method:
    """A call of a package, which may be read in several ways. studies: how many a cell has at the most."""

    package: str
    name: str
    ways: tuple[Way, ...]
    ask: Callable[[Study], tuple[Answer, ...]]
    studies: int = 2000

    @property
    def version(self) -> str | None:
        """The installed one, None where the package is not in this environment."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None


def excludes_zero(low: float, high: float) -> Answer:
    """A package that gives an interval alone finds a difference where it leaves out zero."""
    return Answer(not low <= 0 <= high, low, high)
