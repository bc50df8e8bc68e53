"""What people write in R's and patsy's dialects: read where the meaning is sure, and what to write where it is not."""

import re
from collections.abc import Iterable

from formulae.expr import Call, Literal, QuotedName, Variable
from formulae.parser import Parser
from formulae.scanner import Scanner

from xtransfer_stats.mixedmodels.notation.limits import QUOTED

PLAIN = re.compile(r"[A-Za-z][\w.]*")  # a name that needs no backticks
# What to write for a function of another dialect; `x` stands for the column.
INSTEAD = {
    "factor": "C(x)",
    "as.factor": "C(x)",
    "relevel": 'C(x, Treatment("level"))',
    "contr.sum": "C(x, Sum)",
    "contr.helmert": "C(x, Helmert)",
    "contr.treatment": "C(x, Treatment)",
    "Q": "`the name` in backticks",
    "as.numeric": "x, with numbers in its cells",
    "cbind": "one response a formula",
    "s": "bs(x, df=4)",
}


def translated(text: str) -> str:
    """The formula with R's ^ as **; quoted names stay as they are."""
    parts, start = [], 0
    for quoted in QUOTED.finditer(text):
        parts += [text[start : quoted.start()].replace("^", "**"), quoted[0]]
        start = quoted.end()
    return "".join([*parts, text[start:].replace("^", "**")])


def response_part(text: str) -> str:
    """The left side as one term: arithmetic in I(), since + and - join terms elsewhere in a formula.

    What cannot be parsed is left to the reader of the whole formula.
    """
    try:
        expression = Parser(Scanner(text).scan(False)).parse()
    except Exception:  # of whatever kind: the whole formula is refused, with its place, a step later
        return text
    return text if isinstance(expression, Variable | QuotedName | Call | Literal) else f"I({text})"


def instead_of(name: str) -> str:
    """What to write for an unknown function, "; write ..."; empty where nothing is known."""
    return f"; in place of {name}(x) write {INSTEAD[name]}" if name in INSTEAD else ""


def in_backticks(name: str) -> str:
    """What to do with a name that a formula cannot hold as it is."""
    return f"write `{name}` in backticks: its name has more than letters and digits"


def unquoted(text: str, columns: Iterable[str]) -> str | None:
    """The first column whose name stands in the formula without the backticks that it needs."""
    bare = QUOTED.sub(" ", text)
    return next((name for name in columns if not PLAIN.fullmatch(name) and name.strip() and name in bare), None)
