"""Kenward-Roger with residual groups against n x n algebra, and the plain relations between the methods."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.mixedmodels.mixed_example import Example

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.fitreport import fit_json
from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.mixed import fit_mixed

pytestmark = pytest.mark.usefixtures("way")


def dense_kenward_roger(example: Example, fit):
    """Adjusted covariance and scalar df by the formulas of Kenward & Roger (1997), on n x n matrices."""
    parts = []
    for Z, term in zip(example.Z(), example.terms, strict=True):
        k = len(term.names)
        for a, b in zip(*np.tril_indices(k), strict=True):
            if a != b and not term.correlated:
                continue
            E = np.zeros((k, k))
            E[a, b] = E[b, a] = 1
            parts.append(Z @ np.kron(E, np.eye(term.levels)) @ Z.T)
    parts += [np.diag((example.groups == g).astype(float)) for g in range(3)]
    inverse, X = np.linalg.inv(example.V(fit)), example.X
    phi = np.linalg.inv(X.T @ inverse @ X)
    P = [-X.T @ inverse @ part @ inverse @ X for part in parts]
    Q = [[X.T @ inverse @ a @ inverse @ b @ inverse @ X for b in parts] for a in parts]
    v = range(len(parts))
    information = np.array(
        [
            [
                np.trace(inverse @ parts[i] @ inverse @ parts[j])
                - 2 * np.trace(phi @ Q[i][j])
                + np.trace(phi @ P[i] @ phi @ P[j])
                for j in v
            ]
            for i in v
        ]
    )
    W = 2 * np.linalg.inv(information)
    middle = sum(W[i, j] * (Q[i][j] - P[i] @ phi @ P[j]) for i in v for j in v)
    slopes = np.array([np.diag(phi @ p @ phi) / np.diag(phi) for p in P])
    return phi + 2 * phi @ middle @ phi, 2 / np.einsum("ip,ij,jp->p", slopes, W, slopes)


def test_kenward_roger_with_residual_groups_is_that_of_the_rows():
    example = Example()
    fit = example.fit(residual_groups=example.groups)
    adjusted, df = dense_kenward_roger(example, fit)
    ours = fit.kenward_roger(np.eye(2))
    assert ours.std_error == pytest.approx(np.sqrt(np.diag(adjusted)), rel=1e-7)
    assert ours.df == pytest.approx(df, rel=1e-6)


@pytest.mark.parametrize("method", ["kenward_roger", "satterthwaite", "wald"])
def test_one_row_f_is_the_square_of_t(method):
    fit = Example().fit()
    each = getattr(fit, method)([0.0, 1.0])
    F, df_num, df, p = fit.f_test([0.0, 1.0], method)
    assert (F, df_num, df, p) == pytest.approx((each.statistic[0] ** 2, 1, each.df[0], each.p_value[0]), rel=1e-8)


def test_repeated_hypotheses_do_not_count_twice():
    fit = Example().fit()
    L = np.array([[1.0, 0], [0, 1], [1, 1]])
    for method in ("kenward_roger", "satterthwaite"):
        assert fit.f_test(L, method)[1] == 2
    assert fit.f_test(L)[:3] == pytest.approx(fit.f_test(L[:2])[:3], rel=1e-8)


def test_intervals_hold_the_level():
    each = Example().fit().kenward_roger([0.0, 1.0], level=0.9)
    assert each.conf_high - each.estimate == pytest.approx(stats.t.ppf(0.95, each.df) * each.std_error)
    assert each.estimate - each.conf_low == pytest.approx(each.conf_high - each.estimate)


def test_wald_is_the_normal_distribution():
    each = Example().fit().wald([0.0, 1.0])
    assert np.isinf(each.df[0])
    assert each.p_value == pytest.approx(2 * stats.norm.sf(abs(each.statistic)))


def test_satterthwaite_with_residual_groups_follows_the_welch_formula():
    """Two means with a variance each, no random term: Welch's df, in its REML form."""
    rng = np.random.default_rng(5)
    group = np.repeat([0, 1], [8, 15])
    y = rng.normal(0, np.array([1.0, 4.0])[group])
    X = np.column_stack([group == 0, group == 1]).astype(float)
    fit = fit_mixed(y, X, ("first", "second"), (), residual_groups=group)
    s2 = np.array([np.var(y[group == g], ddof=1) for g in (0, 1)])
    welch = stats.ttest_ind(y[group == 0], y[group == 1], equal_var=False)
    assert fit.residual_variance == pytest.approx(s2, rel=1e-6)
    for each in (fit.satterthwaite([1.0, -1.0]), fit.kenward_roger([1.0, -1.0])):
        assert each.df[0] == pytest.approx(welch.df, rel=1e-4)
        assert each.p_value[0] == pytest.approx(welch.pvalue, rel=1e-4)


