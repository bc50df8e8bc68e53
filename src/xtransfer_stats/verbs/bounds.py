"""What options can be: names, and bounds of numbers that no study reaches, so that a slip of the hand ends."""

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.usertext import shown

ENGINES = ("own", "statsmodels")  # that fit a mixed model
# Argument -> least and most. Replicates are held in memory; a process more than there are cores only waits.
BOUNDS = {
    "bootstrap": (0, 1_000_000),
    "draws": (1, 1_000_000),
    "workers": (1, 1024),
    "devices_per_step": (1, 1024),
    "seed": (0, 2**63 - 1),
}


def require_counts(**given: int) -> None:
    """Raise RecipeError naming the first argument that is out of its bounds."""
    for name, number in given.items():
        least, most = BOUNDS[name]
        if not least <= number <= most:
            raise RecipeError(f"{name} {shown(number)}: give a whole number from {least} to {most:,}", [name])
