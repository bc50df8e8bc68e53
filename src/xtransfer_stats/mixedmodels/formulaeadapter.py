"""The one door to the library `formulae`, whose inner parts are used: its parser, its terms, its environment."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
from formulae import design_matrices
from formulae.environment import Environment
from formulae.matrices import DesignMatrices
from formulae.model_description import model_description
from formulae.parser import Parser
from formulae.scanner import Scanner
from formulae.terms.terms import Model

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.limits import require_small

EXAMPLE = "a formula looks like 'y ~ a * b + (1 + a | g) + (1 | h)'"
CODING = re.compile(r",\s*(Sum|Treatment)\s*\)")
FUNCTIONS = {name: getattr(np, name) for name in ("abs", "exp", "log", "log2", "log10", "log1p", "sqrt")}
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


def design(part: str, frame: pd.DataFrame, text: str) -> DesignMatrices:
    """Response and columns of a part at the rows of `frame`, which has no gaps; `text` is what an error quotes."""
    if "offset(" in part:
        raise FitError(f"formula {text!r}: offsets are not supported; subtract the offset from the response")
    try:
        with np.errstate(all="ignore"):  # what is not finite is refused by its column
            return design_matrices(part, frame, na_action="error", env=NAMES)
    except KeyError as error:
        allowed = ", ".join(sorted(FUNCTIONS))
        raise FitError(f"formula {text!r}: {error} is not known; functions are {allowed}") from error
    except Exception as error:  # of whatever function the formula calls
        raise FitError(f"formula {shown(text, 200)}: cannot evaluate {shown(part, 200)} ({error})") from error
