"""What is asked of a fit agrees with lme4, pbkrtest and performance (tests/reference/lme4/postfit.R)."""

import numpy as np
import pandas as pd
import pytest
from tests.mixedmodels.postfit.reference import ANSWERS, fitted, new

from xtransfer_stats.mixedmodels.postfit.effects import fitted_values, random_effects, residuals
from xtransfer_stats.mixedmodels.postfit.predictions import predictions
from xtransfer_stats.mixedmodels.postfit.statistics import levels, likelihood, variance_parts

# performance 0.10.2 (insight 0.19.0) misreads slopes that are no fixed effect, and double bars: the definition's
# answers, from lme4's own parts, stand for them.
NOT_PERFORMANCE = {"double_bar", "slopes_alone", "factor_slopes"}
INTERIOR = [name for name, answer in ANSWERS.items() if "kr_df" in answer]


def method(answer: dict) -> str:
    return "kenward_roger" if answer["reml"] else "satterthwaite"


def close(mine, theirs, rel: float = 1e-5):
    theirs = np.atleast_1d(np.asarray(theirs, dtype=float))
    assert np.atleast_1d(np.asarray(mine, dtype=float)) == pytest.approx(theirs, rel=rel, abs=1e-5)


@pytest.mark.parametrize("name", ANSWERS)
def test_likelihood_and_what_is_made_of_it(name):
    answer, known = ANSWERS[name], likelihood(fitted(name).fit)
    assert fitted(name).fit.criterion == pytest.approx(answer["criterion"], rel=1e-9)
    assert (known.loglik, known.aic, known.bic) == pytest.approx(tuple(answer[k] for k in ("loglik", "aic", "bic")))
    assert known.df == answer["df"]
    assert sorted(levels(fitted(name).fit).values()) == sorted(answer["levels"].values())  # lme4 says f:g for g:f


@pytest.mark.parametrize("name", ANSWERS)
def test_coefficients_and_errors(name):
    answer, fit = ANSWERS[name], fitted(name).fit
    close(fit.beta, answer["beta"])
    close(np.sqrt(np.diag(fit.cov_beta)), answer["std_error"])
    close(np.sqrt(fit.sigma2), answer["sigma"])


@pytest.mark.parametrize("name", ANSWERS)
def test_the_columns_of_the_fixed_effects_are_those_of_r(name):
    """scale, poly, bs, ns, codings and references: as model.matrix has them."""
    close(fitted(name).fit.X[:5].ravel(), np.ravel(ANSWERS[name]["X"]), rel=1e-8)


@pytest.mark.parametrize("name", INTERIOR)
def test_kenward_roger_with_weights_and_offsets(name):
    answer, fit = ANSWERS[name], fitted(name).fit
    each = fit.kenward_roger(np.eye(len(fit.names)))
    close(each.std_error, answer["kr_std_error"])
    close(each.df, answer["kr_df"])


@pytest.mark.parametrize("name", ANSWERS)
def test_shares_of_variance(name):
    answer, parts = ANSWERS[name], variance_parts(fitted(name))
    mine = {**parts.r2(), **{f"icc_{kind}": value for kind, value in parts.icc().items()}}
    assert mine == pytest.approx(answer["parts"], abs=1e-5)
    if answer.get("performance") and name not in NOT_PERFORMANCE:
        assert mine == pytest.approx(answer["performance"], abs=1e-5)


def test_enough_answers_are_performances_own():
    assert sum(bool(a.get("performance")) for name, a in ANSWERS.items() if name not in NOT_PERFORMANCE) >= 20


@pytest.mark.parametrize("name", ANSWERS)
def test_random_effects_and_their_sds(name):
    answer = pd.DataFrame(ANSWERS[name]["effects"]).replace({"term": {"(Intercept)": "Intercept"}})
    answer = answer.replace({"group": {"g.1": "g", "f:g": "g:f"}})
    mine = random_effects(fitted(name))
    if name == "nested":  # lme4 turns the crossing round: f:g, lo:g01
        crossed = answer["group"] == "g:f"
        answer.loc[crossed, "level"] = answer.loc[crossed, "level"].str.split(":").str[::-1].str.join(":")
    named = {"ayes": "a[yes]"}
    answer = answer.replace({"term": named})
    both = mine.merge(answer, on=["group", "term", "level"], suffixes=("", "_r"))
    assert len(both) == len(mine) == len(answer)
    close(both["estimate"], both["estimate_r"])
    close(both["sd"], both["sd_r"], rel=1e-4)
    assert np.allclose(mine["high"] - mine["low"], 2 * 1.959963985 * mine["sd"])


@pytest.mark.parametrize("name", ANSWERS)
def test_fitted_values_and_residuals(name):
    answer = ANSWERS[name]
    close(fitted_values(fitted(name))[:8], answer["fitted"])
    for kind, theirs in (("response", "response"), ("pearson", "pearson"), ("standardised", "scaled")):
        close(residuals(fitted(name), kind)[:8], answer[theirs])


@pytest.mark.parametrize("name", ANSWERS)
def test_predictions_at_new_rows_and_new_levels(name):
    answer, ours = ANSWERS[name], fitted(name)
    close(predictions(ours, new())["estimate"], answer["predicted"])
    close(predictions(ours, new(), random=False)["estimate"], answer["population"])
    if answer.get("by_g"):
        close(predictions(ours, new(), random=["g"])["estimate"], answer["by_g"])


@pytest.mark.parametrize("name", INTERIOR)
def test_errors_of_the_populations_mean(name):
    answer, mine = ANSWERS[name], predictions(fitted(name), new(), random=False, interval="confidence")
    close(mine["std_error"], answer["population_error"])
    close(mine["df"], answer["population_df"])


@pytest.mark.parametrize("name", [name for name, answer in ANSWERS.items() if answer.get("joint_error")])
def test_errors_of_groups_means_are_hendersons(name):
    answer = ANSWERS[name]
    mine = predictions(fitted(name), new(), interval="confidence", method=method(answer))
    rows = np.atleast_1d(answer["known"]) - 1
    close(mine["std_error"].iloc[rows], answer["joint_error"], rel=1e-4)
    assert np.all(mine["df"] >= 2)
