"""One fitted formula as a machine-readable dictionary."""

from typing import Any

import numpy as np

from xtransfer_stats.stats.lmm.bootstrap import Bootstrap
from xtransfer_stats.stats.lmm.convergence import convergence
from xtransfer_stats.stats.lmm.formula import FormulaFit
from xtransfer_stats.stats.lmm.mixed import Inference, MixedFit

DF_METHODS = {"kenward_roger": "Kenward-Roger", "satterthwaite": "Satterthwaite"}


def fit_json(formula_fit: FormulaFit, bootstrap: Bootstrap | None = None) -> dict[str, Any]:
    """Plain numbers, texts and lists; NaN where there is none. `criterion` is lme4's REMLcrit or deviance.

    Fixed effects carry Kenward-Roger's standard errors and degrees of freedom; Satterthwaite's after an ML
    fit.
    """
    fit = formula_fit.fit
    return {
        "formula": formula_fit.formula,
        "n": fit.n,
        "criterion": fit.criterion,
        "state": fit.state,
        "fixed": _fixed(fit),
        "random": [
            {"group": term.group, "terms": list(term.names), "covariance": covariance.tolist()}
            for term, covariance in zip(fit.terms, fit.covariances, strict=True)
        ],
        "residual_variance": np.asarray(fit.residual_variance).tolist(),
        "bootstrap": None if bootstrap is None else counts(bootstrap),
        "notes": list(formula_fit.notes),
        "terms": _terms(formula_fit),
        "convergence": convergence(fit),
    }


def counts(bootstrap: Bootstrap) -> dict[str, int]:
    """How the replicates fared; boundary counts within converged."""
    return {name: int(getattr(bootstrap, name)) for name in ("asked", "converged", "boundary", "failed")}


def _fixed(fit: MixedFit) -> list[dict[str, Any]]:
    L = np.eye(len(fit.names))
    inference = fit.kenward_roger(L) if fit.reml else fit.satterthwaite(L)
    return [_row(name, inference, i) for i, name in enumerate(fit.names)]


def _terms(formula_fit: FormulaFit) -> list[dict[str, Any]]:
    """F test that every coefficient of a term, in the coding used, is zero."""
    fit = formula_fit.fit
    method = "kenward_roger" if fit.reml else "satterthwaite"
    rows = []
    for name, columns in formula_fit.columns.items():
        if columns:
            F, df_num, df, p = fit.f_test(np.eye(len(fit.names))[list(columns)], method)
            row = {"term": name, "hypothesis": "every coefficient of the term zero", "statistic": float(F)}
            rows.append(row | {"df_num": float(df_num), "df": float(df), "df_method": DF_METHODS[method], "p_value": p})
    return rows


def _row(name: str, inference: Inference, i: int) -> dict[str, Any]:
    return {
        "term": name,
        "estimate": float(inference.estimate[i]),
        "std_error": float(inference.std_error[i]),
        "df": float(inference.df[i]),
        "df_method": DF_METHODS[inference.method],
        "statistic": float(inference.statistic[i]),
        "p_value": float(inference.p_value[i]),
        "conf_low": float(inference.conf_low[i]),
        "conf_high": float(inference.conf_high[i]),
    }
