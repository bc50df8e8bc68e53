"""The grammar of a linear hypothesis: "0.5*effect(3) + 0.5*effect(5) @ xtreme-r - effect(3) @ xtreme"."""

import re
from dataclasses import dataclass

from xtransfer_stats.base.errors import DataError

FUNCTIONS = ("effect", "step", "interaction", "mean", "trend")
_TERM = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?:(?P<factor>\d+(?:\.\d+)?)\s*\*\s*)?(?P<function>[a-z]+)"
    r"(?:\((?P<low>\d+)(?:->(?P<high>\d+))?\))?"
    r"(?:\s*@\s*(?:(?P<kind>task|language|group|script|family)\s+)?(?P<place>[^\s+@*()]+))?\s*"
)


@dataclass(frozen=True)
class Term:
    """factor * function(counts) @ place; kind "" is a benchmark, place "" none. at: where the term starts."""

    factor: float
    function: str
    counts: tuple[int, ...]
    kind: str
    place: str
    at: int


def parse(text: str) -> tuple[Term, ...]:
    """The terms of a hypothesis; a term without a place takes the next one to its right.

    Raises DataError naming the text and the place where it cannot be read.
    """
    terms: list[Term] = []
    start = 0
    while start < len(text) or not terms:
        found = _TERM.match(text, start)
        if found is None or (terms and not found["sign"]):
            raise problem(text, start, "expected a term such as effect(3) @ xtreme-r, joined by + or -")
        terms.append(_term(found))
        start = found.end()
    return _placed(terms)


def problem(text: str, at: int, what: str) -> DataError:
    """An error that names the hypothesis and the character."""
    return DataError(f"contrast {text!r}, at character {at + 1} ({text[at : at + 20]!r}): {what}")


def _term(found: re.Match[str]) -> Term:
    factor = float(found["factor"] or 1) * (-1 if found["sign"] == "-" else 1)
    counts = tuple(int(found[name]) for name in ("low", "high") if found[name])
    at = found.start("function")
    return Term(factor, found["function"], counts, found["kind"] or "", found["place"] or "", at)


def _placed(terms: list[Term]) -> tuple[Term, ...]:
    placed: list[Term] = []
    kind, place = "", ""
    for term in reversed(terms):
        if term.place:
            kind, place = term.kind, term.place
        here = ("", term.place) if term.function == "interaction" else (kind, place)
        placed.append(Term(term.factor, term.function, term.counts, *here, term.at))
    return tuple(reversed(placed))
