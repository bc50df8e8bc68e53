"""The lead, eliminated at given variances: what it leaves to the others, and what they say of its covariance.

The lead is the grouping factor with most effects, whatever number k of them a level has: its cross-product G is block
diagonal, levels blocks of k x k, and so is all that is made of it alone. With S its relative covariance and c what a
level shares with the other columns, the level adds log |I + G S| to the criterion and takes c' kappa c from the others'
matrix, kappa = S (I + G S)^-1.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.likelihood.levelalgebra import Array, everywhere, inverted, product, transposed

SOUND = 1e4  # condition of a factor that may be divided by


@dataclass(frozen=True)
class Lead:
    """factor (k, k) lower triangular; gram, spread, kappa (k, k, levels); logs: the sum of log |I + G S|.

    spread: (I + factor' G factor)^-1, the conditional variance of the spherical effects given the others.
    """

    factor: Array
    gram: Array
    spread: Array
    kappa: Array
    logs: float

    @classmethod
    def at(cls, factor: Array, gram: Array) -> "Lead":
        """The lead with a relative covariance factor."""
        if not len(factor):
            return cls(factor, gram, gram, gram, 0.0)
        if len(factor) == 1:
            spread, logs = inverted(1 + factor[0, 0] ** 2 * gram)
            return cls(factor, gram, spread, factor[0, 0] ** 2 * spread, logs)
        across, along = everywhere(factor), everywhere(factor.T)
        spread, logs = inverted(product(product(along, gram), across) + everywhere(np.eye(len(factor))))
        return cls(factor, gram, spread, product(product(across, spread), along), logs)

    @cached_property
    def shrink(self) -> Array:
        """(I + S G)^-1, (k, k, levels)."""
        if len(self.factor) == 1:
            return self.spread
        if len(self.factor) and np.linalg.cond(self.factor) < SOUND:  # no digits are lost where S G is large
            return product(product(everywhere(self.factor), self.spread), everywhere(linalg.inv(self.factor)))
        return everywhere(np.eye(len(self.factor))) - product(self.kappa, self.gram)

    def slope(self, quadratics: Array) -> Array:
        """Derivative of the criterion in S, (k, k); quadratics: c M c' of each level, M the derivative in C."""
        own = product(self.gram, self.shrink)
        taken = product(product(transposed(self.shrink), quadratics), self.shrink)
        return np.asarray(np.sum(own - taken, axis=2))
