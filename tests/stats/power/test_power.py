"""Power against statsmodels' noncentral t, and simulation against the exact answer."""

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.power.answers import (
    EXACT,
    SIMULATED,
    Powered,
    PowerQuestion,
    exact_detectable,
    exact_power,
    exact_std_error,
    fewest_seeds,
    such_studies,
)
from xtransfer_stats.stats.power.plans import RunHours, StudyPlan, Variances
from xtransfer_stats.stats.power.simulate import null_studies

SOME = Variances(seed=0.7, set=0.8, run=0.4, baseline=0.5)
STUDIES = 6000
FOUR_ERRORS = 4 * np.sqrt(0.25 / STUDIES)


@pytest.mark.parametrize("seeds", [3, 5, 10, 30])
@pytest.mark.parametrize("effect", [0.2, 1.0, 3.0, 20.0])
def test_exact_power_is_that_of_statsmodels(seeds, effect):
    plan = StudyPlan(seeds, catalogue=9)
    sd = np.sqrt(0.8**2 + 0.4**2 + 0.5**2)
    ours = exact_power(effect, exact_std_error(plan, SOME), seeds - 1, 0.05)
    theirs = TTestPower().power(effect / sd, seeds, 0.05)
    assert ours == pytest.approx(1.0 if np.isnan(theirs) else theirs, abs=1e-8)


@pytest.mark.parametrize("sets", [1, 3])
@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_simulated_studies_through_the_run_level_analysis_agree_with_the_exact_power(seeds, sets):
    variances = Variances(seed=5.0, set=0.8, run=0.4, baseline=0.5, seed_effect=0.3)
    plan = StudyPlan(seeds, sets, baselines=2, catalogue=9)
    found = null_studies(plan, variances, STUDIES, 1, 0.05)
    error = exact_std_error(plan, variances)
    for effect in (0.0, 0.5, 1.5):
        assert found.power(effect)[0] == pytest.approx(exact_power(effect, error, seeds - 1, 0.05), abs=FOUR_ERRORS)
    assert found.detectable(0.8) == pytest.approx(exact_detectable(error, seeds - 1, 0.05, 0.8), rel=0.05)


def test_the_detectable_effect_has_the_wanted_power_and_one_seed_less_than_needed_has_not():
    asked = PowerQuestion()
    powered = Powered(StudyPlan(6, catalogue=9), SOME, asked)
    assert powered.method == EXACT
    assert powered.power(powered.detectable()) == pytest.approx(0.8, abs=1e-6)
    seeds = fewest_seeds(StudyPlan(2, catalogue=9), SOME, 1.0, asked)
    assert Powered(StudyPlan(seeds, catalogue=9), SOME, asked).power(1.0) >= 0.8
    assert Powered(StudyPlan(seeds - 1, catalogue=9), SOME, asked).power(1.0) < 0.8
    assert fewest_seeds(StudyPlan(2, catalogue=9), SOME, 0.05, asked) is None


def test_holm_over_counts_holds_its_level_and_costs_power():
    plan = StudyPlan(5, counts=(3, 5, 9), catalogue=9)
    found = null_studies(plan, SOME, STUDIES, 2, 0.05)
    assert Powered(plan, SOME, PowerQuestion()).method == SIMULATED
    assert found.rejected(0.0).any(axis=0).mean() < 0.05 + FOUR_ERRORS
    single = exact_power(1.5, exact_std_error(StudyPlan(5, catalogue=9), SOME), 4, 0.05)
    strictest = exact_power(1.5, exact_std_error(StudyPlan(5, catalogue=9), SOME), 4, 0.05 / 3)
    assert strictest - FOUR_ERRORS < found.power(1.5)[0] < single + FOUR_ERRORS


def test_crossed_level_is_nominal_and_more_sets_help_where_sets_matter():
    sets = Variances(seed=0.5, set=1.5, run=0.3, baseline=0.3)
    few, many = (null_studies(StudyPlan(5, m, crossed=True, catalogue=9), sets, STUDIES, 3, 0.05) for m in (2, 6))
    assert many.power(0.0)[0] == pytest.approx(0.045, abs=0.015)
    assert many.power(2.0)[0] > few.power(2.0)[0] + 0.2


def test_more_languages_help_in_scope_such_and_scope_these_bounds_it():
    wide = Variances(seed=0.0, set=0.5, run=0.3, baseline=0.3, language=2.0)
    plan, asked = StudyPlan(8, catalogue=9), PowerQuestion()
    few, many = (such_studies(plan, n, wide, asked).power(1.5)[0] for n in (5, 40))
    assert few < many - 0.1
    assert many <= Powered(plan, wide, asked).power(1.5)


def test_the_same_seed_gives_the_same_studies():
    first, second, other = (null_studies(StudyPlan(4, catalogue=9), SOME, 50, seed, 0.05) for seed in (1, 1, 2))
    assert (first.estimate == second.estimate).all()
    assert (first.estimate != other.estimate).all()


def test_hours_add_up():
    hours = RunHours(baseline=1.0, treated={3: 2.0, 9: 5.0}, once=10.0)
    assert hours.of(StudyPlan(4, 2, (3, 9), baselines=3, catalogue=9)) == 10 + 4 * (3 * 1 + 2 * 2 + 1 * 5)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: StudyPlan(1, catalogue=9), "seeds 1"),
        (lambda: StudyPlan(3, 1, crossed=True, catalogue=9), "sets 1"),
        (lambda: StudyPlan(3, counts=(12,), catalogue=9), "tasks 12"),
        (lambda: Variances(0, -1, 0, 0), "sd_set -1"),
    ],
)
def test_mistakes_are_named(make, told):
    with pytest.raises(DataError, match=told):
        make()
