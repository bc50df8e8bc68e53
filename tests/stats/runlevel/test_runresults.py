"""max-T: a known maximum, its error over a family, and when it is not offered."""

import numpy as np
import pytest
from scipy import stats
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.stats.runlevel.runresults import max_t_p


def test_one_contrast_is_a_t_test():
    x = np.random.default_rng(0).normal(0.5, 1, (12, 1))
    assert max_t_p(x)[0] == pytest.approx(stats.ttest_1samp(x[:, 0], 0).pvalue, abs=0.01)


def test_contrasts_that_are_one_cost_nothing():
    x = np.random.default_rng(1).normal(0.6, 1, (15, 1))
    assert max_t_p(np.repeat(x, 4, axis=1)) == pytest.approx(max_t_p(x)[0], abs=0.01)


def test_the_family_is_wrong_as_often_as_said():
    rng, wrong = np.random.default_rng(2), 0
    for i in range(400):
        common = rng.normal(0, 1, (10, 1))
        wrong += max_t_p(common + rng.normal(0, 0.7, (10, 3)), draws=199, seed=i).min() <= 0.05
    assert 0.02 < wrong / 400 < 0.09


def test_offered_from_ten_seeds_beside_holm():
    for seeds, told in ((10, True), (9, False)):
        frame, benchmarks = simulated_frame(seeds, (3, 5), rng_seed=1)
        rows = analyzed(frame, benchmarks).results.query("term == 'interaction' and scope == 'these'")
        assert rows["note"].str.contains("max-T p").all() == told
        assert rows["note"].str.contains("measured family-wise error at 10 seeds").all() == told
        assert rows["p_adjusted"].notna().all()
    assert np.isnan(max_t_p(np.ones((9, 2)))).all()
