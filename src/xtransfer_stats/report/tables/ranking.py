"""The table of a ranking: means, bands of conditions that cannot be told apart, and what seeds leave open."""

from operator import attrgetter

from xtransfer_stats.base import formats
from xtransfer_stats.report.panel import Column
from xtransfer_stats.report.tables.columns import Listing, number


def _ranks(low: float, high: float) -> str:
    if low != low:
        return formats.NONE
    return f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"


RANKING = Listing(
    "Ranking of conditions",
    "Conditions that share a letter are not told apart (all pairs, Holm). Ranks: those of 95 % of draws of all means; "
    "best: the probability of the first rank. These say what the seeds leave open, and test nothing."
    "{Lower is better.} {size}.",
    (
        Column("condition"),
        Column("benchmark"),
        number("mean ({points})", "mean"),
        number("seeds", "seeds", 0),
        Column("letters"),
        Column("ranks", ("rank_low", "rank_high"), _ranks, "r"),
        Column("best", "prob_best", lambda value: formats.NONE if value != value else formats.probability(value), "r"),
    ),
    attrgetter("ranking"),
)
