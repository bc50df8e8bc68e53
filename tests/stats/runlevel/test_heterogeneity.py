"""Languages that differ are found, those that do not are not, and the plain F's error is what the correction is for."""

import numpy as np
import pytest
from scipy import stats
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.stats.runlevel.heterogeneity import epsilon, two_way


def test_mean_squares_are_those_of_the_two_way_table():
    table = np.random.default_rng(0).normal(0, 1, (6, 4)) + np.arange(4)
    sd, F, df, p, share = two_way(table)
    rest = table - table.mean(0) - table.mean(1)[:, None] + table.mean()
    within = (rest**2).sum() / 15
    assert pytest.approx(6 * table.mean(0).var(ddof=1) / within) == F
    assert sd == pytest.approx(np.sqrt(table.mean(0).var(ddof=1) - within / 6))
    e = epsilon(rest)
    assert 1 / 3 <= e <= 1
    assert (df, p) == pytest.approx((15 * e, stats.f.sf(F, 3 * e, 15 * e)))
    assert share == pytest.approx(1 - 1 / F)


def test_epsilon_is_one_for_a_spherical_covariance():
    centred = np.eye(5) - 0.2
    assert epsilon(centred) == pytest.approx(1)


@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_a_true_null_is_rejected_at_most_as_often_as_said(seeds):
    rng, wrong, plain, studies = np.random.default_rng(seeds), 0, 0, 2000
    for _ in range(studies):
        noise = rng.normal(0, 1, (seeds, 10)) * np.where(np.arange(10) < 2, 4, 1)
        _, F, _, p, _ = two_way(noise)
        wrong += p < 0.05
        plain += stats.f.sf(F, 9, 9 * (seeds - 1)) < 0.05
    assert wrong / studies < 0.07
    assert plain / studies > 0.1


def test_differing_languages_stand_in_the_result_frame():
    loud = {"language": 6.0}
    quiet = {"language": 0.0}
    for deviations, told in ((loud, True), (quiet, False)):
        frame, benchmarks = simulated_frame(8, (3,), rng_seed=3, deviations=deviations, task_effects={"tatoeba": 1.0})
        row = analyzed(frame, benchmarks).results.query("term == 'heterogeneity'").iloc[0]
        assert (row["p_value"] < 0.01) == told
        assert np.isnan(row["p_adjusted"])
    assert row["contrast"] == "effect(3) between languages"
