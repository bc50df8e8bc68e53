"""Tests of the terms of a fixed part, type II and type III, as car's Anova makes them (Fox & Weisberg 2019, ch. 6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.fitreport import DF_METHODS
from xtransfer_stats.mixedmodels.formula import FormulaFit, independent
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.notation.formulaeadapter import INTERCEPT
from xtransfer_stats.mixedmodels.postfit.fixedpart import FixedPart, fixed_part
from xtransfer_stats.mixedmodels.randomterms import Array

TYPES = {2: "II", 3: "III"}
ROUNDING = 1e-9  # of a singular value
CENTRED = 1e-6  # of a covariate's sd: a mean that counts as zero


@dataclass(frozen=True)
class TermTests:
    """frame: one row a term; type: 2 or 3; method: of the degrees of freedom; notes: what the tests rest on."""

    frame: pd.DataFrame
    type: int
    method: str
    notes: tuple[str, ...]


def term_tests(fitted: FormulaFit, type: int, method: str) -> TermTests:
    """F test of every term of the fixed part: term, type, statistic, df_num, df, df_method, p_value.

    Type II: each term after all that do not contain it. Type III: each after all others, its factors coded to sum to
    zero over their levels whatever coding the formula has; a covariate that other terms hold stands at zero. Where
    combinations of levels are absent, type III tests the coefficients that the rows leave, as car does. NaN where a
    term has none. Raises FitError for other types.
    """
    if type not in TYPES:
        raise FitError(f"tests of type {shown(type)}: choose 2 or 3")
    part = fixed_part(fitted)
    kept, own = _coefficients(part, part.sum_coded() if type == 3 else part.columns(part.frame))
    alone = {term: own[[kept.index(i) for i in places if i in kept]] for term, places in part.places().items()}
    hypotheses = alone if type == 3 else _after_lower(part, alone, fitted.fit.covariance(method))
    notes = [*(_coding_notes(part) if type == 3 else ()), *_short_notes(part, kept, type)]
    rows = [
        {"term": term, "type": TYPES[type], **_tested(fitted.fit, L, method)}
        for term, L in hypotheses.items()
        if type == 3 or term != INTERCEPT
    ]
    if not rows:
        raise FitError(f"tests of type {type}: {fitted.formula!r} has no term beside the intercept to test")
    gone = [row["term"] for row in rows if row["df_num"] == 0]
    notes += [f"no test of {', '.join(gone)}: the other terms determine all of its coefficients"] if gone else []
    return TermTests(pd.DataFrame(rows), type, method, tuple(notes))


def _tested(fit: MixedFit, L: Array, method: str) -> dict[str, Any]:
    F, df_num, df, p = fit.f_test(L, method) if len(L) else (np.nan, 0.0, np.nan, np.nan)
    return {"statistic": F, "df_num": df_num, "df": df, "df_method": DF_METHODS[method], "p_value": p}


def _after_lower(part: FixedPart, alone: dict[str, Array], covariance: Array) -> dict[str, Array]:
    """Type II: of each term's coefficients and its relatives', what is uncorrelated with the relatives' alone."""
    found = {}
    for term, own in alone.items():
        others = [alone[other] for other in _relatives(part, term) if len(alone[other])]
        relatives = np.vstack(others) if others else own[:0]
        found[term] = _uncorrelated(np.vstack([relatives, own]), relatives, covariance) if len(relatives) else own
    return found


def _uncorrelated(rows: Array, others: Array, covariance: Array) -> Array:
    """Combinations of `rows` whose estimates are uncorrelated with those of `others`, which are among them."""
    axes, sizes, _ = np.linalg.svd(rows @ covariance @ others.T)
    rank = int(np.sum(sizes > ROUNDING * sizes[0]))
    return axes[:, rank:].T @ rows


def _relatives(part: FixedPart, term: str) -> Iterator[str]:
    """The terms that contain a term."""
    inside = _components(part)
    return (other for other in inside if inside[term] and inside[term] < inside[other])


def _components(part: FixedPart) -> dict[str, frozenset[str]]:
    terms = (term for term in part.terms if term.name in part.written)
    return {term.name: frozenset(str(one.name) for one in getattr(term, "components", ())) for term in terms}


def _coefficients(part: FixedPart, columns: Array) -> tuple[list[int], Array]:
    """Which columns (n, all), in whatever coding, the rows leave, and the matrix (p, p) of their coefficients.

    The matrix gives them from those of the fit.
    Which of several columns that repeat each other stays is R's choice, that car's tests rest on.
    """
    own, order = part.columns(part.frame)[:, list(part.kept)], _order_of_r(part)
    kept = sorted(order[i] for i in independent(columns[:, order]))
    lengths = np.linalg.norm(own, axis=0)
    to_own = np.linalg.lstsq(own / lengths, columns[:, kept], rcond=None)[0] / lengths[:, None]
    return kept, np.linalg.inv(to_own)


def _order_of_r(part: FixedPart) -> list[int]:
    """Positions of all columns in R's order: terms of fewer factors first, the first factor of a term fastest."""
    inside, places, terms = _components(part), part.places(), {term.name: term for term in part.terms}
    order: list[int] = []
    for name in sorted(places, key=lambda name: len(inside[name])):
        own = np.array(places[name])
        values = [one.value for one in getattr(terms[name], "components", ())]
        widths = [1 if value.ndim == 1 else value.shape[1] for value in values]
        order += (own.reshape(widths).ravel(order="F") if np.prod(widths) == len(own) else own).tolist()
    return order


def _coding_notes(part: FixedPart) -> Iterator[str]:
    """How type III reads factors, and where covariates stand."""
    if part.factors:
        yield "type III: factors are coded to sum to zero for these tests, whatever their coding in the formula"
    inside, numbers = _components(part), _numbers(part)
    for term in inside:
        beside = set[str]().union(*(inside[other] - inside[term] for other in _relatives(part, term)))
        others = beside & numbers
        if others:
            yield f"{term} is tested where {' and '.join(sorted(others))} is 0: center it to test at its mean"


def _short_notes(part: FixedPart, kept: list[int], type: int) -> Iterator[str]:
    """That combinations of levels are absent."""
    short = [term for term, places in part.places().items() if len(set(places) & set(kept)) < len(places)]
    if short:
        rests_on = "the order of the levels" if type == 3 else "the coding"
        yield (
            f"the rows do not determine every coefficient of {', '.join(short)} (combinations of levels without rows, "
            "or terms that repeat others): its test and those of the terms within it are of the coefficients that are "
            f"left, as car's, and may depend on {rests_on}; judge cells by their means"
        )


def _numbers(part: FixedPart) -> set[str]:
    """Components of terms that are numbers, but for those whose mean is zero as it is."""
    components = (one for term in part.terms for one in getattr(term, "components", ()) if one.kind == "numeric")
    return {
        str(one.name) for one in components if np.any(np.abs(np.mean(one.value, axis=0)) > CENTRED * np.std(one.value))
    }
