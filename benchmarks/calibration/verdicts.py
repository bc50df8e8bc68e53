"""Many studies of one design, and what a method makes of each: the form that all methods share."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.design import Design
from xtransfer_stats.stats.core.estimands import CountContrast
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

Flags = NDArray[np.bool_]
ALPHA = 0.05


@dataclass(frozen=True)
class Studies:
    """One design, many studies: numbers (chains, studies)."""

    chains: pd.DataFrame
    design: Design
    numbers: Array
    rng: np.random.Generator

    def differences(self, contrast: CountContrast) -> Array:
        """(seeds, studies)."""
        return RunLevel(self.chains, self.design, self.numbers).differences(contrast)


@dataclass(frozen=True)
class Verdict:
    """wrong, untested, width: (studies,)."""

    wrong: Flags
    untested: Flags
    width: Array


def by_p(p: Array, width: Array) -> Verdict:
    """Wrong where a true null is rejected; no p, no rejection."""
    return Verdict(np.nan_to_num(p, nan=1.0) < ALPHA, np.isnan(p), width)


def by_interval(low: Array, high: Array) -> Verdict:
    """Wrong where the interval leaves out the truth, zero; NaN limits are no interval."""
    return Verdict((low > 0) | (high < 0), np.isnan(low) | np.isnan(high), high - low)


def of_moments(moments: Moments) -> Verdict:
    """The verdict of a t-test and its interval."""
    low, high = moments.interval(ALPHA)
    return by_p(moments.p_value(), high - low)


def of_answers(answers: list[tuple[float, float, float]]) -> Verdict:
    """p, low, high a study; NaN where a fit failed."""
    p, low, high = np.array(answers, dtype=float).T
    return by_p(p, high - low)
