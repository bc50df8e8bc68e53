"""Methods on the runs' numbers, one study a column: what each makes of a contrast whose truth is zero."""

from collections.abc import Callable

import numpy as np
from benchmarks.calibration.seedbootstrap import bca, percentile, studentised
from benchmarks.calibration.verdicts import Studies, Verdict, by_p, of_answers, of_moments

from xtransfer_stats.mixedmodels.mixed import MixedFit, fit_mixed
from xtransfer_stats.stats.core.estimands import Coefficients, CountContrast, coefficients
from xtransfer_stats.stats.core.inference import Array, Moments, paired, satterthwaite_df
from xtransfer_stats.stats.core.signflip import sign_flip_p
from xtransfer_stats.stats.runlevel.runlevel import RunLevel
from xtransfer_stats.stats.runlevel.runreml import RemlNumbers, run_terms

RunMethod = Callable[[Studies, CountContrast], Verdict]


def default(studies: Studies, contrast: CountContrast) -> Verdict:
    """What `--model mixed` says."""
    return of_moments(RunLevel(studies.chains, studies.design, studies.numbers).contrast(contrast))


class _Uncorrected(RunLevel):
    df_rule = staticmethod(satterthwaite_df)

    def _seed_by_count(self, used: Coefficients) -> Array:
        return np.zeros(self._numbers.shape[1])

    def _with_recurring(self, moments: Moments, used: Coefficients) -> tuple[Array, Array]:
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
    return of_moments(
        RemlNumbers(studies.chains, studies.design, studies.numbers).combination(coefficients(contrast), 0)
    )


def pooled_reml(studies: Studies, contrast: CountContrast) -> Verdict:
    """REML with Kenward-Roger, one variance for baseline and treated runs."""
    levels = np.array([0, *studies.design.counts])
    X = (studies.chains["n_tasks"].to_numpy()[:, None] == levels).astype(float)
    L = (levels == contrast.high).astype(float) - (levels == contrast.low)
    terms = run_terms(studies.chains, studies.design)[:2]
    names = [f"count{level}" for level in levels]
    return of_answers([_answer(fit_mixed(column, X, names, terms), L) for column in studies.numbers.T])


def _answer(fit: MixedFit, L: Array) -> tuple[float, float, float]:
    if fit.state == "failed":
        return (np.nan,) * 3
    answer = fit.kenward_roger(L)
    return float(answer.p_value[0]), float(answer.conf_low[0]), float(answer.conf_high[0])


DEFAULT, UNCORRECTED = "default", "default, uncorrected"
RUN_METHODS: dict[str, RunMethod] = {
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
