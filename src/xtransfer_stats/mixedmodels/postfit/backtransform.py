"""From the scale of a transformed response back to the response's own."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.notation.formulaeadapter import response_call
from xtransfer_stats.mixedmodels.randomterms import Array


@dataclass(frozen=True)
class BackTransform:
    """name: the function, as the formula calls it. of: what stands in its brackets. ratios: differences become ratios.

    inverse, slope: of a value (m,) on the model's scale.
    """

    name: str
    of: str
    ratios: bool
    inverse: Callable[[Array], Array]
    slope: Callable[[Array], Array]


_INVERSES: dict[str, tuple[bool, Callable[[Array], Array], Callable[[Array], Array]]] = {
    "log": (True, np.exp, np.exp),
    "log2": (True, np.exp2, lambda x: np.log(2) * np.exp2(x)),
    "log10": (True, lambda x: 10.0**x, lambda x: np.log(10) * 10.0**x),
    "log1p": (False, np.expm1, np.exp),
    "sqrt": (False, lambda x: np.where(x >= 0, x, np.nan) ** 2, lambda x: 2 * x),
}


def back_transform(fitted: FormulaFit) -> BackTransform | None:
    """How to get back from the response of a formula; None where it is no function that can be undone."""
    call = response_call(fitted.source.notation.fixed) if fitted.source else None
    if call is None or call[0] not in _INVERSES:
        return None
    ratios, inverse, slope = _INVERSES[call[0]]
    return BackTransform(*call, ratios, inverse, slope)
