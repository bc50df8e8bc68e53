"""Counts of right and wrong answers that add up over blocks of studies."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Tally:
    """asked: tests. wrong: the true null rejected, or, the same by translation, the interval missing the truth.

    untested: no p-value, counted as not rejected. width: sum of the widths of the intervals there are, points.
    """

    method: str
    contrast: str
    asked: int
    wrong: int
    untested: int
    widths: int
    width: float

    def plus(self, other: "Tally") -> "Tally":
        """Both together; of one method and contrast."""
        return Tally(
            self.method,
            self.contrast,
            self.asked + other.asked,
            self.wrong + other.wrong,
            self.untested + other.untested,
            self.widths + other.widths,
            self.width + other.width,
        )

    @property
    def percent(self) -> float:
        """Wrong answers in %."""
        return 100 * self.wrong / self.asked

    @property
    def error(self) -> float:
        """Monte-Carlo standard error of percent."""
        return monte_carlo_error(self.percent, self.asked)

    @property
    def mean_width(self) -> float:
        """Mean width of the intervals there are; NaN for none."""
        return self.width / self.widths if self.widths else float("nan")

    def record(self) -> dict:
        """For JSON."""
        return asdict(self)


def monte_carlo_error(percent: float, asked: int) -> float:
    """Standard error of a share in %, of so many independent tests."""
    return float(np.sqrt(percent * (100 - percent) / asked))


def tally(method: str, contrast: str, wrong: ArrayLike, untested: ArrayLike, width: ArrayLike) -> Tally:
    """The tally of arrays with one entry a test."""
    known = np.isfinite(np.asarray(width, dtype=float))
    return Tally(
        method,
        contrast,
        int(np.size(wrong)),
        int(np.sum(wrong)),
        int(np.sum(untested)),
        int(known.sum()),
        float(np.sum(np.where(known, width, 0.0))),
    )


def added(tallies: Iterable[Tally]) -> list[Tally]:
    """One tally a method and contrast, in the order of first sight."""
    found: dict[tuple[str, str], Tally] = {}
    for one in tallies:
        key = (one.method, one.contrast)
        found[key] = found[key].plus(one) if key in found else one
    return list(found.values())
