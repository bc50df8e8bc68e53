"""Fits agree with lme4, lmerTest and pbkrtest: criterion, errors, variances and degrees of freedom."""

import json
import runpy
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.places import REAL_DATA

from xtransfer_stats.mixedmodels.formula import FormulaFit, fit_formula

FOLDER = Path(__file__).parents[1] / "reference" / "lme4"
CLASSIC = REAL_DATA / "results" / "lme4"
ANSWERS = {
    model["name"]: model
    for file in ("answers.json", "slopes.json", "large.json")
    for model in json.loads((FOLDER / file).read_text())["models"]
}
LARGE = ("medium", "ratings")  # drawn here, as they were for lme4


@cache
def data(name: str) -> pd.DataFrame:
    if name in LARGE:
        simulate = runpy.run_path(str(FOLDER / "simulate.py"))
        return simulate["draw"](simulate[name])
    for folder in (FOLDER / "data", CLASSIC):
        if (folder / f"{name}.csv").exists():
            return pd.read_csv(folder / f"{name}.csv", dtype={"seed": str, "language": str, "task": str})
    pytest.skip(f"{name}.csv, a data set of lme4, is not at hand")


@pytest.fixture(scope="module", params=list(ANSWERS))
def pair(request: pytest.FixtureRequest) -> tuple[FormulaFit, dict]:
    answer = ANSWERS[request.param]
    return fit_formula(answer["formula"], data(answer["data"])), answer


def by_size(matrices: list) -> list[np.ndarray]:
    """lme4 orders random terms by their levels: compare them in an order of their own."""
    return sorted((np.atleast_2d(m) for m in matrices), key=lambda m: (len(m), np.trace(m)))


def test_criterion(pair):
    ours, lme4 = pair
    assert ours.fit.criterion == pytest.approx(lme4["criterion"], rel=1e-9)


def test_ml_deviance(pair):
    ours, lme4 = pair
    ml = fit_formula(ours.formula, data(lme4["data"]), reml=False)
    assert ml.fit.criterion == pytest.approx(lme4["ml_deviance"], rel=1e-9)


def test_fixed_effects_and_errors(pair):
    ours, lme4 = pair
    assert ours.fit.beta == pytest.approx(np.atleast_1d(lme4["beta"]), rel=1e-5, abs=1e-6)
    assert np.sqrt(np.diag(ours.fit.cov_beta)) == pytest.approx(np.atleast_1d(lme4["std_error"]), rel=1e-4)


def test_variance_components(pair):
    ours, lme4 = pair
    assert ours.fit.residual_variance == pytest.approx(lme4["residual_variance"], rel=1e-4)
    for mine, theirs in zip(by_size(list(ours.fit.covariances)), by_size(lme4["covariances"]), strict=True):
        sds = np.sqrt(np.maximum(np.diag(theirs), 1e-6 * lme4["residual_variance"]))
        assert mine / np.outer(sds, sds) == pytest.approx(theirs / np.outer(sds, sds), abs=1e-3)


def test_boundary(pair):
    ours, lme4 = pair
    assert (ours.fit.state == "boundary") == lme4["singular"]


def needs(lme4: dict, answer: str) -> None:
    if answer not in lme4:
        pytest.skip("the reference's matrices of rows by rows or finite differences are not feasible at this size")


def test_kenward_roger(pair):
    ours, lme4 = pair
    needs(lme4, "kr_df")
    each = ours.fit.kenward_roger(np.eye(len(ours.fit.names)))
    assert each.std_error == pytest.approx(np.atleast_1d(lme4["kr_std_error"]), rel=1e-4)
    assert each.df == pytest.approx(np.atleast_1d(lme4["kr_df"]), rel=1e-3)
    F, df_num, df, _ = ours.fit.f_test(np.eye(len(ours.fit.names)))
    assert (F, df_num, df) == pytest.approx(tuple(lme4["kr_joint"]), rel=1e-3)


def test_satterthwaite(pair):
    ours, lme4 = pair
    needs(lme4, "satterthwaite_df")
    each = ours.fit.satterthwaite(np.eye(len(ours.fit.names)))
    assert each.std_error == pytest.approx(np.atleast_1d(lme4["std_error"]), rel=1e-4)
    assert each.df == pytest.approx(np.atleast_1d(lme4["satterthwaite_df"]), rel=1e-3)
    F, df_num, df, _ = ours.fit.f_test(np.eye(len(ours.fit.names)), "satterthwaite")
    assert (F, df_num, df) == pytest.approx(tuple(lme4["satterthwaite_joint"]), rel=1e-3)


def test_fitted_values(pair):
    ours, lme4 = pair
    assert ours.fit.fitted()[:5] == pytest.approx(lme4["fitted"], rel=1e-5)


def test_the_set_holds_what_it_should():
    singular = [name for name, answer in ANSWERS.items() if answer["singular"]]
    assert {"dyestuff2", "boundary", "perfect", "flat_slope"} <= set(singular)
    assert ANSWERS["ratings"]["rows"] == len(data("ratings")) == 73_000
    assert len(ANSWERS) - len(singular) >= 10
