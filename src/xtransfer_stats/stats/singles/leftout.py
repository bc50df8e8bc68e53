"""A choice among tasks and what the chosen one gains, without judging it by the scores that chose it.

The best of several means is too high: the luck that made it best counts as gain (the optimizer's curse, Smith and
Winkler 2006). Here each seed's gain is that of the task which the *other* seeds choose, cross-validation with a seed as
the part left out (Stone 1974). Its expectation is at most the gain of the truly best task; that of the plain estimate,
chosen and judged on all seeds, is at least that gain. So the interval runs from the lower limit of the first to the
upper limit of the second.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.stats.core.inference import Array, Moments, paired

METHOD = "left-out choice, seed-paired t"


@dataclass(frozen=True, kw_only=True)
class Bracketed(Moments):
    """Moments of a number that lies, in expectation, between two estimates of it.

    estimate and std_error: of the one that is reported. below: errs downwards; above: errs upwards. A one-sided test
    uses the one that errs against it, so that neither rejects a truth more often than Student's t.
    """

    below: Moments
    above: Moments

    def p_above(self, bound: float) -> Array:
        """One-sided p of number > bound."""
        return self.below.p_above(bound)

    def p_below(self, bound: float) -> Array:
        """One-sided p of number < bound."""
        return self.above.p_below(bound)

    def p_value(self) -> Array:
        """Two-sided p: twice the smaller of the one-sided ones."""
        return np.minimum(1.0, 2 * np.minimum(self.p_above(0.0), self.p_below(0.0)))

    def interval(self, alpha: float) -> tuple[Array, Array]:
        """From the lower limit of what errs downwards to the upper limit of what errs upwards."""
        return self.below.interval(alpha)[0], self.above.interval(alpha)[1]


def others_choice(gains: Array, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """The best task of each seed by the mean gain of the other seeds; (S,), -1 where no other seed tells one.

    gains: (S, K), NaN for none. allowed: (S, K), tasks to choose from.
    """
    known = ~np.isnan(gains)
    sums, counts = np.where(known, gains, 0.0), known.astype(int)
    others, many = sums.sum(axis=0) - sums, counts.sum(axis=0) - counts
    means = np.divide(others, many, out=np.full(gains.shape, -np.inf), where=many > 0)
    return _largest(means if allowed is None else np.where(allowed, means, -np.inf))


def own_choice(gains: Array, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """The best task by the mean gain of all seeds, of those allowed to each seed; (S,), -1 for none."""
    known = ~np.isnan(gains)
    many = known.sum(axis=0)
    means = np.divide(np.where(known, gains, 0.0).sum(axis=0), many, out=np.full(many.shape, -np.inf), where=many > 0)
    whole = np.broadcast_to(means, gains.shape)
    return _largest(whole if allowed is None else np.where(allowed, whole, -np.inf))


def _largest(means: Array) -> NDArray[np.int64]:
    return np.where(np.isneginf(means.max(axis=1)), -1, means.argmax(axis=1))


def chosen(gains: Array, choice: NDArray[np.int64]) -> Array:
    """Each seed's own gain of its chosen task, (S,); NaN where there is none."""
    picked = gains[np.arange(len(gains)), np.maximum(choice, 0)]
    return np.where(choice < 0, np.nan, picked)


def over_seeds(values: Array, n_runs: int) -> Moments:
    """Student's t of one number a seed, (S,); seeds without it are left out."""
    return paired(values[~np.isnan(values)][:, None], n_runs)


def bracketed(left_out: Array, plain: Array, n_runs: int, *, upwards: bool) -> Bracketed:
    """The moments of a gain by left-out and by plain choice, both (S,).

    upwards: the plain choice errs upwards, as in the gain of the best; else downwards, as in what is set against it.
    """
    mean, other = over_seeds(left_out, n_runs), over_seeds(plain, n_runs)
    below, above = (mean, other) if upwards else (other, mean)
    return Bracketed(
        estimate=mean.estimate,
        std_error=mean.std_error,
        df=mean.df,
        method=METHOD,
        n_runs=n_runs,
        note=mean.note,
        below=below,
        above=above,
    )
