"""All pairs of conditions as one family of tests, and the bands of conditions that cannot be told apart."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import benchmark_averages
from xtransfer_stats.stats.core.rows import Row, moment_rows
from xtransfer_stats.stats.core.termtable import PAIR, TERMS, THESE
from xtransfer_stats.stats.core.weights import Weights
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def pair_rows(complete: CompleteScores, alpha: float) -> list[Row]:
    """A row a benchmark and pair of conditions, the later less the earlier; family "pairs", corrected by Holm."""
    rows: list[Row] = []
    for one in benchmark_averages(complete.benchmarks, complete.cells):
        model = run_numbers(complete, one.weights[:, None])
        for low, high in combinations((0, *complete.design.counts), 2):
            named: Row = {
                "term": PAIR,
                "contrast": f"{_mean(complete, high)} - {_mean(complete, low)} @ {one.benchmark}",
                "scope": THESE,
                "n_tasks": high,
                "benchmark": one.benchmark,
                "family": TERMS[PAIR].family,
                "weights": Weights({low: -1.0, high: 1.0}, one.weights),
            }
            rows += moment_rows(model.combination({high: 1.0, low: -1.0}), [named], alpha)
    return rows


def _mean(complete: CompleteScores, code: int) -> str:
    """A condition's mean as a hypothesis has it, its name in quotes where it must be."""
    name = complete.design.conditions.label(code)
    quote = '"' if "'" in name else "'"
    return f"mean({name})" if name.replace("-", "").replace("_", "").isalnum() else f"mean({quote}{name}{quote})"


def letters(conditions: Sequence[int], apart: Mapping[tuple[int, int], bool]) -> dict[int, str]:
    """Condition -> letters: two that share one are not told apart (compact letter display, Piepho 2004).

    conditions: the best first. apart: whether the two of a pair, in either order, are told apart.
    """
    bands = [set(conditions)]
    for pair in (pair for pair, told in apart.items() if told):
        split = [band - {gone} for band in bands if set(pair) <= band for gone in pair]
        kept = [band for band in bands if not set(pair) <= band]
        bands = _largest([*kept, *split])
    bands.sort(key=lambda band: [conditions.index(one) for one in sorted(band, key=conditions.index)])
    return {one: "".join(_letter(i) for i, band in enumerate(bands) if one in band) for one in conditions}


def _largest(bands: Sequence[set[int]]) -> list[set[int]]:
    """The bands that lie in no other, each once."""
    unique = [band for i, band in enumerate(bands) if band not in bands[:i]]
    return [band for band in unique if not any(band < other for other in unique)]


def _letter(place: int) -> str:
    return LETTERS[place] if place < len(LETTERS) else f"({place + 1})"