def test_refusals():
    fit = Example().fit(reml=False)
    with pytest.raises(FitError, match="reml=True"):
        fit.kenward_roger([0.0, 1.0])
    with pytest.raises(FitError, match="2 fixed effects"):
        fit.wald([1.0, 0.0, 0.0])
    with pytest.raises(FitError, match="choose from kenward_roger"):
        fit.f_test([1.0, 0.0], "bayes")


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("grouped", [True, False])
def test_second_order_quantities_are_those_of_the_rows(reml, grouped):
    """The definitions of Kenward and Roger (1997), on n x n matrices."""
    example = Example()
    fit = example.fit(reml=reml, residual_groups=example.groups if grouped else None)
    scale, cross, known = fit.model.cross.scale, fit.model.cross, fit.information
    inverse = np.linalg.inv(example.V(fit) / scale**2)
    X = example.X @ np.linalg.inv(cross.triangle)
    moved = [inverse @ derivative for derivative in _derivatives(example, fit, grouped)]
    through = [one @ inverse @ X for one in moved]
    assert known.phi == pytest.approx(np.linalg.inv(X.T @ inverse @ X), rel=1e-8, abs=1e-12)
    for i, one in enumerate(moved):
        assert known.P[i] == pytest.approx(X.T @ through[i], rel=1e-7, abs=1e-9 * np.max(np.abs(known.P)))
        for j, other in enumerate(moved):
            size = np.max(np.abs(known.Q))
            assert known.Q[i, j] == pytest.approx(X.T @ one @ through[j], rel=1e-7, abs=1e-9 * size)
            assert known.K[i, j] == pytest.approx(np.sum(one * other.T), rel=1e-7, abs=1e-9 * np.max(known.K))


def _derivatives(example: Example, fit, grouped: bool) -> list[np.ndarray]:
    """Of V in the elements of each block's covariance in the working basis, then in the residual variances."""
    out = []
    for block in fit.model.layout.blocks:
        term = example.terms[block.term]
        effects = term.covariates[:, block.columns] @ block.inverse_basis
        columns = [np.eye(term.levels)[term.codes] * effects[:, [a]] for a in range(block.size)]
        for a, b in zip(*np.tril_indices(block.size), strict=True):
            both = columns[a] @ columns[b].T
            out.append(both if a == b else both + both.T)
    groups = example.groups if grouped else np.zeros(len(example.y), dtype=int)
    return out + [np.diag((groups == g).astype(float)) for g in range(groups.max() + 1)]


@pytest.mark.parametrize("method", ["kenward_roger", "satterthwaite"])
def test_a_residual_too_small_for_double_precision_has_no_degrees_of_freedom(method):
    """Rounding gave a covariate between groups 1e15 degrees of freedom in place of 10."""
    rng = np.random.default_rng(0)
    g, h = np.repeat(np.arange(12), 5), np.tile(np.arange(5), 12)
    luck = rng.normal(size=12)[g] + rng.normal(size=5)[h]
    table = pd.DataFrame({"z": np.repeat(rng.normal(size=12), 5), "g": g, "h": h})
    told, lost = (
        fit_formula("y ~ z + (1 | g) + (1 | h)", table.assign(y=luck + sd * rng.normal(size=60))) for sd in (1e-2, 1e-4)
    )
    assert told.fit.inference([0, 1], method).df == pytest.approx(10, rel=1e-3)
    assert np.isnan(lost.fit.inference([0, 1], method).df).all()
    assert np.isnan(lost.fit.f_test([0, 1], method)[2:4]).all()
    assert any("rounding would decide" in note for note in fit_json(lost, method=method)["notes"])
