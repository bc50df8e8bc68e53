"""Moderated variances: Smyth's moment equations give back what rows were drawn from, and nothing is invented."""

import numpy as np
import pytest
from scipy import special, stats

from xtransfer_stats.stats.core.inference import Moments
from xtransfer_stats.stats.core.moderated import MOST, Expected, inverse_trigamma, moderated, prior

ROWS = 20_000


def _expected(n, df=1000.0, **options):
    return Expected(np.ones(n), np.full(n, df), np.ones(n), **options)


def _moments(errors, df=4.0):
    errors = np.asarray(errors, dtype=float)
    return Moments(np.ones(len(errors)), errors, np.full(len(errors), df), "seed-paired t", 10)


@pytest.mark.parametrize("value", [1e-6, 0.3, 1.0, 40.0, 1e7])
def test_trigamma_is_inverted(value):
    assert special.polygamma(1, inverse_trigamma(value)) == pytest.approx(value, rel=1e-8)


@pytest.mark.parametrize(("d0", "s0"), [(3.0, 2.0), (10.0, 0.5)])
def test_the_prior_that_variances_were_drawn_from_is_given_back(d0, s0):
    rng, df = np.random.default_rng(1), 4.0
    true = s0 * d0 / rng.chisquare(d0, ROWS)
    found = prior(true * rng.chisquare(df, ROWS) / df, np.full(ROWS, df), _expected(ROWS))
    assert found.df == pytest.approx(d0, rel=0.1)
    assert found.factor == pytest.approx(s0, rel=0.05)


def test_rows_of_one_variance_have_an_infinite_prior_and_its_weight_is_bounded():
    df = 2.0
    alike = stats.chi2.ppf((np.arange(12) + 0.5) / 12, df) / df  # scatters less than chance
    assert prior(alike, np.full(12, df), _expected(12)).df == np.inf
    answer = moderated(_moments(np.sqrt(alike), df), _expected(12))
    assert answer.df == pytest.approx(np.full(12, df * (1 + MOST)))
    mixed = (MOST * df * alike.mean() + df * alike) / (df * (1 + MOST))
    assert answer.std_error**2 == pytest.approx(mixed)
    assert answer.method == "moderated seed-paired t (prior df 4.0)"


def test_no_row_ends_with_more_df_than_its_expected_variance_rests_on():
    alike = np.linspace(1.0, 1.1, 12)
    assert (moderated(_moments(alike, 2.0), _expected(12, df=2.5)).df == 2.5).all()
    assert (moderated(_moments(alike, 2.0), _expected(12, df=0.1)).df == 2.0).all()


def test_a_row_that_gave_its_own_expectation_is_left_as_it_is():
    errors = np.array([1.0, 1.1, 0.9, 1.05, 30.0])
    expected = Expected(errors**2, np.full(5, 100.0), np.array([1.0, 1.0, 1.0, 1.0, 0.0]))
    answer = moderated(_moments(errors), expected)
    assert answer.std_error[4] == 30.0
    assert answer.df[4] == 4
    assert (answer.df[:4] > 4).all()


def test_variances_that_differ_as_expected_are_as_good_as_equal_ones():
    rng, scale = np.random.default_rng(2), np.repeat([0.1, 1.0, 100.0], 10)
    drawn = rng.chisquare(4, 30) / 4 * scale
    plain = prior(drawn, np.full(30, 4.0), _expected(30))
    scaled = prior(drawn, np.full(30, 4.0), Expected(scale, np.full(30, 1000.0), np.ones(30)))
    assert plain.df < 2
    assert scaled.df > 8


def test_rows_that_do_not_vary_stay_and_lend_nothing():
    errors = np.array([0.0, 1.0, 1.2, 0.9, 1.1, np.nan])
    answer = moderated(_moments(errors), _expected(6))
    assert answer.std_error[0] == 0
    assert answer.df[0] == 4
    assert np.isnan(answer.std_error[5])
    alone = moderated(_moments(errors[1:5]), _expected(4))
    assert answer.std_error[1:5] == pytest.approx(alone.std_error)


def test_fewer_than_three_rows_are_left_as_they_are_and_say_so():
    few = _moments([1.0, 2.0])
    answer = moderated(few, _expected(2))
    assert (answer.std_error == few.std_error).all()
    assert answer.method == few.method
    assert answer.note == "not moderated: fewer than 3 rows that vary"
