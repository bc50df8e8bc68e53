"""Kenward & Roger (1997, Biometrics 53, 983-997), as pbkrtest computes it.

Halekoh & Hojsgaard (2014), J. Stat. Softw. 59(9).
"""

import numpy as np
from scipy import linalg

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.criterion import Criterion
from xtransfer_stats.mixedmodels.crossproducts import Array
from xtransfer_stats.mixedmodels.hypotheses import independent, mean_square
from xtransfer_stats.mixedmodels.information import Information


class KenwardRoger:
    """Adjusted covariance of the coefficients, and degrees of freedom that match two moments of F."""

    def __init__(self, model: Criterion, parameters: Array, known: Information) -> None:
        if not model.reml:
            raise FitError("Kenward-Roger needs a REML fit: fit again with reml=True")
        self.information = known
        self.cov = known.adjusted

    def df(self, row: Array) -> float:
        return self._moments(row[None, :])[1]

    def joint(self, rows: Array, values: Array) -> tuple[float, float, float]:
        rows, values = independent(rows, values)
        scale, df = self._moments(rows)
        return scale * mean_square(rows, values, self.cov), float(len(rows)), df

    def _moments(self, rows: Array) -> tuple[float, float]:
        """Scaling of F and denominator df, matching two moments (Kenward & Roger 1997, section 2)."""
        phi, q = self.information.phi, len(rows)
        theta = rows.T @ linalg.solve(rows @ phi @ rows.T, rows)
        steps = theta @ phi @ self.information.P @ phi
        traces = np.trace(steps, axis1=1, axis2=2)
        A1 = float(traces @ self.information.W @ traces)
        A2 = float(np.einsum("ij,iab,jba->", self.information.W, steps, steps))
        if q == 1:  # the formulas below come down to this, where they do not divide by zero
            return 1.0, 2 / A2 if A2 > 0 else np.inf
        B = (A1 + 6 * A2) / (2 * q)
        g = ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2)
        c = np.array([g, q - g, q + 2 - g]) / (3 * q + 2 * (1 - g))
        rho = (1 + c[0] * B) / ((1 - c[1] * B) ** 2 * (1 - c[2] * B)) * (1 - A2 / q) ** 2 / q
        df = 4 + (q + 2) / (q * rho - 1)
        return df * (1 - A2 / q) / (df - 2), df
