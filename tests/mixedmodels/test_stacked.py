"""Many responses at once: the stack's numbers are those of each response alone."""

import numpy as np
import pytest
from tests.mixedmodels.mixed_example import Example

from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion
from xtransfer_stats.mixedmodels.mixed import fit_mixed
from xtransfer_stats.mixedmodels.resampling.bootstrap import parametric_bootstrap
from xtransfer_stats.mixedmodels.resampling.replicates import with_response
from xtransfer_stats.mixedmodels.resampling.simulation import plan_of, simulated, stacked_responses
from xtransfer_stats.mixedmodels.resampling.stacked import StackedCriterion
from xtransfer_stats.mixedmodels.resampling.stackeddescent import descend
from xtransfer_stats.mixedmodels.search.optimise import ENOUGH, refit


@pytest.fixture(scope="module", params=[(True, False), (True, True), (False, False), (False, True)])
def plan(request):
    reml, grouped = request.param
    example = Example()
    return plan_of(example.fit(reml=reml, residual_groups=example.groups if grouped else None))


def test_a_small_lead_is_given_up(monkeypatch):
    """Few random effects go side by side: the criterion stays, and no lead is left."""
    monkeypatch.setattr("xtransfer_stats.mixedmodels.randomterms.LEAST_LEAD", 3)
    example = Example()
    fit = example.fit(residual_groups=example.groups)
    assert fit.model.layout.lead
    plan = plan_of(fit)
    assert not plan.model.layout.lead
    x = fit.parameters + 0.1
    assert plan.model(x)[0] == pytest.approx(fit.model(x)[0], rel=1e-12)
    assert plan.model(x)[1] == pytest.approx(fit.model(x)[1], rel=1e-8, abs=1e-8)


def test_stacked_responses_are_those_drawn_one_by_one(plan):
    one, many = np.random.default_rng(4), stacked_responses(plan, np.random.default_rng(4), 3)
    for responses in many:
        alone = simulated(plan, one)
        for group, response in zip(alone.sums, responses, strict=True):
            assert response == pytest.approx(group.dense[-1], rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("near", [1, 10**9])
def test_values_and_gradients_are_those_of_each_alone(plan, monkeypatch, near):
    monkeypatch.setattr("xtransfer_stats.mixedmodels.resampling.stacked.NEAR", near)
    responses = stacked_responses(plan, np.random.default_rng(1), 5)
    which = np.array([4, 0, 2])
    x = plan.parameters + np.random.default_rng(2).normal(0, 0.3, (3, len(plan.parameters)))
    stack = StackedCriterion(plan.model, responses).at(x, which)
    for i, b in enumerate(which):
        alone = Criterion(with_response(plan, responses[b]), plan.model.reml).solve(x[i])
        assert stack.values[i] == pytest.approx(alone.value, rel=1e-12)
        assert stack.gradients[i] == pytest.approx(alone.gradient, rel=1e-8, abs=1e-8)
        assert stack.rss[i] == pytest.approx(alone.rss, rel=1e-9)
        z = plan.model.layout.rest_width
        assert stack.ends[i] == pytest.approx(alone.whole[z:, z:], rel=1e-8, abs=1e-12)


def test_what_rounding_would_decide_is_infinite_beside_sound_ones(plan):
    responses = stacked_responses(plan, np.random.default_rng(1), 2)
    x = np.array([plan.parameters, np.full(len(plan.parameters), 1e7)])
    stack = StackedCriterion(plan.model, responses).at(x, np.arange(2))
    assert np.isfinite(stack.values[0])
    assert stack.values[1] == np.inf
    assert not stack.gradients[1].any()


def test_descents_side_by_side_end_where_each_alone_does(plan):
    responses = stacked_responses(plan, np.random.default_rng(1), 20)
    done = descend(StackedCriterion(plan.model, responses), plan.parameters, plan.inverse, ENOUGH)
    assert done.ended.all()
    for b, response in enumerate(responses):
        alone = refit(Criterion(with_response(plan, response), plan.model.reml), plan.parameters, plan.inverse)
        if alone.state == "interior":
            assert done.value[b] == pytest.approx(alone.value, abs=2 * ENOUGH)


def test_a_stack_gives_the_table_that_replicates_alone_give(monkeypatch):
    """State by state, singular ones included."""
    rng, example = np.random.default_rng(2), Example()
    flat = fit_mixed(
        rng.normal(0, 1, 90) + 0.2 * rng.normal(size=9)[example.terms[1].codes],
        example.X,
        ("one", "x"),
        example.terms[1:],
    )
    together = parametric_bootstrap(flat, 60, seed=1).table
    monkeypatch.setattr("xtransfer_stats.mixedmodels.resampling.replicates.is_stacked", lambda plan: False)
    alone = parametric_bootstrap(flat, 60, seed=1).table
    assert list(together["state"]) == list(alone["state"])
    assert set(together["state"]) == {"interior", "boundary"}
    assert together["criterion"].to_numpy() == pytest.approx(alone["criterion"].to_numpy(), abs=2 * ENOUGH)
    for name in ("beta[x]", "se[x]", "sigma"):
        assert together[name].to_numpy() == pytest.approx(alone[name].to_numpy(), rel=0.02, abs=0.01)
