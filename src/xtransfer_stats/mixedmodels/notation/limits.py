"""How long and how deep a formula may be: more than anybody writes, and little enough to be read at once.

The parser calls itself for every bracket and sign, an expansion such as (a + b + ...) ** 9 or a * b * c * ... doubles
with each name, and a spline makes as many columns as it is told to.
"""

import re
from collections.abc import Iterator
from math import comb
from typing import Any

from formulae.expr import Assign, Binary, Call, Grouping, Literal, QuotedName, Unary, Variable

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.usertext import shown

MOST_CHARACTERS = 10_000
MOST_BRACKETS = 20  # one within another
MOST_SIGNS = 300
MOST_TERMS = 200  # of a part, written out
MOST_RANDOM = 20
MOST_COLUMNS = 100  # that a spline or polynomial may be asked for
MOST_CELLS = 10**8  # rows times columns of the fixed part: 0.8 GB
LARGEST_OF_POWER = 100  # of a power of constants, as in x - 2 ** 2
MOST_SLOPES = 30  # effects that vary together by one grouping: 465 covariances
_SPLINES = ("bs", "ns", "cr", "cc", "tp", "poly")
QUOTED = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"")


def require_bounded(text: str) -> None:
    """Raise FitError for a formula that is longer or deeper than the limits; its text alone is looked at."""
    _limit(text, "characters", len(text), MOST_CHARACTERS)
    bare = QUOTED.sub("", text)
    if "[" in bare:
        raise FitError(f"formula {shown(text, 200)}: [ ] picks no level here: make a column of 0 and 1 for it first")
    _limit(text, "brackets within brackets", _depth(bare), MOST_BRACKETS)
    _limit(text, "random terms", len(re.findall(r"\|+", bare)), MOST_RANDOM)
    _limit(text, "signs (+ - * / : and others)", len(re.findall(r"[-+*/:<>=~!]", bare)), MOST_SIGNS)


def require_small(expression: Any, part: str, text: str) -> None:
    """Raise FitError for a parsed `part` that stands for more terms or columns than the limits."""
    _limit(text, f"terms, written out, in {shown(part.strip(), 200)}", _terms(expression), MOST_TERMS)
    for call in _calls(expression):
        _require_few_columns(call, text)
        for inner in parts_of(call):
            if isinstance(inner, Binary) and not any(isinstance(one, Variable | QuotedName) for one in parts_of(inner)):
                _require_plain(inner, text)


def _limit(text: str, what: str, found: int, most: int) -> None:
    if found > most:
        raise FitError(f"formula {shown(text, 200)} has {found:,} {what}: {most:,} is the most that is read")


def _depth(text: str) -> int:
    depth = deepest = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _terms(expression: Any) -> int:
    """At most so many terms, written out; what repeats counts again."""
    if isinstance(expression, Grouping):
        return _terms(expression.expression)
    if isinstance(expression, Unary):
        return _terms(expression.right)
    if not isinstance(expression, Binary):
        return 1
    left, right = _terms(expression.left), _terms(expression.right)
    kind = expression.operator.kind
    if kind == "STAR_STAR":
        return _powers(left, getattr(expression.right, "value", 1))
    products = {"STAR": left + right + left * right, "COLON": left * right, "SLASH": left + left * right}
    return min(products.get(kind, left + right), 10**9)


def _powers(terms: int, order: Any) -> int:
    """Interactions of so many terms up to an order."""
    highest = min(terms, order) if isinstance(order, int) else 1
    return min(sum(comb(terms, k) for k in range(1, min(highest, MOST_TERMS) + 1)), 10**9) or 1


def parts_of(expression: Any) -> Iterator[Any]:
    """An expression and all within it."""
    left = [expression]
    while left:
        one = left.pop()
        yield one
        if isinstance(one, Binary):
            left += [one.left, one.right]
        elif isinstance(one, Unary):
            left.append(one.right)
        elif isinstance(one, Grouping):
            left.append(one.expression)
        elif isinstance(one, Call):
            left += one.args
        elif isinstance(one, Assign):
            left.append(one.value)


def _calls(expression: Any) -> Iterator[Call]:
    return (one for one in parts_of(expression) if isinstance(one, Call))


def _require_few_columns(call: Call, text: str) -> None:
    name = call.callee.name.lexeme if isinstance(call.callee, Variable) else ""
    if name not in _SPLINES:
        return
    for one in parts_of(call):
        if isinstance(one, Literal) and isinstance(one.value, int) and one.value > MOST_COLUMNS:
            asked = f"{name}() is asked for {shown(one.value)} columns"
            raise FitError(f"formula {shown(text, 200)}: {asked}: {MOST_COLUMNS} is the most")


def _require_plain(constant: Binary, text: str) -> None:
    """Arithmetic of constants has no names, so it says nothing of the rows; powers of it may have no end."""
    parts = list(parts_of(constant))
    powers = sum(isinstance(one, Binary) and one.operator.kind == "STAR_STAR" for one in parts)
    values = [one.value for one in parts if isinstance(one, Literal)]
    endless = powers > 1 or (powers and any(not isinstance(x, str) and abs(x) > LARGEST_OF_POWER for x in values))
    if endless or any(isinstance(x, str) for x in values):
        raise FitError(f"formula {shown(text, 200)}: write the value in place of a power or product of constants alone")
