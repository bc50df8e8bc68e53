"""lme4's formula notation as text: the response, the fixed part, and the random terms of one formula.

The library `formulae` parses every part. What it does not know of lme4's notation is settled here: the double
bar, that each bracket is one covariance matrix, and mm(), a grouping with several levels a row.
"""

import re
from dataclasses import dataclass

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.notation.dialect import response_part, translated
from xtransfer_stats.mixedmodels.notation.formulaeadapter import (
    EXAMPLE,
    describe,
    names_within,
    require_readable,
    variables,
)
from xtransfer_stats.mixedmodels.notation.limits import require_bounded

MEMBERS = re.compile(r"mm\(\s*([A-Za-z_.][\w.]*)\s*\)")


@dataclass(frozen=True)
class RandomPart:
    """One covariance matrix to estimate: effects that vary by the crossing of some columns."""

    effects: str  # right-hand side of a formula: "1 + a"
    group: tuple[str, ...]  # columns: ("seed", "target_task") for seed:target_task
    shared: bool = False  # mm(column): a row belongs to all the names that its text joins by +

    @property
    def columns(self) -> frozenset[str]:
        """Columns of the effects."""
        return variables(self.effects)

    @property
    def label(self) -> str:
        """The grouping as the formula has it."""
        return f"mm({self.group[0]})" if self.shared else ":".join(self.group)


@dataclass(frozen=True)
class Notation:
    """A formula taken apart."""

    text: str
    fixed: str  # "y ~ a * b"
    random: tuple[RandomPart, ...]

    @property
    def columns(self) -> frozenset[str]:
        """Every column that the formula names."""
        return self.response | self.predictors | frozenset(name for part in self.random for name in part.group)

    @property
    def named(self) -> frozenset[str]:
        """Every name of the fixed part, also of a term that a minus takes out: `pre-test` is pre less test."""
        return names_within(self.fixed.partition("~")[2])

    @property
    def memberships(self) -> frozenset[str]:
        """Columns whose texts name several levels; an empty text names none."""
        return frozenset(part.group[0] for part in self.random if part.shared)

    @property
    def response(self) -> frozenset[str]:
        """Columns of the left-hand side."""
        return frozenset(map(str, describe(self.fixed).response.var_names)) - {""}

    @property
    def predictors(self) -> frozenset[str]:
        """Columns in the fixed part or in the effects of a random term."""
        fixed = variables(self.fixed) - self.response
        return fixed.union(*(variables(part.effects) for part in self.random))


def read_formula(text: str) -> Notation:
    """Take a formula apart; raises FitError saying what cannot be read."""
    require_bounded(text)
    response, tilde, right = translated(text).partition("~")
    if not tilde or not response.strip() or "~" in right:
        raise FitError(f"formula {text!r} must have one response and one ~: {EXAMPLE}")
    fixed, random = right, []
    while (place := _bracket(fixed, text)) is not None:
        random += _random_parts(fixed[place[0] + 1 : place[1]], text)
        fixed = _without(fixed, *place, text)
    whole = f"{response_part(response.strip())} ~ {fixed.strip() or '1'}"
    for part in (whole, *(part.effects for part in random)):
        require_readable(part, text)
    return Notation(text, whole, tuple(random))


def _bracket(right: str, text: str) -> tuple[int, int] | None:
    """Ends of the first outer bracket that holds a bar."""
    depth, start = 0, 0
    for i, letter in enumerate(right):
        if letter == "(":
            depth, start = depth + 1, start if depth else i
        elif letter == ")":
            depth -= 1
            if depth < 0:
                raise FitError(f"formula {text!r} closes a bracket that was not opened")
            if depth == 0 and "|" in right[start:i]:
                return start, i
        elif letter == "|" and depth == 0:
            raise FitError(f"formula {text!r}: put each random term in brackets, as in (1 | g)")
    if depth:
        raise FitError(f"formula {text!r} leaves a bracket open")
    return None


def _without(right: str, start: int, stop: int, text: str) -> str:
    """The right-hand side without one bracket and the + that joined it."""
    before, after = right[:start].rstrip(), right[stop + 1 :].lstrip()
    if (before and not before.endswith("+")) or (after and not after.startswith(("+", "-"))):
        raise FitError(f"formula {text!r}: join random terms to the rest by +")
    if before:
        return f"{before[:-1]} {after}"
    return after[1:] if after.startswith("+") else after


def _random_parts(inside: str, text: str) -> list[RandomPart]:
    double = "||" in inside
    effects, _, group = inside.partition("||" if double else "|")
    if "|" in group or not effects.strip() or not group.strip():
        raise FitError(f"formula {text!r}: ({inside}) must be (effects | grouping column)")
    require_readable(effects, text)
    if member := MEMBERS.fullmatch(group.strip()):
        if effects.strip() != "1":
            term = f"({effects.strip()} | mm({member[1]}))"
            raise FitError(f"formula {text!r}: {term} must be (1 | mm({member[1]})): its levels have no slopes")
        return [RandomPart("1", (member[1],), shared=True)]
    require_readable(f"0 + {group}", text)
    pieces = _separate(effects) if double else [effects.strip()]
    return [RandomPart(piece, columns) for columns in _groupings(group, text) for piece in pieces]


def _separate(effects: str) -> list[str]:
    """lme4's expansion of ||: an intercept, and each other effect, on its own."""
    names = [term.name for term in describe(effects).common_terms]
    return ["1" if name == "Intercept" else f"0 + {name}" for name in names]


def _groupings(group: str, text: str) -> list[tuple[str, ...]]:
    """Columns of each grouping: a/b is a and a:b."""
    groupings = []
    for term in describe(f"0 + {group}").common_terms:
        columns = tuple(term.name.split(":"))
        if set(columns) != set(term.var_names):
            raise FitError(
                f"formula {text!r}: {term.name!r} must be a column, or columns joined by : or /, to group by"
            )
        groupings.append(columns)
    return groupings
