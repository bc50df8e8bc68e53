"""Do the routes agree? One sentence an estimand on which they do not, one when all do."""

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.termtable import THESE

SHIFT = 0.1  # of the smallest standard error; estimates nearer than that are one
ROUNDING = 0.005  # points: half of the last digit shown
WIDTHS = 1.5  # ratio of interval widths


def sentences(routes: pd.DataFrame) -> list[str]:
    """routes: column route and the result frame's; scope "these" is compared."""
    these = routes[routes["scope"] == THESE]
    apart = [text for name, part in these.groupby("contrast", sort=False) if (text := _differ(str(name), part))]
    if apart:
        return apart
    if these["route"].nunique() < 2:
        return []
    return [
        f"The routes agree: no estimate differs by more than {SHIFT:g} standard errors, no interval excludes "
        "zero alone, no "
        f"interval is more than {WIDTHS:g} times as wide as another."
    ]


def _differ(contrast: str, part: pd.DataFrame) -> str:
    ways = [text for text in (_estimates(part), _zero(part), _widths(part)) if text]
    return f"The routes disagree on {contrast}: {'; '.join(ways)}." if ways else ""


def _estimates(part: pd.DataFrame) -> str:
    known = part.dropna(subset=["estimate"])
    if known.empty or np.ptp(known["estimate"]) <= max(ROUNDING, SHIFT * known["std_error"].min()):
        return ""
    low, high = known.loc[known["estimate"].idxmin()], known.loc[known["estimate"].idxmax()]
    return f"the estimate is {low.estimate:+.2f} by {low.route} and {high.estimate:+.2f} by {high.route}"


def _zero(part: pd.DataFrame) -> str:
    known = part.dropna(subset=["conf_low", "conf_high"])
    excludes = (known["conf_low"] > 0) | (known["conf_high"] < 0)
    if excludes.all() or not excludes.any():
        return ""
    return f"zero is outside the interval by {_names(known[excludes])} and inside by {_names(known[~excludes])}"


def _widths(part: pd.DataFrame) -> str:
    known = part.dropna(subset=["conf_low", "conf_high"])
    width = known["conf_high"] - known["conf_low"]
    if len(known) < 2 or width.max() <= WIDTHS * width.min():
        return ""
    wide, narrow = known.loc[width.idxmax()], known.loc[width.idxmin()]
    return f"the interval by {wide.route} is {width.max():.2f} points wide, by {narrow.route} {width.min():.2f}"


def _names(part: pd.DataFrame) -> str:
    return ", ".join(part["route"])
