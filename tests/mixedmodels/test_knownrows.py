"""Prior weights and offsets: what they equal, what follows them, what is refused."""

import numpy as np
import pandas as pd
import pytest
from tests.mixedmodels.postfit.reference import rows

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.likelihoodratio import likelihood_ratio
from xtransfer_stats.mixedmodels.resampling.bootstrap import parametric_bootstrap
from xtransfer_stats.mixedmodels.sdintervals import profile_sds

WEIGHTED = "yw ~ x + f + (1 + x | g)"


def test_weights_of_one_change_nothing_and_equal_weights_only_the_residual():
    plain = fit_formula(WEIGHTED, rows()).fit
    ones, fours = (fit_formula(WEIGHTED, rows().assign(k=k), weights="k").fit for k in (1, 4))
    for other in (ones, fours):
        assert other.criterion == pytest.approx(plain.criterion, rel=1e-10)
        assert other.beta == pytest.approx(plain.beta, rel=1e-6)
        assert other.covariances[0] == pytest.approx(plain.covariances[0], rel=1e-5)
    assert fours.sigma2 == pytest.approx(4 * plain.sigma2, rel=1e-6)


def test_the_lead_is_eliminated_with_weights_too():
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"g": rng.integers(0, 90, 900), "h": rng.integers(0, 50, 900), "w": rng.uniform(0.2, 5, 900)})
    table["y"] = rng.normal(size=90)[table["g"]] + rng.normal(size=50)[table["h"]] + rng.normal(size=900)
    fit = fit_formula("y ~ 1 + (1 | g) + (1 | h)", table, weights="w").fit
    V = np.diag(fit.sigma2 / table["w"])
    for name, covariance in zip("gh", fit.covariances, strict=True):
        V += covariance[0, 0] * (table[name].to_numpy()[:, None] == table[name].to_numpy())
    X, y = np.ones((900, 1)), table["y"].to_numpy()
    inverse = np.linalg.inv(V)
    rest = y - X @ np.linalg.solve(X.T @ inverse @ X, X.T @ inverse @ y)
    logs = np.linalg.slogdet(V)[1] + np.linalg.slogdet(X.T @ inverse @ X)[1]
    assert fit.criterion == pytest.approx(logs + rest @ inverse @ rest + 899 * np.log(2 * np.pi), rel=1e-10)


def test_the_bootstrap_draws_from_the_weighted_model():
    fit = fit_formula("yw ~ x + (1 | g)", rows(), weights="w").fit
    drawn = parametric_bootstrap(fit, 300, 1).table
    assert drawn["sigma"].mean() == pytest.approx(np.sqrt(fit.sigma2), rel=0.03)
    assert drawn["beta[x]"].std() == pytest.approx(np.sqrt(fit.cov_beta[1, 1]), rel=0.15)
    assert drawn["criterion"].mean() == pytest.approx(fit.criterion, abs=8)


def test_a_likelihood_ratio_keeps_the_weights():
    small, large = (
        fit_formula(f, rows(), weights="w", reml=False) for f in ("yw ~ x + (1 | g)", "yw ~ x + f + (1 | g)")
    )
    ratio = likelihood_ratio(small, large, 19, 1)
    assert ratio.statistic == pytest.approx(small.fit.criterion - large.fit.criterion)
    assert ratio.converged == 19


def test_profiles_hold_the_estimates_of_a_weighted_fit():
    fit = fit_formula("yw ~ x + f + z + (1 | g)", rows(), weights="w", reml=False).fit
    for (_, _, sd, low, high), mine in zip(profile_sds(fit), (fit.covariances[0][0, 0], fit.sigma2), strict=True):
        assert sd == pytest.approx(np.sqrt(mine), rel=1e-4)
        assert low < sd < high


REFUSED = [
    ({"w": [0.0]}, r"weights 'w': row 1 holds 0\.0 \(1 such rows\)"),
    ({"w": [-2.0]}, r"row 1 holds -2\.0"),
    ({"w": [None]}, "row 1 is empty"),
    ({"w": ["heavy"]}, "row 1 holds 'heavy'"),
    ({"w": [1e-14]}, "row 1 holds 1e-14, the largest is"),
]


@pytest.mark.parametrize(("cells", "message"), REFUSED)
def test_a_weight_that_is_none_is_refused_by_its_row(cells, message):
    table = rows().astype({"w": object})
    table.loc[[0], "w"] = cells["w"]
    with pytest.raises(FitError, match=message):
        fit_formula("yw ~ x + (1 | g)", table, weights="w")


def test_a_weight_of_a_row_that_does_not_enter_is_not_looked_at():
    table = rows().assign(x=rows()["x"].where(rows().index > 0), w=rows()["w"].where(rows().index > 0))
    assert fit_formula("yw ~ x + (1 | g)", table, weights="w").fit.n == len(table) - 1


def test_a_column_of_weights_that_is_not_there_is_named():
    with pytest.raises(FitError, match=r"weights 'ww': did you mean"):
        fit_formula("yw ~ x + (1 | g)", rows(), weights="ww")


def test_an_offset_is_the_response_less_it():
    mine = fit_formula("yo ~ x + offset(o) + offset(2 * z) + (1 | g)", rows()).fit
    theirs = fit_formula("y ~ x + (1 | g)", rows().assign(y=rows()["yo"] - rows()["o"] - 2 * rows()["z"])).fit
    assert mine.names == ("Intercept", "x")
    assert mine.criterion == pytest.approx(theirs.criterion, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("yo ~ x:offset(o) + (1 | g)", "multiplies an offset"),
        ("yo ~ x + (1 + offset(o) | g)", "stands in a random term"),
        ("yo ~ 0 + offset(o) + (1 | g)", "no fixed effect"),
        ("yo ~ x + offset(f) + (1 | g)", "offset"),
        ("yo ~ x + offset(oo) + (1 | g)", "no column 'oo'"),
    ],
)
def test_an_offset_that_is_none_is_refused(formula, message):
    with pytest.raises(FitError, match=message):
        fit_formula(formula, rows())
