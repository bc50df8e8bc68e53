"""One fitted formula as a dictionary for machines, with the evidence that it stands at a minimum."""

from typing import Any

import numpy as np
from scipy import linalg

from xtransfer_stats.base.usertext import few
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.mixedfit import Inference, MixedFit
from xtransfer_stats.mixedmodels.resampling.bootstrap import Bootstrap
from xtransfer_stats.mixedmodels.search.descent import hessian, interior, is_flat
from xtransfer_stats.mixedmodels.search.optimise import start_values

MOST_NAMED = 5
DF_METHODS = {"kenward_roger": "Kenward-Roger", "satterthwaite": "Satterthwaite"}
FIXED_COLUMNS = tuple("term estimate std_error df df_method statistic p_value conf_low conf_high".split())


def fit_json(formula_fit: FormulaFit, bootstrap: Bootstrap | None = None, method: str | None = None) -> dict[str, Any]:
    """Plain numbers, texts and lists; NaN where there is none. `criterion` is lme4's REMLcrit or deviance.

    method: of errors and degrees of freedom, kenward_roger or satterthwaite; None: the former after REML, else the
    latter.
    """
    fit = formula_fit.fit
    method = method or ("kenward_roger" if fit.reml else "satterthwaite")
    fixed = _fixed(fit, method, bootstrap)
    return {
        "formula": formula_fit.formula,
        "n": fit.n,
        "criterion": fit.criterion,
        "state": fit.state,
        "fixed": fixed,
        "random": [
            {"group": term.group, "terms": list(term.names), "covariance": covariance.tolist()}
            for term, covariance in zip(fit.terms, fit.covariances, strict=True)
        ],
        "residual_variance": np.asarray(fit.residual_variance).tolist(),
        "bootstrap": None if bootstrap is None else counts(bootstrap),
        "notes": [*formula_fit.notes, *_lost(fixed, method)],
        "terms": _terms(formula_fit, method),
        "convergence": convergence(fit),
        "reml": fit.reml,
        "residual_levels": list(formula_fit.residual_levels),
    }


def _lost(fixed: list[dict[str, Any]], method: str) -> list[str]:
    """That errors could not be had."""
    names = [row["term"] for row in fixed if np.isnan(row["df"]) or np.isnan(row["std_error"])]
    if not names:
        return []
    return [
        f"no error or degrees of freedom by {DF_METHODS[method]} for {few(names, MOST_NAMED)}: the residual is so "
        "small beside the random terms that rounding would decide; a bootstrap has intervals, unless the response is "
        "computed from the grouping columns"
    ]


def counts(bootstrap: Bootstrap) -> dict[str, int]:
    """How the replicates fared; boundary counts within converged."""
    return {name: int(getattr(bootstrap, name)) for name in ("asked", "converged", "boundary", "failed")}


def _fixed(fit: MixedFit, method: str, bootstrap: Bootstrap | None) -> list[dict[str, Any]]:
    inference = fit.inference(np.eye(len(fit.names)), method)
    rows = [_row(name, inference, i) for i, name in enumerate(fit.names)]
    if bootstrap is not None and bootstrap.converged > 1:
        for row, drawn in zip(rows, bootstrap.intervals().itertuples(), strict=True):
            row |= {"bootstrap_low": float(drawn.conf_low), "bootstrap_high": float(drawn.conf_high)}
    return rows


def _terms(formula_fit: FormulaFit, method: str) -> list[dict[str, Any]]:
    """F test that every coefficient of a term, in the coding used, is zero."""
    fit, rows = formula_fit.fit, []
    for name, columns in formula_fit.columns.items():
        if columns:
            F, df_num, df, p = fit.f_test(np.eye(len(fit.names))[list(columns)], method)
            row = {"term": name, "hypothesis": "every coefficient of the term zero", "statistic": float(F)}
            rows.append(row | {"df_num": float(df_num), "df": float(df), "df_method": DF_METHODS[method], "p_value": p})
    return rows


def _row(name: str, inference: Inference, i: int) -> dict[str, Any]:
    words = {"term": name, "df_method": DF_METHODS[inference.method]}
    return {column: words.get(column) or float(getattr(inference, column)[i]) for column in FIXED_COLUMNS}


def convergence(fit: MixedFit) -> dict[str, Any]:
    """Largest gradient and smallest curvature in the working parameters, evaluations, starts, boundary terms.

    `smallest_curvature` is the least eigenvalue of the criterion's Hessian over the parameters of covariances
    that are not singular; None when there are none. A singular covariance has no curvature to speak of in its
    own factor: its term is named in `boundary` instead.
    """
    inside = interior(fit.model, fit.parameters)
    inner = hessian(fit.model, fit.parameters)[np.ix_(inside, inside)]
    return {
        "state": fit.state,
        "gradient": float(fit.gradient_norm),
        "smallest_curvature": float(linalg.eigvalsh(inner)[0]) if len(inner) else None,
        "evaluations": int(fit.evaluations),
        "starts": len(start_values(fit.model)),
        "boundary": [
            fit.terms[block.term].label(block.columns)
            for block, factor in zip(fit.model.layout.blocks, fit.solution.factors, strict=True)
            if is_flat(factor)
        ],
    }
