"""How large numbers may be: their squares are summed, and a sum that overflows would be an answer about nothing."""

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.base.errors import FitError

LARGEST = 1e100  # its square is a double, and so is a sum of many


def require_moderate(values: NDArray[np.float64], name: str) -> None:
    """Raise FitError, naming the column, for values beyond 1e100, or none of which but zeros is above 1e-100."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest > LARGEST:
        row = int(np.abs(values).argmax())
        raise FitError(
            f"{name} holds {values[row]:g} in row {row}: squares of such numbers overflow; divide the column"
        )
    if 0 < largest < 1 / LARGEST:
        raise FitError(f"{name} holds nothing above {largest:g}: squares of such numbers vanish; multiply the column")
