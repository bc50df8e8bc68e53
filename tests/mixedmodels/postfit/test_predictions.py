"""Predictions: what they mean at unseen levels and left-out groupings, what is remembered, what is refused."""

import numpy as np
import pandas as pd
import pytest
from tests.mixedmodels.postfit.reference import new, rows

from xtransfer_stats.base.errors import DataError, FitError
from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.postfit.effects import fitted_values, residuals
from xtransfer_stats.mixedmodels.postfit.predictions import predictions

SLOPES = "y ~ x + f + (1 + x | g) + (1 | h)"


@pytest.fixture(scope="module")
def slopes():
    return fit_formula(SLOPES, rows())


def test_the_fits_own_rows_give_its_fitted_values(slopes):
    assert predictions(slopes, rows())["estimate"].to_numpy() == pytest.approx(fitted_values(slopes).to_numpy())


@pytest.mark.parametrize("part", ["scale(x)", "poly(x, 3)", "bs(x, df=5)", "ns(x, df=4)", "cr(x, df=4)", "center(x)"])
def test_a_function_keeps_what_it_learned_from_the_fits_rows(part):
    fitted = fit_formula(f"y ~ {part} + (1 | g)", rows())
    whole, one = predictions(fitted, rows()), predictions(fitted, rows().iloc[7:8])
    assert one["estimate"].iloc[0] == pytest.approx(whole["estimate"].iloc[7], rel=1e-9)


def test_an_unseen_level_has_the_populations_mean_and_the_added_variance(slopes):
    here = new().iloc[[4]]  # g is new, h is known
    both = predictions(slopes, here, interval="confidence").iloc[0]
    h_alone = predictions(slopes, here, random=["h"], interval="confidence").iloc[0]
    z = np.array([1.0, here["x"].iloc[0]])
    added = z @ slopes.fit.covariances[0] @ z
    assert both["new_levels"] == "g"
    assert h_alone["new_levels"] == ""
    assert both["estimate"] == pytest.approx(h_alone["estimate"])
    assert both["std_error"] ** 2 == pytest.approx(h_alone["std_error"] ** 2 + added)


def test_a_new_observation_adds_all_that_the_mean_leaves_out(slopes):
    here = new().iloc[[0]]
    mean = predictions(slopes, here, random=False, interval="confidence").iloc[0]
    one = predictions(slopes, here, random=False, interval="prediction").iloc[0]
    z = np.array([1.0, here["x"].iloc[0]])
    variances = z @ slopes.fit.covariances[0] @ z + slopes.fit.covariances[1][0, 0] + slopes.fit.sigma2
    assert one["std_error"] ** 2 == pytest.approx(mean["std_error"] ** 2 + variances)
    assert one["low"] < mean["low"] < mean["high"] < one["high"]


def test_a_wider_level_is_wider_and_an_observation_is_wider_than_a_mean(slopes):
    narrow, wide = (predictions(slopes, new(), interval="confidence", level=level) for level in (0.8, 0.99))
    one = predictions(slopes, new(), interval="prediction", level=0.99)
    assert np.all(narrow["high"] < wide["high"])
    assert np.all(wide["high"] < one["high"])


def test_a_prediction_without_random_effects_is_least_squares():
    table = rows()
    fitted = fit_formula("y ~ x + f", table)
    X = np.column_stack([np.ones(len(table)), table["x"], table["f"] == "mid", table["f"] == "top"]).astype(float)
    beta, rss = np.linalg.lstsq(X, table["y"], rcond=None)[:2]
    at = np.array([1.0, -4.0, 0.0, 0.0])
    sigma2 = rss[0] / (len(table) - 4)
    mine = predictions(fitted, new().iloc[[0]], interval="prediction").iloc[0]
    assert mine["estimate"] == pytest.approx(at @ beta)
    assert mine["std_error"] ** 2 == pytest.approx(sigma2 * (1 + at @ np.linalg.solve(X.T @ X, at)))
    assert mine["df"] == pytest.approx(len(table) - 4)


def test_weights_of_a_new_observation_divide_its_residual_variance():
    fitted = fit_formula("yw ~ x + (1 | g)", rows(), weights="w")
    mean, one = (predictions(fitted, new(), interval=interval) for interval in ("confidence", "prediction"))
    added = fitted.fit.sigma2 / new()["w"].to_numpy()
    assert (one["std_error"] ** 2).to_numpy() == pytest.approx((mean["std_error"] ** 2).to_numpy() + added)


def test_a_residual_variance_of_its_own_enters_by_its_level():
    fitted = fit_formula("y ~ x + (1 | g)", rows(), residual="a")
    mean, one = (predictions(fitted, new(), interval=interval) for interval in ("confidence", "prediction"))
    own = dict(zip(fitted.residual_levels, fitted.fit.residual_variance, strict=True))
    added = one["std_error"] ** 2 - mean["std_error"] ** 2
    assert added.to_numpy() == pytest.approx(new()["a"].map(own).to_numpy())
    plain, scaled = residuals(fitted), residuals(fitted, "standardised")
    assert plain.to_numpy() == pytest.approx(scaled * np.sqrt(rows()["a"].map(own)).to_numpy())


