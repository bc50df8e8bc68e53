"""The parametric bootstrap draws what it says, counts honestly and does not depend on the workers."""

import numpy as np
import pytest
from tests.mixedmodels.mixed_example import Example

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.fitreport import counts
from xtransfer_stats.mixedmodels.mixed import fit_mixed
from xtransfer_stats.mixedmodels.resampling import bootstrap
from xtransfer_stats.mixedmodels.resampling.bootstrap import parametric_bootstrap
from xtransfer_stats.mixedmodels.resampling.simulation import plan_of, simulated

pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture(scope="module")
def fit(way):
    example = Example()
    return fit_mixed(example.y, example.X, ("one", "x"), example.terms[:2], residual_groups=example.groups)


def test_simulated_statistics_have_the_moments_of_a_simulated_response(fit):
    """E y'y = trace V and E (W'y)(W'y)' = W' V W, with W the columns kept apart and the rest."""
    example, rng, plan = Example(), np.random.default_rng(1), plan_of(fit)
    V = example.V(fit) if len(fit.terms) == 3 else _covariance(example, fit)
    Q = np.linalg.qr(example.X)[0]
    squares, lengths = [], []
    for _ in range(4000):
        cross = simulated(plan, rng)
        known = sum(sums.dense[-3:-1, -1] for sums in cross.sums)
        squares.append(known**2)
        lengths.append(sum(sums.dense[-1, -1] for sums in cross.sums))
    scale = fit.model.cross.scale**2
    assert scale * np.mean(lengths) == pytest.approx(np.trace(V), rel=0.05)
    assert scale * np.mean(squares, axis=0) == pytest.approx(np.diag(Q.T @ V @ Q), rel=0.12)


def _covariance(example: Example, fit) -> np.ndarray:
    V = np.diag(fit.residual_variance[example.groups])
    for Z, covariance, term in zip(example.Z(), fit.covariances, fit.terms, strict=False):
        V = V + Z @ np.kron(covariance, np.eye(term.levels)) @ Z.T
    return V


def test_simulated_statistics_belong_to_some_response(fit):
    """Each group's cross-products with the response are those of real numbers: positive semi-definite."""
    cross = simulated(plan_of(fit), np.random.default_rng(3))
    for sums in cross.sums:
        assert np.linalg.eigvalsh(cross.whole(sums))[0] > -1e-8 * np.max(cross.whole(sums))


def test_estimates_scatter_as_their_errors_say(fit):
    table = parametric_bootstrap(fit, 300, seed=4).table
    error = np.sqrt(np.diag(fit.cov_beta))
    for name, beta, e in zip(fit.names, fit.beta, error, strict=True):
        assert table[f"beta[{name}]"].mean() == pytest.approx(beta, abs=4 * e / np.sqrt(300))
        assert table[f"beta[{name}]"].std() == pytest.approx(e, rel=0.2)
    assert (table["sigma"] ** 2).mean() == pytest.approx(fit.sigma2, rel=0.1)


def test_workers_do_not_change_the_table(fit, monkeypatch):
    one = parametric_bootstrap(fit, 45, seed=9)
    monkeypatch.setattr(bootstrap, "STACK", 1)  # three shares of the work
    two = parametric_bootstrap(fit, 45, seed=9, workers=2)
    assert one.table.equals(two.table)
    assert not one.table.equals(parametric_bootstrap(fit, 45, seed=10).table)


def test_all_cores_are_used_where_that_pays(fit, monkeypatch):
    asked = []
    monkeypatch.setattr(bootstrap, "PAYS", 0.0)
    monkeypatch.setattr(bootstrap, "STACK", 1)
    monkeypatch.setattr(bootstrap, "cores", lambda: asked.append(1) or 1)
    several = parametric_bootstrap(fit, 45, seed=9, workers=None)
    assert asked == [1]
    assert several.table.equals(parametric_bootstrap(fit, 45, seed=9).table)
    monkeypatch.setattr(bootstrap, "PAYS", np.inf)
    assert parametric_bootstrap(fit, 45, seed=9, workers=None).table.equals(several.table)
    assert asked == [1]


def test_more_replicates_keep_the_earlier_blocks(fit):
    few, more = parametric_bootstrap(fit, 20, seed=9), parametric_bootstrap(fit, 40, seed=9)
    assert few.table.equals(more.table.head(20))


def test_boundary_replicates_are_counted_within_the_converged():
    rng = np.random.default_rng(2)
    example = Example()
    flat = fit_mixed(rng.normal(0, 1, len(example.y)), example.X, ("one", "x"), example.terms[1:2])
    done: list[int] = []
    drawn = parametric_bootstrap(flat, 60, seed=1, progress=done.append)
    assert sum(done) == drawn.asked == 60
    assert drawn.converged + drawn.failed == 60
    assert 10 <= drawn.boundary <= drawn.converged
    assert counts(drawn)["boundary"] == (drawn.table["state"] == "boundary").sum()


def test_studentised_intervals_are_near_those_of_t():
    example = Example()
    fit = fit_mixed(example.y, example.X, ("one", "x"), example.terms[:1])
    ours = parametric_bootstrap(fit, 400, seed=5).intervals().set_index("term").loc["x"]
    t = fit.kenward_roger([0.0, 1.0])
    assert ours.conf_high - ours.conf_low == pytest.approx(float(t.conf_high[0] - t.conf_low[0]), rel=0.25)
    assert ours.conf_low < fit.beta[1] < ours.conf_high


def test_refusals(fit):
    with pytest.raises(FitError, match="replicates \\(0\\)"):
        parametric_bootstrap(fit, 0, seed=1)
    with pytest.raises(FitError, match="1 replicates converged"):
        parametric_bootstrap(fit, 1, seed=1).intervals()
