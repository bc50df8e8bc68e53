"""From a hypothesis, "0.5*effect(3) + 0.5*effect(5) @ xtreme-r - effect(3) @ xtreme", to weights."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.estimands import gap_weights, primary_weights
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.scores import Labels
from xtransfer_stats.stats.core.weights import Benchmark, cell_weights

_LEVEL = r"""'[^']*'|"[^"]*"|[^\s()'"@](?:[^()'"@]*?[^\s()'"@])??"""  # quoted where it holds a bracket or a quote
_PATTERN = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?:(?P<factor>\d+(?:\.\d+)?)\s*\*\s*)?(?P<function>[a-z]+)"
    rf"(?:\(\s*(?P<low>{_LEVEL})(?:\s*->\s*(?P<high>{_LEVEL}))?\s*\))?"
    r"(?:\s*@\s*(?:(?P<kind>task|languages|language|group|script|family)\s+)?(?P<place>'[^']*'|\"[^\"]*\"|[^\s+@*()'\"]+))?\s*"
)
LONGEST, MOST_DIGITS = 2000, 30  # characters of a hypothesis, digits of a number in it
LEAST, MOST = 1e-6, 1e6  # of a factor: beyond them the other terms are lost in rounding
CANCELLED = 1e-12  # share of the terms' weights that is left where they cancel
ARGUMENTS = {"effect": 1, "step": 2, "interaction": 1, "mean": 1, "trend": 0}


@dataclass(frozen=True)
class HypothesisTerm:
    """factor * function(levels) @ place; kind "" is a benchmark, place "" none. at: where the term starts."""

    factor: float
    function: str
    levels: tuple[str, ...]
    kind: str
    place: str
    at: int


def parse(text: str) -> tuple[HypothesisTerm, ...]:
    """The terms of a hypothesis; a term without a place takes the next one to its right.

    Raises DataError naming the text and the place where it cannot be read.
    """
    if len(text) > LONGEST:
        raise problem(text, LONGEST, f"{len(text):,} characters: {LONGEST:,} are the most that is read")
    long = re.search(rf"[\d.]{{{MOST_DIGITS + 1},}}", text)
    if long:
        raise problem(text, long.start(), f"a number of {len(long[0]):,} digits: {MOST_DIGITS} are the most")
    terms: list[HypothesisTerm] = []
    start = 0
    while start < len(text) or not terms:
        match = _PATTERN.match(text, start)
        if match is None or (terms and not match["sign"]):
            raise problem(text, start, "expected a term such as effect(3) @ xtreme-r, joined by + or -")
        terms.append(_term(match))
        if not (terms[-1].factor == 0 or LEAST <= abs(terms[-1].factor) <= MOST):
            raise problem(text, start, f"a factor is 0, or of a size from {LEAST:g} to {MOST:g}")
        start = match.end()
    return _placed(terms)


def problem(text: str, at: int, what: str) -> DataError:
    """An error that names the hypothesis and the character."""
    return DataError(f"contrast {shown(text, 200)}, at character {at + 1} ({text[at : at + 20]!r}): {what}")


def _term(match: re.Match[str]) -> HypothesisTerm:
    factor = float(match["factor"] or 1) * (-1 if match["sign"] == "-" else 1)
    levels = tuple(_bare(match[name]) for name in ("low", "high") if match[name])
    at = match.start("function")
    return HypothesisTerm(factor, match["function"], levels, match["kind"] or "", _bare(match["place"] or ""), at)


def _bare(name: str) -> str:
    """A level or a place without its quotes."""
    return name[1:-1] if name[:1] in ("'", '"') and len(name) > 1 else name


def _placed(terms: list[HypothesisTerm]) -> tuple[HypothesisTerm, ...]:
    placed: list[HypothesisTerm] = []
    kind, place = "", ""
    for term in reversed(terms):
        if term.place:
            kind, place = term.kind, term.place
        here = ("", term.place) if term.function == "interaction" else (kind, place)
        placed.append(replace(term, kind=here[0], place=here[1]))
    return tuple(reversed(placed))


