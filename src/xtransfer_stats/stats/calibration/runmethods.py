"""Methods on the runs' numbers, one study a column: what each makes of a contrast whose truth is zero."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from xtransfer_stats.stats.attain import sign_flip_p
from xtransfer_stats.stats.contrasts import CountContrast
from xtransfer_stats.stats.design import Design
from xtransfer_stats.stats.inference import Array, Moments, satterthwaite_df
from xtransfer_stats.stats.lmm.mixed import MixedFit, fit_mixed
from xtransfer_stats.stats.runlevel import RunLevel, paired
from xtransfer_stats.stats.runreml import RemlNumbers, _terms

Flags = NDArray[np.bool_]
ALPHA = 0.05
REPLICATES = 199


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


RunMethod = Callable[[Studies, CountContrast], Verdict]


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


def default(studies: Studies, contrast: CountContrast) -> Verdict:
    """What `--model mixed` says."""
    return of_moments(RunLevel(studies.chains, studies.design, studies.numbers).contrast(contrast))


class _Uncorrected(RunLevel):
    df_rule = staticmethod(satterthwaite_df)

    def _seed_by_count(self, contrast: CountContrast, share: float) -> Array:
        return np.zeros(self._numbers.shape[1])

    def _with_recurring(self, moments: Moments, contrast: CountContrast) -> tuple[Array, Array]:
        return moments.std_error, moments.df


def uncorrected(studies: Studies, contrast: CountContrast) -> Verdict:
    """Mean squares with Satterthwaite's own df, and the bare paired t: what the default corrects."""
    return of_moments(_Uncorrected(studies.chains, studies.design, studies.numbers).contrast(contrast))


def sets_as_fixed(studies: Studies, contrast: CountContrast) -> Verdict:
    """Crossed sets as if they were all there are: seed-paired t of the means over sets."""
    return of_moments(paired(studies.differences(contrast), len(studies.chains)))


def sign_flip(studies: Studies, contrast: CountContrast) -> Verdict:
    """Exact sign-flip; below six seeds it cannot reach 5 %."""
    p = np.array([sign_flip_p(column) for column in studies.differences(contrast).T])
    return by_p(p, np.full(len(p), np.nan))


def formula_reml(studies: Studies, contrast: CountContrast) -> Verdict:
    """REML with Kenward-Roger on the default's own formula."""
    return of_moments(RemlNumbers(studies.chains, studies.design, studies.numbers).contrast(contrast, 0))


def pooled_reml(studies: Studies, contrast: CountContrast) -> Verdict:
    """REML with Kenward-Roger, one variance for baseline and treated runs."""
    levels = np.array([0, *studies.design.counts])
    X = (studies.chains["n_tasks"].to_numpy()[:, None] == levels).astype(float)
    L = (levels == contrast.high).astype(float) - (levels == contrast.low)
    terms = _terms(studies.chains, studies.design)[:2]
    names = [f"count{level}" for level in levels]
    return of_answers([_answer(fit_mixed(column, X, names, terms), L) for column in studies.numbers.T])


def _answer(fit: MixedFit, L: Array) -> tuple[float, float, float]:
    if fit.state == "failed":
        return (np.nan,) * 3
    answer = fit.kenward_roger(L)
    return float(answer.p_value[0]), float(answer.conf_low[0]), float(answer.conf_high[0])


def of_answers(answers: list[tuple[float, float, float]]) -> Verdict:
    """p, low, high a study; NaN where a fit failed."""
    p, low, high = np.array(answers, dtype=float).T
    return by_p(p, high - low)


# The three bootstraps are stand-ins until the product's own routes take their places in this table.
def percentile(studies: Studies, contrast: CountContrast) -> Verdict:
    """Percentile bootstrap over seeds (scipy)."""
    return _scipy_bootstrap(studies, contrast, "percentile")


def bca(studies: Studies, contrast: CountContrast) -> Verdict:
    """Bias-corrected accelerated bootstrap over seeds (scipy)."""
    return _scipy_bootstrap(studies, contrast, "BCa")


def _scipy_bootstrap(studies: Studies, contrast: CountContrast, method: str) -> Verdict:
    found = stats.bootstrap(
        (studies.differences(contrast),), np.mean, axis=0, n_resamples=REPLICATES, method=method, rng=studies.rng
    )
    return by_interval(found.confidence_interval.low, found.confidence_interval.high)


def studentised(studies: Studies, contrast: CountContrast) -> Verdict:
    """Bootstrap-t over seeds; replicates without any spread are left out."""
    d = studies.differences(contrast)
    seeds = len(d)
    replicate = d[studies.rng.integers(seeds, size=(REPLICATES, seeds))]  # (replicates, seeds, studies)
    error = replicate.std(axis=1, ddof=1) / np.sqrt(seeds)
    off = replicate.mean(axis=1) - d.mean(axis=0)
    t = np.divide(off, error, out=np.full(off.shape, np.nan), where=error > 1e-12)
    low, high = np.nanquantile(t, (ALPHA / 2, 1 - ALPHA / 2), axis=0)
    se = d.std(axis=0, ddof=1) / np.sqrt(seeds)
    return by_interval(d.mean(axis=0) - high * se, d.mean(axis=0) - low * se)


DEFAULT, UNCORRECTED = "default", "default, uncorrected"
RUN_METHODS: Mapping[str, RunMethod] = {
    DEFAULT: default,
    UNCORRECTED: uncorrected,
    "sets as fixed": sets_as_fixed,
    "sign-flip": sign_flip,
    "REML on the formula, Kenward-Roger": formula_reml,
    "pooled REML, Kenward-Roger": pooled_reml,
    "bootstrap, percentile": percentile,
    "bootstrap, BCa": bca,
    "bootstrap, studentised": studentised,
}
