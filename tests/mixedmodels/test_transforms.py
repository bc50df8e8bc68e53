"""Functions and codings that mean what R's do; tests/mixedmodels/postfit holds R's model matrices beside them."""

import numpy as np
import pytest
from tests.mixedmodels.postfit.reference import rows

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula

SAME = [
    ("S(f)", "C(f, Sum)"),
    ("T(f)", "f"),
    ("T(f, 'mid')", "C(f, Treatment('mid'))"),
    ("standardize(x)", "scale(x)"),
    ("scale(x, scale=False)", "center(x)"),
    ("C(f)", "C(f, Treatment)"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_are_one_design(one, other):
    first, second = (fit_formula(f"y ~ {part} + (1 | g)", rows()).fit.X for part in (one, other))
    assert np.allclose(first, second)


def test_the_level_that_a_sum_leaves_out_can_be_named():
    X = fit_formula("y ~ S(f, 'lo') + (1 | g)", rows()).fit
    assert X.names == ("Intercept", "S(f, 'lo')[mid]", "S(f, 'lo')[top]")
    assert np.all(X.X[rows()["f"] == "lo", 1:] == -1)


def test_scale_divides_by_the_sample_sd():
    X = fit_formula("y ~ scale(x) + (1 | g)", rows()).fit.X
    assert X[:, 1] == pytest.approx((rows()["x"] - rows()["x"].mean()) / rows()["x"].std(ddof=1))
    raw = fit_formula("y ~ scale(x, center=False) + (1 | g)", rows()).fit.X
    assert raw[:, 1] == pytest.approx(rows()["x"] / np.sqrt((rows()["x"] ** 2).sum() / (len(rows()) - 1)))


def test_natural_splines_are_straight_beyond_their_ends_and_no_more_than_cubics():
    X = fit_formula("y ~ ns(x, df=3) + (1 | g)", rows()).fit
    assert len(X.names) == 4
    whole = fit_formula("y ~ bs(x, df=4, intercept=True) - 1 + (1 | g)", rows()).fit
    cubic = fit_formula("y ~ poly(x, 3) + (1 | g)", rows()).fit
    assert whole.X @ np.linalg.lstsq(whole.X, cubic.X, rcond=None)[0] == pytest.approx(cubic.X, abs=1e-8)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("bs(x, df=2)", "df=2: give a whole number, at least 3"),
        ("ns(x, df=0)", "df=0: give a whole number, at least 1"),
        ("ns(x, df=500)", "is asked for"),
        ("C(f, contr.sum)", r"write C\(x, Sum\)"),
        ("C(f, contr.helmert)", r"write C\(x, Helmert\)"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(part, message):
    with pytest.raises(FitError, match=message):
        fit_formula(f"y ~ {part} + (1 | g)", rows())
