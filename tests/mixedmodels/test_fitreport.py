"""Convergence evidence and joint tests of terms in the dictionary for machines."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.mixedmodels.fitreport import convergence, fit_json
from xtransfer_stats.mixedmodels.formula import fit_formula

DATA = Path(__file__).parents[1] / "reference" / "lme4" / "data"


def test_an_interior_fit_has_no_slope_and_curves_upwards():
    evidence = convergence(fit_formula("score ~ count + (1 + count | language) + (1 | seed)", _read("slopes2")).fit)
    assert evidence["gradient"] < 1e-3
    assert evidence["smallest_curvature"] > 0
    assert evidence["boundary"] == []
    assert evidence["evaluations"] > 0


def test_a_boundary_fit_names_the_term_and_curves_upwards_elsewhere():
    evidence = convergence(fit_formula("score ~ count + (1 | seed) + (1 | task_set)", _read("boundary")).fit)
    assert evidence["boundary"] == ["(Intercept | task_set)"]
    assert evidence["smallest_curvature"] > 0


def test_a_term_of_two_coefficients_has_two_numerator_df_and_one_of_one_agrees_with_t():
    report = fit_json(fit_formula("score ~ group + benchmark + (1 | seed) + (1 | language)", _read("categories")))
    terms = {row["term"]: row for row in report["terms"]}
    assert terms["group"]["df_num"] == 2
    single = report["fixed"][-1]
    assert terms["benchmark"]["statistic"] == pytest.approx(single["statistic"] ** 2)
    assert terms["benchmark"]["df"] == pytest.approx(single["df"])
    assert np.isfinite(terms["group"]["p_value"])


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv")
