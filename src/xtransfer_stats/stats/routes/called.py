"""What the routes are called, in tables and in sentences."""

from xtransfer_stats.stats.core import inference
from xtransfer_stats.stats.runlevel.recipe import IN_THIS_LAYOUT

MIXED, PAIRED, CELLS = "mixed model", "seed-paired", "cell-level model"
ENGINE, BAYES = "second engine", "Bayesian"
SEEDS, CROSSED, ITEMS = "bootstrap over seeds", "crossed bootstrap", "two-level bootstrap"


def words(route: str, method: str) -> str:
    """What a table calls a route: its method, and that it is the mixed model where it is.

    With sets nested in seeds the mixed model of a contrast and the seed-paired t are one computation.
    """
    if route != MIXED:
        return method
    return f"{method} ({IN_THIS_LAYOUT})" if method == inference.PAIRED else f"{MIXED}: {method}"