def hypothesis_weights(
    text: str,
    counts: Sequence[int],
    benchmarks: Mapping[str, Benchmark],
    cells: pd.MultiIndex,
    labels: Labels | None = None,
    conditions: Conditions = COUNTS,
) -> Array:
    """Weights of the hypothesis, shape (1 + counts, cells); row 0 is the baseline.

    A task or a language is the plain mean of its cells; a group that of its tasks, a script or a family that of its
    languages. Raises DataError for what is not in the study.
    """
    levels = [0, *counts]
    parts = [
        term.factor
        * np.outer(
            _count_weights(text, term, levels, conditions), _place_weights(text, term, benchmarks, cells, labels or {})
        )
        for term in parse(text)
    ]
    weights: Array = np.sum(parts, axis=0)
    if np.max(np.abs(weights)) <= CANCELLED * np.sum(np.abs(parts)):
        raise DataError(f"contrast {shown(text, 200)}: its terms cancel, so it is zero by construction in every study")
    return weights


def _count_weights(text: str, term: HypothesisTerm, levels: Sequence[int], conditions: Conditions) -> Array:
    _known(text, term, "function", term.function, list(ARGUMENTS))
    if len(term.levels) != ARGUMENTS[term.function]:
        raise problem(text, term.at, f"{term.function} takes {ARGUMENTS[term.function]} {conditions.unit}(s)")
    named = {code: conditions.label(code) for code in levels}
    codes = []
    for level in term.levels:
        code = conditions.code(level)
        if code not in named:
            _known(text, term, conditions.unit, level, list(named.values()))
        codes.append(code)
    if term.function == "trend":
        if not conditions.ordered:
            raise problem(
                text, term.at, f"a trend needs conditions that are numbers; these are {', '.join(named.values())}"
            )
        values = np.array(conditions.values(levels))
        centred = values - values.mean()
        return centred / (centred**2).sum()
    k = np.array(levels)
    if term.function == "mean":
        return (k == codes[0]).astype(float)
    low, high = codes if term.function == "step" else (0, codes[0])
    return (k == high).astype(float) - (k == low)


def _place_weights(
    text: str, term: HypothesisTerm, benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex, labels: Labels
) -> Array:
    if term.function == "interaction":
        if len(benchmarks) != 2:
            raise problem(text, term.at, f"an interaction is of two benchmarks; there are {', '.join(benchmarks)}")
        if term.place:
            raise problem(text, term.at, "an interaction spans both benchmarks; leave out its @")
        return gap_weights(benchmarks, cells)
    if not term.kind and not term.place and len(benchmarks) == 1:
        return primary_weights(benchmarks, cells)
    if not term.kind:
        _known(text, term, "benchmark", term.place, list(benchmarks))
        return cell_weights(benchmarks[term.place], cells)
    if term.kind not in ("task", "language"):
        places = label_weights(term.kind, labels, cells)
        _known(text, term, term.kind, slug(term.place), list(places))
        return places[slug(term.place)]
    names = cells.get_level_values({"task": "target_task", "language": "language"}[term.kind])
    _known(text, term, term.kind, term.place, sorted(set(names)))
    member = np.asarray(names == term.place, dtype=float)
    return member / member.sum()


def label_weights(kind: str, labels: Labels, cells: pd.MultiIndex) -> dict[str, Array]:
    """Weights (cells,) of every value of a label, by its slug: plain mean over what carries it."""
    names = cells.get_level_values(_level(kind))
    return {
        value: np.mean([(names == name) / np.sum(names == name) for name in members], axis=0)
        for value, members in label_members(kind, labels, cells).items()
    }


def label_members(kind: str, labels: Labels, cells: pd.MultiIndex) -> dict[str, list[str]]:
    """The target tasks (kind "group") or languages in the cells that carry each value of a label, by its slug."""
    carried, members = labels.get(kind, {}), dict[str, list[str]]()
    for name in sorted(set(cells.get_level_values(_level(kind)))):
        if carried.get(name):
            members.setdefault(slug(carried[name]), []).append(name)
    return dict(sorted(members.items()))


def _level(kind: str) -> str:
    return "target_task" if kind == "group" else "language"


def slug(name: str) -> str:
    """A label's name as hypotheses write it: "structured-prediction"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _known(text: str, term: HypothesisTerm, what: str, name: str, known: Sequence[str]) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise problem(text, term.at, f"{what} {name!r} is not in this study; {hint}")
