"""Checks for machines: whether a hypothesis is shown to lie above or below a bound, "effect(lora) > -0.5"."""

import re
from collections.abc import Sequence

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.results import Checked
from xtransfer_stats.stats.core.scores import Labels
from xtransfer_stats.stats.runlevel.combination import combination, factored
from xtransfer_stats.stats.runlevel.hypothesis import hypothesis_weights

_PATTERN = re.compile(r"(?P<what>.+?)\s*(?P<sign>[<>])=?\s*(?P<bound>[+-]?\d+(?:\.\d+)?)\s*")


def checked(
    complete: CompleteScores, texts: Sequence[str], alpha: float, labels: Labels | None = None
) -> tuple[Checked, ...]:
    """Each check, tested one-sided at alpha; p is not corrected for the others. Raises DataError for one unreadable."""
    return tuple(_checked(complete, text, alpha, labels) for text in texts)


def _checked(complete: CompleteScores, text: str, alpha: float, labels: Labels | None) -> Checked:
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise DataError(
            f"check {shown(text, 200)}: write a hypothesis, < or >, and a number, such as effect(lora) > -0.5",
            ["check"],
        )
    design, bound = complete.design, float(match["bound"])
    weights = hypothesis_weights(
        match["what"], design.counts, complete.benchmarks, complete.cells, labels, design.conditions
    )
    moments = combination(complete, factored((0, *design.counts), weights))
    p = float((moments.p_above if match["sign"] == ">" else moments.p_below)(bound)[0])
    return Checked(text.strip(), float(moments.estimate[0]), bound, p, p <= alpha)
