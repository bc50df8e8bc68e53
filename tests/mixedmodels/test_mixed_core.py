"""The criterion, its gradient, the optimiser and what is read from a fit, against dense algebra."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mixedmodels.mixed_example import Example

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels import randomterms
from xtransfer_stats.mixedmodels.likelihood import leadcolumns
from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion
from xtransfer_stats.mixedmodels.likelihood.crossproducts import RandomTerm, cross_products
from xtransfer_stats.mixedmodels.mixed import fit_mixed
from xtransfer_stats.mixedmodels.search.optimise import ENOUGH, minimise, refit

pytestmark = pytest.mark.usefixtures("way")


def dense_criterion(y, X, V, reml):
    inverse = np.linalg.inv(V)
    gram = X.T @ inverse @ X
    rest = y - X @ np.linalg.solve(gram, X.T @ inverse @ y)
    value = np.linalg.slogdet(V)[1] + rest @ inverse @ rest
    if reml:
        return value + np.linalg.slogdet(gram)[1] + (len(y) - X.shape[1]) * np.log(2 * np.pi)
    return value + len(y) * np.log(2 * np.pi)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("grouped", [True, False])
def test_criterion_is_that_of_the_rows(reml, grouped):
    example = Example()
    fit = example.fit(reml=reml, residual_groups=example.groups if grouped else None)
    assert fit.state in ("interior", "boundary")
    expected = dense_criterion(example.y, example.X, example.V(fit), reml)
    assert fit.criterion == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("grouped", [True, False])
def test_gradient_is_the_derivative(reml, grouped):
    example = Example()
    cross = cross_products(example.y, example.X, example.terms, example.groups if grouped else None)
    model = Criterion(cross, reml)
    x = np.random.default_rng(1).normal(0.5, 0.4, len(minimise(model).parameters))
    numeric = [(model(x + h)[0] - model(x - h)[0]) / 2e-5 for h in 1e-5 * np.eye(len(x))]
    assert model(x)[1] == pytest.approx(np.array(numeric), rel=1e-5, abs=1e-5)


def test_slopes_are_derivatives_in_the_covariance():
    example = Example()
    model = Criterion(cross_products(example.y, example.X, example.terms))
    x = model.layout.pack([0.8 * np.eye(k) for k in model.layout.sizes], np.zeros(0))
    slopes = model.slopes(model.solve(x))
    for i, k in enumerate(model.layout.sizes):
        for direction in (np.eye(k), np.ones((k, k))):
            up, down = (np.linalg.cholesky(0.64 * np.eye(k) + h * direction) for h in (1e-5, -1e-5))
            factors = [0.8 * np.eye(size) for size in model.layout.sizes]
            values = [
                model(model.layout.pack([*factors[:i], f, *factors[i + 1 :]], np.zeros(0)))[0] for f in (up, down)
            ]
            assert np.sum(slopes[i] * direction) == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-4)


@pytest.mark.parametrize("reml", [True, False])
def test_eliminating_a_factor_changes_nothing(way, monkeypatch, reml):
    example = Example()
    cross = cross_products(example.y, example.X, example.terms, example.groups)
    assert bool(cross.layout.lead) == (way != "no lead")
    monkeypatch.setattr(randomterms, "LEAST_LEAD", 10**9)
    plain = cross_products(example.y, example.X, example.terms, example.groups)
    one, other = Criterion(cross, reml), Criterion(plain, reml)
    for scale, lost in ((0.5, 1.0), (30.0, 1e3)):  # digits are lost to cancellation where effects are large
        x = scale * np.random.default_rng(2).normal(1, 0.5, 3 + 1 + 2 + 2)
        x[-2:] /= scale
        assert one(x)[0] == pytest.approx(other(x)[0], rel=lost * 1e-12)
        assert one(x)[1] == pytest.approx(other(x)[1], rel=lost * 1e-9, abs=lost * 1e-9)
        for mine, theirs in zip(one.slopes(one.solve(x)), other.slopes(other.solve(x)), strict=True):
            assert mine == pytest.approx(theirs, rel=lost * 1e-8, abs=lost * 1e-9)


def test_terms_of_one_grouping_are_eliminated_together(way):
    """(1 | g) + (0 + x | g), as one uncorrelated term, and with the terms in another order."""
    example = Example()
    (g, h, _), ones = example.terms, np.ones((len(example.y), 1))
    apart = replace(g, correlated=False)
    split = [replace(g, covariates=ones, names=("one",)), h, replace(g, covariates=example.X[:, 1:], names=("x",))]
    fits = [fit_mixed(example.y, example.X, ("one", "x"), terms) for terms in ((apart, h), split)]
    if way == "dense lead, two effects a level":
        assert [len(fit.model.layout.lead) for fit in fits] == [2, 2]
    whole = np.diag(fits[0].covariances[0])
    assert fits[1].criterion == pytest.approx(fits[0].criterion, rel=1e-11)
    assert [float(fits[1].covariances[i][0, 0]) for i in (0, 2)] == pytest.approx(whole, rel=1e-5)
    both = np.column_stack([fits[1].random_effects(i) for i in (0, 2)])
    assert both == pytest.approx(fits[0].random_effects(0), rel=1e-5, abs=1e-5)
    assert fits[1].kenward_roger(np.eye(2)).df == pytest.approx(fits[0].kenward_roger(np.eye(2)).df, rel=1e-5)


def test_zero_start_is_left_where_the_data_want_a_variance():
    """Zero has zero gradient: only the derivative in the covariance tells that it is no minimum."""
    example = Example()
    model = Criterion(cross_products(example.y, example.X, example.terms))
    best = minimise(model)
    stuck = refit(model, np.zeros(len(best.parameters)), np.eye(len(best.parameters)))
    assert stuck.value == pytest.approx(best.value, abs=2 * ENOUGH)


def test_the_deeper_of_two_valleys_is_found():
    """Lines vary about x = 50 but are modelled about x = 0, uncorrelated: huge variances fit better."""
    rng = np.random.default_rng(8)
    codes, x = rng.integers(0, 7, 160), rng.normal(50, 1, 160)
    level, slope = rng.normal(0, 5, (2, 7))
    y = level[codes] + slope[codes] * (x - 50) + rng.normal(0, 1, 160)
    X = np.column_stack([np.ones(160), x])
    model = Criterion(cross_products(y, X, [RandomTerm("g", codes, 7, X, ("one", "x"), correlated=False)]))
    small = minimise(model)
    assert model.solve(small.parameters).rss * model.cross.scale**2 / model.df == pytest.approx(1, rel=0.4)


def test_random_effects_are_conditional_means():
    example = Example()
    fit = example.fit(residual_groups=example.groups)
    weighted = np.linalg.solve(example.V(fit), example.y - example.X @ fit.beta)
    total = example.X @ fit.beta
    for i, (Z, covariance, term) in enumerate(zip(example.Z(), fit.covariances, example.terms, strict=True)):
        expected = (np.kron(covariance, np.eye(term.levels)) @ Z.T @ weighted).reshape(-1, term.levels).T
        assert fit.random_effects(i) == pytest.approx(expected, rel=1e-7, abs=1e-8)
        total = total + Z @ expected.T.ravel()
    assert fit.fitted() == pytest.approx(total, rel=1e-9)


def test_conditional_sds_are_those_of_the_rows():
    example = Example()
    fit = example.fit(residual_groups=example.groups)
    inverse = np.linalg.inv(example.V(fit))
    for i, (Z, covariance, term) in enumerate(zip(example.Z(), fit.covariances, example.terms, strict=True)):
        prior = np.kron(covariance, np.eye(term.levels))
        expected = np.diag(prior - prior @ Z.T @ inverse @ Z @ prior).reshape(-1, term.levels).T
        assert fit.conditional_sd(i) ** 2 == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_residual_variance_of_each_group_is_found():
    fit = Example(3, 3000).fit(residual_groups=Example(3, 3000).groups)
    assert np.sqrt(fit.residual_variance) == pytest.approx([1.0, 0.5, 2.0], rel=0.06)


def test_statsmodels_agrees():
    example = Example()
    data = pd.DataFrame({"y": example.y, "x": example.x, "g": example.terms[0].codes})
    theirs = smf.mixedlm("y ~ x", data, groups="g", re_formula="~x").fit(reml=True, gtol=1e-9)
    ours = fit_mixed(example.y, example.X, ("one", "x"), example.terms[:1])
    assert ours.criterion == pytest.approx(-2 * theirs.llf, rel=1e-7)
    assert ours.beta == pytest.approx(theirs.fe_params.to_numpy(), rel=1e-4)
    assert ours.covariances[0] == pytest.approx(theirs.cov_re.to_numpy(), rel=1e-2)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(-1e5, 1e5), st.floats(1e-3, 1e3))
def test_order_labels_shift_and_scale_do_not_matter(seed, shift, scale):
    example, rng = Example(), np.random.default_rng(seed)
    base = example.fit()
    order = rng.permutation(len(example.y))
    renamed = []
    for term in example.terms:
        names = rng.permutation(term.levels)
        renamed.append(replace(term, codes=names[term.codes][order], covariates=term.covariates[order]))
    moved = fit_mixed(shift + scale * example.y[order], example.X[order], ("one", "x"), renamed)
    df = len(example.y) - 2
    assert moved.criterion == pytest.approx(base.criterion + 2 * df * np.log(scale), rel=1e-7, abs=1e-5)
    assert moved.beta == pytest.approx(scale * base.beta + [shift, 0], rel=1e-5)
    assert moved.residual_variance == pytest.approx(scale**2 * base.residual_variance, rel=1e-4)


@settings(max_examples=5, deadline=None)
@given(st.floats(-50, 50), st.floats(0.01, 100))
def test_moving_and_stretching_a_covariate_keeps_the_criterion_of_correlated_slopes(shift, stretch):
    example = Example()
    base = fit_mixed(example.y, example.X, ("one", "x"), example.terms[:2])
    other = np.column_stack([np.ones(len(example.y)), shift + stretch * example.x])
    terms = (replace(example.terms[0], covariates=other), example.terms[1])
    moved = fit_mixed(example.y, other, ("one", "x"), terms)
    assert moved.criterion - 2 * np.log(stretch) == pytest.approx(base.criterion, rel=1e-8)


def test_no_random_term_is_least_squares():
    example = Example()
    fit = fit_mixed(example.y, example.X, ("one", "x"), ())
    beta, rss, _, _ = np.linalg.lstsq(example.X, example.y, rcond=None)
    assert fit.beta == pytest.approx(beta, rel=1e-9)
    assert fit.residual_variance == pytest.approx(rss[0] / (len(example.y) - 2), rel=1e-9)
    assert fit.kenward_roger(np.eye(2)).df == pytest.approx([88, 88], rel=1e-6)


def test_refusals_name_the_remedy():
    example = Example()
    ones = np.ones((90, 1))
    rows = RandomTerm("row", np.arange(90), 90, ones, ("one",))
    single = RandomTerm("all", np.zeros(90, dtype=np.int64), 1, ones, ("one",))
    with pytest.raises(FitError, match="'row' has as many levels as there are rows"):
        fit_mixed(example.y, example.X, ("one", "x"), [rows])
    with pytest.raises(FitError, match="'all' has one level"):
        fit_mixed(example.y, example.X, ("one", "x"), [single])
    with pytest.raises(FitError, match="linearly dependent: drop"):
        fit_mixed(example.y, np.column_stack([example.X, 2 * example.x]), ("one", "x", "z"), example.terms)
    with pytest.raises(FitError, match="not finite"):
        fit_mixed(np.where(np.arange(90) == 4, np.inf, example.y), example.X, ("one", "x"), example.terms)
    with pytest.raises(FitError, match="reproduce the response exactly"):
        fit_mixed(example.x, example.X, ("one", "x"), example.terms)
    with pytest.raises(FitError, match="X has shape"):
        fit_mixed(example.y, example.X, ("one",), example.terms)


def test_residual_groups_of_unlike_size_keep_one_kind_of_table(monkeypatch):
    """A group of few rows alone would be kept sparse, one of many dense: their sum must be one thing."""
    monkeypatch.setattr(randomterms, "LEAST_LEAD", 3)
    monkeypatch.setattr(leadcolumns, "SMALL", 0)
    example = Example(n=300)
    groups = np.where(np.arange(300) < 15, 0, 1)
    few, many = cross_products(example.y, example.X, example.terms, groups).sums
    assert type(few.cross) is type(many.cross)
