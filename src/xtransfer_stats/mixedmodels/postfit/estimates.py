"""Combinations of the fixed effects that belong together (means, slopes, contrasts), judged as a family."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.fitreport import DF_METHODS
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.postfit.adjustments import STEPWISE, adjusted, reaches
from xtransfer_stats.mixedmodels.postfit.backtransform import BackTransform
from xtransfer_stats.mixedmodels.postfit.fixedpart import FixedPart
from xtransfer_stats.mixedmodels.randomterms import Array

LEVEL = 0.95
RESULTS = (
    *("estimate", "std_error", "df", "df_method", "statistic", "p_value", "p_adjusted", "conf_low", "conf_high"),
    *("adjustment", "family_size", "not_estimable"),
)
_GIVEN = ("df_method", "adjustment", "family_size", "not_estimable")


@dataclass(frozen=True)
class LinearEstimates:
    """One row a combination of the coefficients.

    kind: "means", "slopes" or "contrasts"; what: which means or slopes, in words; names: their predictors. labels:
    (m, k) what each row is of. by: the labels within which rows are a family of their own. L: (m, all) weights of all
    columns of the fixed part; offset (m,) is added. held: what is fixed or averaged over. back: where set, estimates
    are given on the response's own scale. compared: how many means a pairwise family compares, else 0.
    """

    fitted: FormulaFit
    part: FixedPart = field(repr=False)
    kind: str
    what: str
    names: tuple[str, ...]
    labels: pd.DataFrame
    by: tuple[str, ...]
    L: Array = field(repr=False)
    offset: Array = field(repr=False)
    method: str
    held: str
    notes: tuple[str, ...] = ()
    adjustment: str = "none"
    compared: int = 0
    back: BackTransform | None = None

    @property
    def tested(self) -> bool:
        """Whether a test against zero makes sense of the rows: of means it does not."""
        return self.kind != "means"

    @property
    def ratios(self) -> bool:
        """Whether a contrast is given as a ratio."""
        return self.kind == "contrasts" and self.back is not None

    @property
    def subject(self) -> str:
        """What the rows are of: "marginal means of a and b within each c"."""
        own = [name for name in self.names if name not in self.by]
        joint = " by " if self.what.startswith("slopes") else " of "
        within = f" within each {' and '.join(name.removeprefix('of ') for name in self.by)}" if self.by else ""
        return f"{self.what}{joint if own else ''}{' and '.join(own)}{within}"

    def families(self) -> list[np.ndarray]:
        """Places of the rows of each family."""
        if not self.by:
            return [np.arange(len(self.labels))]
        groups = self.labels.groupby(list(self.by), sort=False, observed=True)
        return [np.asarray(places) for places in groups.indices.values()]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The labels, estimate, std_error, df, df_method, conf_low, conf_high; of slopes and contrasts also the rest.

        statistic, p_value, p_adjusted, adjustment, family_size: of the test against zero (of a ratio against one).
        not_estimable: the rows do not determine it; its numbers are NaN.
        """
        known = self.part.estimable(np.nan_to_num(self.L)) & np.all(np.isfinite(self.L), axis=1)
        numbers = {name: np.full(len(self.L), np.nan) for name in RESULTS if name not in _GIVEN}
        size = np.zeros(len(self.L), dtype=int)
        for family in self.families():
            inside, size[family] = family[known[family]], len(family)
            for name, values in self._family(inside, len(family)).items() if len(inside) else ():
                numbers[name][inside] = values
        out = pd.DataFrame(numbers | {"df_method": DF_METHODS[self.method], "adjustment": self.adjustment})
        out = out.assign(family_size=size, not_estimable=~known)
        untested = ("statistic", "p_value", "p_adjusted", "adjustment", "family_size")
        columns = [name for name in RESULTS if self.tested or name not in untested]
        labels = self.labels.rename(columns={name: f"{name} (level)" for name in self.labels if name in RESULTS})
        return pd.concat([labels, out[columns]], axis=1)

    def _family(self, inside: np.ndarray, asked: int) -> dict[str, Array]:
        """Numbers of the estimable rows of one family, of which so many were asked for."""
        L = self.L[inside][:, list(self.part.kept)]
        known = self.fitted.fit.inference(L, self.method)
        estimate, error = known.estimate + self.offset[inside], known.std_error
        covariance = L @ self.fitted.fit.covariance(self.method) @ L.T
        correlation = covariance / np.outer(np.sqrt(np.diag(covariance)), np.sqrt(np.diag(covariance)))
        name = "bonferroni" if self.adjustment in STEPWISE else self.adjustment
        reach = reaches(name, LEVEL, known.df, correlation, tests=asked, means=self.compared) * error
        low, high, shown, shown_error = estimate - reach, estimate + reach, estimate, error
        if self.back:
            low, high, shown = (self.back.inverse(one) for one in (low, high, estimate))
            shown_error = np.abs(self.back.slope(estimate)) * error
        p_adjusted = adjusted(self.adjustment, known.statistic, known.df, correlation, tests=asked, means=self.compared)
        names = ("estimate", "std_error", "df", "statistic", "p_value", "p_adjusted", "conf_low", "conf_high")
        values = (shown, shown_error, known.df, known.statistic, known.p_value, p_adjusted, low, high)
        return dict(zip(names, values, strict=True))

    def remarks(self) -> Iterator[str]:
        """What a reader has to know of the numbers."""
        yield from self.notes
        rows = self.labels[self.rows["not_estimable"]]
        if len(rows):
            first = ", ".join(f"{name} = {level_text(value)}" for name, value in rows.iloc[0].items())
            one = "1 row is" if len(rows) == 1 else f"{len(rows)} rows are"
            yield (
                f"{one} not estimable, {first}{' the first' if len(rows) > 1 else ''}: the table has no rows for some "
                "combination that enters; leave levels out by at, or a term out of the formula"
            )


def level_text(value: object) -> str:
    """A level as it is written in a label."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def require_undone(back: BackTransform | None, formula: str) -> BackTransform:
    """Raise FitError where the response is no function that can be undone."""
    if back is None:
        raise FitError(
            f"back: the response of {formula!r} is not log, log2, log10, log1p or sqrt of something, so there is no "
            "other scale to go back to; leave out back",
            ["back:"],
        )
    return back
