"""Variances that the rows do not determine are named, and fits that are none are refused."""

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(9)
    frame = pd.DataFrame({"g": np.repeat([f"g{i}" for i in range(10)], 12), "f": np.tile(["p", "q", "r"], 40)})
    frame["half"] = np.where(frame["g"] < "g5", "left", "right")  # each group has one of the two alone
    frame["x"] = rng.normal(size=120)
    luck = rng.normal(0, 1, (10, 3))
    codes = pd.factorize(frame["g"])[0], pd.factorize(frame["f"])[0]
    return frame.assign(y=luck[codes] + rng.normal(0, 1, 10)[codes[0]] + rng.normal(0, 1, 120))


@pytest.mark.parametrize(
    ("right", "message"),
    [
        ("g + (1 | g)", r"\(Intercept \| g\): the rows say nothing of its variance"),
        ("x + (1 | g) + (1 | g)", "only the sum of some"),
        ("f + (1 + f || g)", "only the sum of some"),
        ("x + (0 + half | g)", "do not determine all of its variances and covariances"),
        ("x + (1 | g) + (1 | copy)", "only the sum of some"),
    ],
)
def test_terms_that_cannot_be_told_apart_are_named(table, right, message):
    with pytest.raises(FitError, match=message):
        fit_formula(f"y ~ {right}", table.assign(copy=table["g"].str.upper()))


@pytest.mark.parametrize(
    "right", ["x + (1 | g)", "f + (1 | g/f)", "f + (1 + f | g)", "x + (1 + x | g)", "x + (x || g)"]
)
def test_terms_that_can_be_are_not(table, right):
    assert fit_formula(f"y ~ {right}", table).fit.state in ("interior", "boundary")


def test_a_few_groups_are_little_and_not_nothing():
    rng = np.random.default_rng(1)
    for _ in range(40):
        frame = pd.DataFrame({"g": np.repeat(list("abc"), 4), "x": rng.normal(size=12)})
        fit_formula("y ~ x + (1 | g)", frame.assign(y=rng.normal(size=3).repeat(4) + rng.normal(size=12)))


def test_a_response_that_is_explained_is_refused(table):
    with pytest.raises(FitError, match="explains every row but for rounding"):
        fit_formula("y ~ x + (1 | g)", table.assign(y=2 * table["x"] + pd.factorize(table["g"])[0]))


def test_a_residual_level_of_one_row_is_refused(table):
    with pytest.raises(FitError, match="120 of 120 levels have one row"):
        fit_formula("y ~ x + (1 | g)", table.assign(row=np.arange(120)), residual="row")
