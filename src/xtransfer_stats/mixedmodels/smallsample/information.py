"""What the variance parameters do to the precision of the fixed effects: Kenward and Roger's quantities.

The covariance parameters are the elements of each block's covariance (lower triangle, row by row) and the
residual variance of each group; V = sum_i s_i V_i is linear in them (Kenward & Roger 1997, Biometrics 53, 983-997).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.randomterms import Array


@dataclass(frozen=True)
class Information:
    """Second-order quantities, in the working basis and units: p coefficients, v variances."""

    sigma2: float  # residual variance of the first group
    phi: Array  # (p, p) covariance of the coefficients of Q
    P: Array  # (v, p, p) X' V^-1 V_i V^-1 X
    Q: Array  # (v, v, p, p) X' V^-1 V_i V^-1 V_j V^-1 X
    K: Array  # (v, v) tr(V^-1 V_i V^-1 V_j)

    @cached_property
    def expected(self) -> Array:
        """Expected second derivatives of -2 log restricted likelihood, tr(P V_i P V_j), (v, v)."""
        smoothed = self.phi @ self.P
        twice = np.einsum("ab,ijba->ij", self.phi, self.Q)
        return np.asarray(self.K - 2 * twice + np.einsum("iab,jba->ij", smoothed, smoothed))

    @cached_property
    def W(self) -> Array:  # noqa: N802 - Kenward and Roger's letter
        """Covariance of the variance estimates (v, v): twice the inverse of the expected information."""
        return 2 * linalg.pinvh(self.expected)

    @cached_property
    def adjusted(self) -> Array:
        """Kenward and Roger's covariance of the coefficients, (p, p)."""
        return adjusted_covariance(self, self.W)


def adjusted_covariance(known: Information, W: Array) -> Array:
    """The coefficients' covariance (p, p), adjusted for what is not known of the variances; W (v, v) their own."""
    # sum_ij W_ij (Q_ij - P_i phi P_j), summed over i first: v products of p x p matrices instead of v squared.
    weighted = np.einsum("ij,iab->jab", W, known.P)
    through = (weighted @ known.phi @ known.P).sum(axis=0)
    middle = np.einsum("ij,ijab->ab", W, known.Q) - through
    return known.phi + 2 * known.phi @ (middle + middle.T) / 2 @ known.phi
