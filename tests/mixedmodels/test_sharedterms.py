"""Rows with several levels: weights, covariance and criterion against dense algebra; refusals."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.randomterms import shared_term

TASKS = tuple("abcdefghi")


def sets(rng, n):
    """Texts of random sets of 3, 5 or all nine tasks, some empty."""
    out = []
    for _ in range(n):
        k = rng.choice([0, 3, 5, 9])
        out.append("+".join(sorted(rng.choice(TASKS, k, replace=False))))
    return pd.Series(out)


def test_covariance_is_the_centred_overlap():
    texts = pd.Series([*map("+".join, list(combinations(TASKS, 3))[:20]), "a+b+c+d+e", "+".join(TASKS), ""])
    weights = shared_term("mm(s)", texts).covariates
    got = weights @ weights.T
    for i, one in enumerate(texts):
        for j, other in enumerate(texts):
            a, b = set(filter(None, one.split("+"))), set(filter(None, other.split("+")))
            expected = len(a & b) / (len(a) * len(b)) - 1 / 9 if a and b else 0.0
            assert got[i, j] == pytest.approx(expected, abs=1e-12)
    assert not weights[-2].any()


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    n = 160
    d = pd.DataFrame({"sets": sets(rng, n), "seed": rng.integers(0, 8, n).astype(str), "x": rng.normal(0, 1, n)})
    weights = shared_term("mm(sets)", d["sets"]).covariates
    noise = rng.normal(0, 0.5, n) + rng.normal(0, 1, 8)[d["seed"].astype(int)]
    return d.assign(y=5 + 2 * d["x"] + weights @ rng.normal(0, 6, 9) + noise)


def test_criterion_is_that_of_dense_algebra(table, way):
    fitted = fit_formula("y ~ x + (1 | mm(sets)) + (1 | seed)", table).fit
    Z, seed = shared_term("mm(sets)", table["sets"]).covariates, pd.get_dummies(table["seed"]).to_numpy(float)
    V = fitted.covariances[0][0, 0] * Z @ Z.T + fitted.covariances[1][0, 0] * seed @ seed.T
    V += fitted.residual_variance * np.eye(len(table))
    X, y = np.column_stack([np.ones(len(table)), table["x"]]), table["y"].to_numpy()
    W = np.linalg.inv(V)
    beta = np.linalg.solve(X.T @ W @ X, X.T @ W @ y)
    rest = y - X @ beta
    value = np.linalg.slogdet(V)[1] + np.linalg.slogdet(X.T @ W @ X)[1] + rest @ W @ rest
    assert fitted.criterion == pytest.approx(value + (len(y) - 2) * np.log(2 * np.pi), rel=1e-10)
    assert fitted.beta == pytest.approx(beta, rel=1e-8)
    effects = fitted.covariances[0][0, 0] * Z.T @ W @ rest
    assert fitted.random_effects(0)[:, 0] == pytest.approx(effects, rel=1e-6, abs=1e-8)
    plain = X @ beta + Z @ effects + fitted.covariances[1][0, 0] * seed @ seed.T @ W @ rest
    assert fitted.fitted() == pytest.approx(plain, rel=1e-7)
    assert np.isfinite(fitted.kenward_roger(np.eye(2)).df).all()


def test_an_empty_cell_is_a_row_without_members(table):
    gaps = table.assign(sets=table["sets"].replace("", np.nan))
    formula = "y ~ x + (1 | mm(sets))"
    assert fit_formula(formula, gaps).fit.criterion == pytest.approx(fit_formula(formula, table).fit.criterion)


def test_order_of_the_members_does_not_matter(table):
    turned = table.assign(sets=["+".join(reversed(text.split("+"))) for text in table["sets"]])
    formula = "y ~ x + (1 | mm(sets)) + (1 | seed)"
    ours, theirs = (fit_formula(formula, t).fit.criterion for t in (table, turned))
    assert ours == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("y ~ x + (1 + x | mm(sets))", r"its levels have no slopes"),
        ("y ~ x + (1 | mm(alike))", "every row holds all members"),
        ("y ~ x + (1 | mm(single))", "1 member in all"),
        ("y ~ x + (1 | mm(missing))", "no column 'missing'"),
    ],
)
def test_refusals(table, formula, message):
    with pytest.raises(FitError, match=message):
        fit_formula(formula, table.assign(alike="a+b", single="a"))


def test_a_residual_variance_for_each_level_of_a_column(table):
    rng = np.random.default_rng(1)
    noisy = table.assign(g=np.where(rng.random(len(table)) < 0.5, "calm", "wild"))
    noisy["y"] += np.where(noisy["g"] == "wild", rng.normal(0, 4, len(table)), 0)
    fitted = fit_formula("y ~ x + (1 | seed)", noisy, residual="g")
    assert fitted.residual_levels == ("calm", "wild")
    calm, wild = fitted.fit.residual_variance
    assert wild > calm + 8
    with pytest.raises(FitError, match="no column 'h'"):
        fit_formula("y ~ x + (1 | seed)", noisy, residual="h")