def test_memberships_are_predicted_and_unknown_members_refused():
    rng = np.random.default_rng(2)
    sets = rng.choice(["p+q", "q", "p+r", "r+s", ""], 80)
    table = pd.DataFrame({"sets": sets, "x": rng.normal(size=80)})
    table["y"] = table["x"] + table["sets"].str.contains("p") + rng.normal(size=80)
    fitted = fit_formula("y ~ x + (1 | mm(sets))", table)
    mine = predictions(fitted, table, interval="prediction")
    assert mine["estimate"].to_numpy() == pytest.approx(fitted_values(fitted).to_numpy())
    assert np.all(np.isfinite(mine["low"]))
    with pytest.raises(DataError, match="'t', which mm"):
        predictions(fitted, table.assign(sets="p+t"))


def test_levels_are_the_same_whatever_type_the_new_table_gives_them(slopes):
    texts = new().assign(h=new()["h"].astype(str))
    halves = new().assign(h=new()["h"].astype(float))
    expected = predictions(slopes, new())
    assert predictions(slopes, texts).equals(expected)
    assert predictions(slopes, halves).equals(expected)


def test_gaps_have_no_prediction_and_an_empty_group_is_an_unseen_one(slopes):
    table = new().assign(x=[np.nan, *new()["x"][1:]], g=["g01", None, *new()["g"][2:]])
    mine = predictions(slopes, table, interval="confidence")
    assert np.isnan(mine["estimate"].iloc[0])
    assert np.isnan(mine["low"].iloc[0])
    assert mine["new_levels"].iloc[1] == "g"
    assert np.isfinite(mine["estimate"].iloc[1])


def test_the_rows_keep_their_places_and_their_index(slopes):
    turned = new().iloc[::-1].set_axis([*"abcdef"])
    mine = predictions(slopes, turned)
    assert list(mine.index) == [*"abcdef"]
    assert mine["estimate"].to_numpy() == pytest.approx(predictions(slopes, new())["estimate"].to_numpy()[::-1])


def test_the_index_of_residuals_leads_back_to_the_table():
    table = rows().copy()
    table.loc[[0, 5], "x"] = np.nan
    fitted = fit_formula("y ~ x + (1 | g)", table)
    assert list(fitted_values(fitted).index[:5]) == [1, 2, 3, 4, 6]
    whole = fitted_values(fitted) + residuals(fitted)
    assert whole.to_numpy() == pytest.approx(table["y"].drop([0, 5]).to_numpy())


REFUSED = [
    (
        {"f": "none"},
        {},
        DataError,
        r"column 'f' holds 'none', which the fit has not seen: its levels are lo, mid, top; write one",
    ),
    ({"x": "much"}, {}, DataError, r"column 'x' holds 'much' in row 1"),
    ({"x": np.inf}, {}, DataError, r"column 'x' holds inf in row 1"),
    ({}, {"random": ["k"]}, FitError, r"random 'k': there is no such grouping.*g, h"),
    ({}, {"interval": "both"}, FitError, r"interval 'both': choose confidence or prediction"),
    ({}, {"interval": "confidence", "level": 95}, FitError, r"level 95: give a number between 0 and 1"),
]


@pytest.mark.parametrize(("cells", "options", "kind", "message"), REFUSED)
def test_what_has_no_prediction_is_refused_by_name(slopes, cells, options, kind, message):
    with pytest.raises(kind, match=message):
        predictions(slopes, new().assign(**cells), **options)


def test_a_column_that_is_not_there_is_named(slopes):
    with pytest.raises(DataError, match=r"no column 'f', which the formula names"):
        predictions(slopes, new().drop(columns="f"))
    assert len(predictions(slopes, new().drop(columns=["g", "h"]), random=False)) == len(new())
    with pytest.raises(DataError, match="no column 'g'"):
        predictions(slopes, new().drop(columns="g"))


def test_a_level_of_a_coded_number_is_refused():
    table = rows().assign(year=rows()["h"])
    fitted = fit_formula("y ~ C(year) + (1 | g)", table)
    with pytest.raises(DataError, match="2020"):
        predictions(fitted, table.head(2).assign(year=2020))


def test_groups_means_are_covered_as_often_as_said():
    """Satterthwaite's df: normal quantiles would cover 85 to 91 % of groups' means here."""
    rng, held, groups = np.random.default_rng(5), 0, 0
    for _ in range(60):
        table = pd.DataFrame({"g": np.repeat(np.arange(8), 5), "x": rng.normal(size=40)})
        lift = rng.normal(0, 0.7, 8)
        table["y"] = 1 + table["x"] + lift[table["g"]] + rng.normal(size=40)
        fitted = fit_formula("y ~ x + (1 | g)", table)
        mine = predictions(fitted, pd.DataFrame({"g": range(8), "x": 0.0}), interval="confidence")
        held += int(np.sum((mine["low"] <= 1 + lift) & (1 + lift <= mine["high"])))
        groups += 8
    assert 0.925 < held / groups < 0.995
