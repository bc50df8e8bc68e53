"""The mean over three studies or more: against other implementations, textbook mean squares, and its own scope."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects
from tests.stats.comparison.studies import alike, apart, gains

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.comparison.several.crossed import crossed_mean
from xtransfer_stats.stats.comparison.several.randomeffects import random_effects
from xtransfer_stats.stats.comparison.several.several import CHECKPOINTS, MEAN, STUDIES, several

Y, ERRORS = np.array([1.2, 0.1, -0.4, 2.9]), np.array([0.4, 0.5, 0.3, 0.8])
MANY = np.full(4, 1e9)  # df of errors as good as known


def test_random_effects_are_those_of_statsmodels():
    found = random_effects(Y, ERRORS, MANY, 0.05)
    theirs = combine_effects(Y, ERRORS**2, method_re="iterated", use_t=True)
    assert found.spread.tau**2 == pytest.approx(theirs.tau2, abs=1e-6)
    assert found.estimate == pytest.approx(theirs.mean_effect_re, abs=1e-6)
    assert found.std_error == pytest.approx(theirs.sd_eff_w_re_hksj, rel=1e-4)
    assert found.df == 3


def test_the_interval_of_tau_is_the_q_profile_s_and_the_test_is_cochran_s_where_errors_are_known():
    spread = random_effects(Y, ERRORS, MANY, 0.05).spread

    def q(tau):
        w = 1 / (ERRORS**2 + tau**2)
        return w @ (Y - w @ Y / w.sum()) ** 2

    assert q(spread.tau_low) == pytest.approx(stats.chi2.ppf(0.975, 3), rel=1e-4)
    assert q(spread.tau_high) == pytest.approx(stats.chi2.ppf(0.025, 3), rel=1e-4)
    assert spread.p_value == pytest.approx(stats.chi2.sf(q(0.0), 3), rel=1e-3)


def test_the_test_of_no_difference_is_welch_s_anova():
    rng = np.random.default_rng(1)
    groups = [rng.normal(0.3 * i, 1 + i, 5) for i in range(4)]
    means = np.array([g.mean() for g in groups])
    errors = np.array([g.std(ddof=1) / 5**0.5 for g in groups])
    found = random_effects(means, errors, np.full(4, 4.0), 0.05).spread
    w = 1 / errors**2
    between = w @ (means - w @ means / w.sum()) ** 2 / 3
    loss = ((1 - w / w.sum()) ** 2 / 4).sum()
    F, df = between / (1 + 2 * 2 / 15 * loss), 15 / (3 * loss)
    assert (found.statistic, found.df_error) == pytest.approx((F, df))
    assert found.p_value == pytest.approx(stats.f.sf(F, 3, df))


def test_equal_studies_have_no_spread_and_no_error_below_that_of_their_own():
    found = random_effects(np.full(3, 0.7), np.full(3, 0.6), np.full(3, 4.0), 0.05)
    assert found.spread.tau == found.spread.tau_low == 0.0
    assert found.std_error == pytest.approx(0.6 / 3**0.5)


def test_crossed_mean_squares_are_those_of_a_two_way_table():
    """Three checkpoints, five seeds: sums of squares by the textbook's marginal means."""
    x = np.random.default_rng(0).normal(1, 1, (3, 5)) + np.array([[0.0], [2.0], [-1.0]])
    rows, columns = x.mean(axis=1), x.mean(axis=0)
    of_rows, of_columns = (5 * ((rows - x.mean()) ** 2).sum() / 2, 3 * ((columns - x.mean()) ** 2).sum() / 4)
    rest = ((x - x.mean()) ** 2).sum() - 2 * of_rows - 4 * of_columns
    found = crossed_mean(x, 0.05)
    assert found.estimate == pytest.approx(x.mean())
    assert found.std_error**2 == pytest.approx((of_rows + of_columns - rest / 8) / 15)
    inflated = 2 * of_rows  # 1 + 2 / df of the checkpoints, which are fewer than the seeds
    assert found.df == pytest.approx((inflated + of_columns) ** 2 / (inflated**2 / 2 + of_columns**2 / 4))
    assert found.spread.tau**2 == pytest.approx((of_rows - rest / 8) / 5)
    assert found.spread.p_value == pytest.approx(stats.f.sf(of_rows / (rest / 8), 2, 8))
    assert 0 <= found.spread.tau_low < found.spread.tau < found.spread.tau_high


def named(one, name, backbone):
    return replace(one, name=name, frame=one.frame.assign(study=name, backbone=backbone))


def three(make=alike, **options):
    a, b = make(counts=(3,), **options)
    third = named(b, "third", "small")
    rng = np.random.default_rng(5)
    third = replace(third, frame=third.frame.assign(score=third.frame["score"] + rng.normal(0, 1, len(third.frame))))
    return [named(a, "first", "base"), named(b, "second", "large"), third]


def test_studies_that_share_seeds_and_sets_are_crossed_checkpoints():
    studies = three()
    found = several(studies)
    assert (found.crossed, found.factor, found.seeds) == (True, CHECKPOINTS, (0, 1, 2, 3, 4))
    table = np.array([gains(one.frame, one.benchmarks, 3)["interaction"] for one in studies])
    expected = crossed_mean(table, 0.05)
    row = found.results[(found.results["side"] == MEAN) & (found.results["contrast"] == "interaction(3)")].iloc[0]
    assert (row["estimate"], row["std_error"], row["df"]) == pytest.approx(
        (expected.estimate, expected.std_error, expected.df)
    )
    assert row["scope"] == "such checkpoints"
    spread = found.spread.set_index("contrast").loc["interaction(3)"]
    assert spread["tau"] == pytest.approx(expected.spread.tau)
    assert "Over checkpoints such as these 3" in found.answer
    own = found.results[(found.results["side"] == "second") & (found.results["contrast"] == "interaction(3)")].iloc[0]
    assert own["estimate"] == pytest.approx(table[1].mean())
    assert (own["scope"], own["family"]) == ("these", "")


def test_studies_of_other_sets_are_independent():
    studies = three(apart)[:2]
    third, _ = apart(counts=(3,), seeds=(6, 5))
    found = several([*studies, named(third, "third", "small")])
    assert not found.crossed and found.seeds == ()
    rows = [
        found.results[(found.results["side"] == name) & (found.results["term"] == "interaction")].iloc[0]
        for name in found.names
    ]
    y, errors, dfs = (np.array([row[key] for row in rows]) for key in ("estimate", "std_error", "df"))
    mean = found.results[(found.results["side"] == MEAN) & (found.results["term"] == "interaction")].iloc[0]
    assert mean["estimate"] == pytest.approx(random_effects(y, errors, dfs, 0.05).estimate)
    assert mean["df"] == 2 and "Hartung-Knapp" in mean["method"]


def test_independence_can_be_asked_for_and_other_differences_make_no_checkpoints():
    studies = three()
    studies[1] = replace(studies[1], settings={"intermediate.epochs": "3"})
    found = several(studies, independent=True)
    assert not found.crossed and found.factor == STUDIES
    assert any("as asked" in note for note in found.notes)
    backbone = [replace(one, settings={"backbone.revision": one.name}) for one in three()]
    assert several(backbone).factor == CHECKPOINTS


def test_two_studies_and_one_study_twice_are_refused():
    studies = three()
    with pytest.raises(DataError, match="2 studies: a mean over studies needs 3"):
        several(studies[:2])
    with pytest.raises(DataError, match=r"second \(A\) and again \(B\): A and B hold the same scores"):
        several([*studies[:2], replace(studies[1], name="again")])
