"""Moderated variances: what the rows of one exploratory family lend each other in degrees of freedom (limma's t).

Smyth (2004, Statistical Applications in Genetics and Molecular Biology 3, article 3): a row's variance is its expected
one times s0^2 d0 / chi2(d0). The log of an estimate with d df scatters by trigamma(d/2); what the rows' logs scatter
beyond that gives the prior df d0, infinite where nothing is left. The posterior variance (d0 s0^2 + d s^2) / (d0 + d)
has d0 + d df.

Two things differ from limma, which has thousands of genes where a study has ten to fifty rows. Rows share the luck of
the same runs, so that their variances scatter less than independent ones and hold fewer df together than they have.
And target tasks differ much in scale: a prior that outweighs a row's own variance finds too much on the noisiest task
(12 % where it should be 5), so that it counts at most MOST times the row's own df.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from xtransfer_stats.base.formats import number
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.core.rows import joined

LEAST_ROWS = 3
MOST = 2.0  # the prior's df over the row's own
FLOOR = 1e-5  # of the median: a variance near zero by chance has no log to speak of (limma's floor)


@dataclass(frozen=True)
class Expected:
    """What is known of a family's variances before its rows' own are seen.

    variance: (n,), up to one factor that the rows themselves give. df: (n,), the most that a row may end with, from
    what its expected variance rests on. scatter: share of trigamma(d/2) by which the logs scatter by chance alone,
    below one for rows that share their luck. fitted: parameters of `variance` that came from the rows' own variances.
    others: (n,), the share of a row's expected variance that other rows gave, one less its leverage where it was fitted
    to them all: what a row says of itself is no prior.
    """

    variance: Array
    df: Array
    others: Array
    scatter: float = 1.0
    fitted: int = 1


@dataclass(frozen=True)
class Prior:
    """df: d0, infinite where the variances are alike. factor: s0^2, on the expected variances."""

    df: float
    factor: float


def prior(variances: Array, dfs: Array, expected: Expected) -> Prior:
    """d0 and s0^2 from the first two moments of the log variances (n,), all above zero, with dfs (n,).

    Smyth (2004), section 6.2. With an infinite d0 s0^2 is the mean of the ratios.
    """
    ratio = variances / expected.variance
    ratio = np.maximum(ratio, FLOOR * np.median(ratio))
    logs = np.log(ratio) - special.digamma(dfs / 2) + np.log(dfs / 2)
    chance = expected.scatter * special.polygamma(1, dfs / 2).mean()
    beyond = ((logs - logs.mean()) ** 2).sum() / (len(logs) - expected.fitted) - chance
    if beyond <= 0:
        return Prior(np.inf, float(ratio.mean()))
    half = inverse_trigamma(float(beyond))
    return Prior(2 * half, float(np.exp(logs.mean() + special.digamma(half) - np.log(half))))


def inverse_trigamma(value: float) -> float:
    """The x > 0 with trigamma(x) = value > 0, by Newton's method on its reciprocal (Smyth 2004, appendix)."""
    x = 0.5 + 1 / value
    for _ in range(50):
        here = float(special.polygamma(1, x))
        step = here * (1 - here / value) / float(special.polygamma(2, x))
        x += step
        if -step / x < 1e-10:
            break
    return x


def moderated(moments: Moments, expected: Expected) -> Moments:
    """The moments with moderated errors and df; the method says the prior's df, or the note why there is none.

    A row without an error or without variation stays as it is and lends nothing: constant scores are no small luck.
    """
    known = np.isfinite(moments.df) & (moments.std_error > 0)
    if known.sum() < max(LEAST_ROWS, expected.fitted + 2):
        return unmoderated(moments, f"fewer than {max(LEAST_ROWS, expected.fitted + 2)} rows that vary")
    own, df = moments.std_error[known] ** 2, moments.df[known]
    part = replace(expected, variance=expected.variance[known], df=expected.df[known], others=expected.others[known])
    whole = prior(own, df, part)
    before = np.minimum(whole.df, MOST * df) * part.others
    std_error, dfs = moments.std_error.copy(), moments.df.copy()
    std_error[known] = np.sqrt((before * whole.factor * part.variance + df * own) / (before + df))
    dfs[known] = np.minimum(before + df, np.maximum(part.df, df))
    method = f"moderated {moments.method} (prior df {number(float(np.median(before)), 1)})"
    return replace(moments, std_error=std_error, df=dfs, method=method)


def unmoderated(moments: Moments, why: str) -> Moments:
    """The same moments, the note saying why no prior was used."""
    return replace(moments, note=joined(moments.note, f"not moderated: {why}"))
