"""The one door to the library `formulae`, whose inner parts are used: its parser, its terms, its environment."""

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from formulae import design_matrices
from formulae.environment import Environment
from formulae.expr import Binary, Grouping, Variable
from formulae.matrices import DesignMatrices
from formulae.model_description import model_description
from formulae.parser import Parser
from formulae.scanner import Scanner
from formulae.terms.call_resolver import CallResolver
from formulae.terms.terms import Model
from formulae.transforms import TRANSFORMS

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.notation.dialect import PLAIN, instead_of
from xtransfer_stats.mixedmodels.notation.limits import parts_of, require_small
from xtransfer_stats.mixedmodels.notation.transforms import register


class _Bracketed:
    """A bracketed part of a call's argument: the library drops the brackets, and names like I(x - 2 ** 2) mislead."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __str__(self) -> str:
        return f"({self.inner})"

    def __hash__(self) -> int:
        return hash(str(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Bracketed) and self.inner == other.inner

    def accept(self, visitor: Any) -> Any:
        return self.inner.accept(visitor)

    def eval(self, data_mask: Any, env: Any) -> Any:
        return self.inner.eval(data_mask, env)


# Two changes to the library: its own resolver gives back what stands within the brackets, alone; and functions as R's.
CallResolver.visitGroupingExpr = lambda self, expr: _Bracketed(expr.expression.accept(self))
register()

INTERCEPT = "Intercept"  # as the library names it
EXAMPLE = "a formula looks like 'y ~ a * b + (1 + a | g) + (1 | h)'"
CODING = re.compile(r",\s*(Sum|Treatment|Helmert)\s*\)")
FUNCTIONS = {name: getattr(np, name) for name in ("abs", "exp", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos")}
NAMES = Environment([{**FUNCTIONS, "np": SimpleNamespace(**FUNCTIONS)}])  # all that a formula can call, by design


def require_readable(part: str, text: str) -> None:
    """Refuse a part of the formula `text` that the parser cannot read, or would read only in part."""
    try:
        parser = Parser(Scanner(part).scan())
        require_small(parser.parse(), part, text)
        describe(part)
    except FitError:
        raise
    except Exception as error:  # whatever the library meets: its parser knows errors of its own for some of it alone
        raise FitError(
            f"formula {shown(text, 200)}: cannot read {shown(part.strip(), 200)} ({error}); {EXAMPLE}"
        ) from error
    if not parser.at_end():
        raise FitError(f"formula {text!r}: cannot read {parser.peek().lexeme!r} in {part.strip()!r}; {EXAMPLE}")


def describe(part: str) -> Model:
    """The response and the terms of a part without random terms."""
    return model_description(part)


def variables(part: str) -> frozenset[str]:
    """Columns that a part names; a coding, as in C(f, Sum), is none."""
    return frozenset(map(str, describe(CODING.sub(")", part)).var_names)) - {""}


def _spelled_out(part: str) -> str:
    """a/b as a + a:b: the library encodes both alike, and names the columns of the first wrongly."""
    response, tilde, right = part.rpartition("~")
    if not _divides(Parser(Scanner(right).scan(False)).parse()):
        return part
    terms = describe(right).common_terms
    names = [":".join(_quoted(str(one.name)) for one in term.components) for term in terms if term.name != INTERCEPT]
    constant = "1" if any(term.name == INTERCEPT for term in terms) else "0"
    return f"{response}{tilde} {' + '.join([constant, *names])}"


def _divides(expression: Any) -> bool:
    """Whether a / stands between terms; within a call it is a division."""
    if isinstance(expression, Grouping):
        return _divides(expression.expression)
    if not isinstance(expression, Binary):
        return False
    return expression.operator.kind == "SLASH" or _divides(expression.left) or _divides(expression.right)


def _quoted(name: str) -> str:
    return name if PLAIN.fullmatch(name) or "(" in name else f"`{name}`"


def names_within(part: str) -> frozenset[str]:
    """Every name that a part holds as a column, also of a term that a minus takes out."""
    expressions = parts_of(Parser(Scanner(CODING.sub(")", part)).scan(False)).parse())
    plain = {one.name.lexeme for one in expressions if isinstance(one, Variable)}
    return frozenset(plain) | variables(part)


def is_offset(term: Any) -> bool:
    """Whether a term is offset(...): added as it is, without a coefficient."""
    return any(str(getattr(one, "name", "")).startswith("offset(") for one in getattr(term, "components", ()))


def term_columns(part: str) -> dict[str, frozenset[str]]:
    """Columns of each term of a part, its intercept left out; a coding, as in C(f, Sum), is none."""
    terms = (term for term in describe(part).common_terms if term.name != INTERCEPT and not is_offset(term))
    known = variables(part)
    return {term.name: frozenset(map(str, term.var_names)) & known for term in terms}


def design(part: str, frame: pd.DataFrame, text: str) -> DesignMatrices:
    """Response and columns of a part at the rows of `frame`, which has no gaps; `text` is what an error quotes."""
    try:
        with np.errstate(all="ignore"):  # what is not finite is refused by its column
            return design_matrices(_spelled_out(part), frame, na_action="error", env=NAMES)
    except KeyError as error:
        name, known = str(error).strip("'"), ", ".join(sorted({*FUNCTIONS, *TRANSFORMS}, key=str.lower))
        raise FitError(f"formula {text!r}: {error} is not known{instead_of(name)}; functions are {known}") from error
    except Exception as error:  # of whatever function the formula calls
        raise FitError(f"formula {shown(text, 200)}: cannot evaluate {shown(part, 200)} ({error})") from error


def response_call(part: str) -> tuple[str, str] | None:
    """The function that a response is of and the text in its brackets, ("log", "y + 1"); None where it is no call."""
    component = describe(part).response.term.components[0]
    call = getattr(component, "call", None)
    if call is None or len(call.args) != 1:
        return None
    return str(call.callee).removeprefix("np."), str(call.args[0])
