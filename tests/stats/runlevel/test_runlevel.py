"""Run-level contrasts against scipy, hand-worked mean squares and the REML fit they should agree with."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.benchmarks.calibration.test_runlevel_calibration import crossed_chains, nested_chains

from xtransfer_stats.stats.core.design import Layout, detect
from xtransfer_stats.stats.core.estimands import CountContrast, coefficients
from xtransfer_stats.stats.runlevel.runlevel import RunLevel
from xtransfer_stats.stats.runlevel.runreml import RemlNumbers

EFFECT, STEP = CountContrast(0, 3), CountContrast(3, 5)


def model(chains, numbers):
    return RunLevel(chains, detect(chains, 9), numbers)


def test_nested_is_scipys_paired_t():
    chains = nested_chains(6, (3, 5))
    numbers = np.random.default_rng(0).normal(50, 2, (len(chains), 2))
    found = model(chains, numbers).contrast(STEP)
    high, low = (numbers[chains["n_tasks"] == count] for count in (5, 3))
    expected = stats.ttest_rel(high, low)
    assert found.statistic() == pytest.approx(expected.statistic)
    assert found.p_value() == pytest.approx(expected.pvalue)
    interval = expected.confidence_interval()
    assert np.array(found.interval(0.05)) == pytest.approx(np.array([interval.low, interval.high]))
    assert found.df.tolist() == [5, 5]


def test_several_sets_of_a_seed_are_averaged_first():
    rows = [(0, 0, ""), (1, 0, ""), (2, 0, "")] + [(s, 3, f"{s}{m}") for s in range(3) for m in range(2)]
    chains = pd.DataFrame(rows, columns=["seed", "n_tasks", "task_set"]).assign(replicates=1)
    numbers = np.arange(9.0)[:, None] ** 2
    found = model(chains, numbers).contrast(EFFECT)
    means = numbers[3:, 0].reshape(3, 2).mean(axis=1)
    assert found.statistic() == pytest.approx(stats.ttest_rel(means, numbers[:3, 0]).statistic)
    assert found.n_runs == 9


def test_crossed_mean_squares_by_hand():
    chains = crossed_chains(4, (3, 5))
    g = np.random.default_rng(2).normal(0, 1, len(chains))
    found = model(chains, g[:, None]).contrast(EFFECT)
    tables = {k: g[chains["n_tasks"] == k].reshape(4, -1) for k in (0, 3, 5)}
    set_square = np.mean([4 * np.var(tables[k].mean(axis=0), ddof=1) for k in (3, 5)])
    base = np.var(tables[0][:, 0] - np.hstack([tables[3], tables[5]]).mean(axis=1), ddof=1)
    a, b = set_square / 12, base / 4
    assert found.estimate[0] == pytest.approx(tables[3].mean() - tables[0].mean())
    assert found.std_error[0] == pytest.approx(np.sqrt(a + b))
    assert found.df[0] == pytest.approx((a + b) ** 2 / (a**2 / 4 + b**2 / 3))
    step = model(chains, g[:, None]).contrast(STEP)
    a, b = 2 * set_square / 12, _beyond_runs(tables[5] - tables[3], tables)
    assert step.std_error[0] == pytest.approx(np.sqrt(a + b))
    assert step.df[0] == pytest.approx((a + b) ** 2 / (a**2 / 4 + b**2 / 3))


def _beyond_runs(difference, tables):
    rest = [(t - t.mean(axis=0) - t.mean(axis=1, keepdims=True) + t.mean()) ** 2 for t in (tables[3], tables[5])]
    run_square = np.sum(rest) / (2 * 3 * 2)
    return max(0.0, np.var(difference.mean(axis=1), ddof=1) / 4 - 1.25 * 2 * run_square / 12)


def test_a_set_that_two_seeds_drew_widens_the_error():
    rows = [(seed, 0, "") for seed in range(3)]
    rows += [(0, 3, "a"), (0, 3, "b"), (1, 3, "b"), (1, 3, "c"), (2, 3, "d"), (2, 3, "e")]
    chains = pd.DataFrame(rows, columns=["seed", "n_tasks", "task_set"]).assign(replicates=1)
    g = np.random.default_rng(5).normal(0, 1, (len(chains), 1))
    own = chains.assign(task_set=[*chains["task_set"][:5], "f", *chains["task_set"][6:]])
    within = np.mean([np.var(g[i : i + 2, 0], ddof=1) for i in (3, 5, 7)])
    recurring = 0.75 * 2 * (1 / 2 * 1 / 2) / 6 * within
    plain, found = (model(one, g).contrast(EFFECT) for one in (own, chains))
    a, b = plain.std_error[0] ** 2, recurring
    assert plain.df[0] == 2
    assert found.std_error[0] == pytest.approx(np.sqrt(a + b))
    assert found.df[0] == pytest.approx((a + b) ** 2 / (a**2 / 2 + b**2 / 3))


def test_estimates_of_a_crossed_study_agree_with_reml():
    chains = crossed_chains(5, (3, 5, 9))
    rng = np.random.default_rng(3)
    numbers = rng.normal(0, 1, (len(chains), 1)) + 2 * rng.normal(0, 1, 5)[chains["seed"]][:, None]
    design = detect(chains, 9)
    reml = RemlNumbers(chains, design, numbers)
    for contrast in (EFFECT, STEP, CountContrast(5, 9)):
        squares, restricted = (
            RunLevel(chains, design, numbers).contrast(contrast),
            reml.combination(coefficients(contrast), 0),
        )
        assert restricted.estimate == pytest.approx(squares.estimate)
        assert 0.4 < restricted.std_error[0] / squares.std_error[0] < 2.5


def test_a_crossed_study_with_a_hole_takes_reml_and_kenward_roger():
    chains = crossed_chains(4, (3,)).drop(index=6)
    numbers = np.random.default_rng(4).normal(0, 1, (len(chains), 2))
    design = detect(chains, 9)
    assert design.layout is Layout.INCOMPLETE
    found = RunLevel(chains, design, numbers).contrast(EFFECT)
    assert "Kenward-Roger" in found.method
    assert np.isfinite(found.p_value()).all()
    assert (found.df > 0).all()


def test_a_seed_without_a_count_leaves_its_pair_only():
    chains = nested_chains(4, (3, 5))
    chains = chains[~((chains["seed"] == 1) & (chains["n_tasks"] == 5))]
    numbers = np.random.default_rng(5).normal(0, 1, (len(chains), 1))
    fitted = model(chains, numbers)
    assert fitted.contrast(CountContrast(0, 5)).df[0] == 2
    assert fitted.contrast(EFFECT).df[0] == 3
    assert fitted.contrast(CountContrast(0, 5)).n_runs == 6


def test_one_seed_has_estimates_without_errors():
    chains = nested_chains(1, (3,))
    found = model(chains, np.array([[50.0], [52.0]])).contrast(EFFECT)
    assert found.estimate[0] == 2
    assert np.isnan([found.std_error[0], found.df[0], found.p_value()[0], *np.ravel(found.interval(0.05))]).all()
    assert "one seed" in found.note


def test_two_seeds_have_one_df():
    chains = nested_chains(2, (3,))
    found = model(chains, np.array([[1.0], [2.0], [4.0], [6.0]])).contrast(EFFECT)
    assert found.df[0] == 1
    assert found.p_value()[0] == pytest.approx(stats.ttest_1samp([3.0, 4.0], 0).pvalue)


def test_numbers_that_never_vary_have_no_test():
    chains = nested_chains(3, (3,))
    found = model(chains, np.full((6, 1), 12.3)).contrast(EFFECT)
    assert found.std_error[0] == 0
    assert np.isnan(found.p_value()[0])


def test_one_set_shared_by_all_seeds_is_said():
    chains = nested_chains(3, (3,)).assign(task_set=["", "", "", "a", "a", "a"])
    found = model(chains, np.random.default_rng(6).normal(0, 1, (6, 1))).contrast(EFFECT)
    assert "these sets only" in found.note


def test_chance_meetings_do_not_make_a_nested_design_crossed():
    chains = nested_chains(6, (5,))
    twice = chains["task_set"].replace({"k5seed1": "k5seed0"})
    assert detect(chains.assign(task_set=twice), 9).layout is Layout.NESTED
