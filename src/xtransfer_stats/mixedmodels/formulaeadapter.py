"""The one door to the library `formulae`, whose inner parts are used: its parser, its terms, its environment."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
from formulae import design_matrices
from formulae.environment import Environment
from formulae.matrices import DesignMatrices
from formulae.model_description import model_description
from formulae.parser import ParseError, Parser
from formulae.scanner import ScanError, Scanner
from formulae.terms.terms import Model

from xtransfer_stats.base.errors import FitError

EXAMPLE = "a formula looks like 'y ~ a * b + (1 + a | g) + (1 | h)'"
CODING = re.compile(r",\s*(Sum|Treatment)\s*\)")
FUNCTIONS = {name: getattr(np, name) for name in ("abs", "exp", "log", "log2", "log10", "log1p", "sqrt")}
NAMES = Environment([{**FUNCTIONS, "np": SimpleNamespace(**FUNCTIONS)}])  # all that a formula can call, by design


def require_readable(part: str, text: str) -> None:
    """Refuse a part of the formula `text` that the parser cannot read, or would read only in part."""
    try:
        parser = Parser(Scanner(part).scan())
        parser.parse()
        describe(part)
    except (ParseError, ScanError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise FitError(f"formula {text!r}: cannot read {part.strip()!r} ({error}); {EXAMPLE}") from error
    if not parser.at_end():
        raise FitError(f"formula {text!r}: cannot read {parser.peek().lexeme!r} in {part.strip()!r}; {EXAMPLE}")


def describe(part: str) -> Model:
    """The response and the terms of a part without random terms."""
    return model_description(part)


def variables(part: str) -> frozenset[str]:
    """Columns that a part names; a coding, as in C(f, Sum), is none."""
    return frozenset(describe(CODING.sub(")", part)).var_names) - {""}


def design(part: str, frame: pd.DataFrame, text: str) -> DesignMatrices:
    """Response and columns of a part at the rows of `frame`, which has no gaps; `text` is what an error quotes."""
    if "offset(" in part:
        raise FitError(f"formula {text!r}: offsets are not supported; subtract the offset from the response")
    try:
        return design_matrices(part, frame, na_action="error", env=NAMES)
    except KeyError as error:
        allowed = ", ".join(sorted(FUNCTIONS))
        raise FitError(f"formula {text!r}: {error} is not known; functions are {allowed}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise FitError(f"formula {text!r}: cannot evaluate {part!r} ({error})") from error
