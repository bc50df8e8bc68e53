"""The likelihood-ratio test: its statistic, its simulated null, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.likelihoodratio import likelihood_ratio

DATA = Path(__file__).parents[1] / "reference" / "lme4" / "data"
FULL = "score ~ count + (1 + count | language) + (1 | seed)"


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(DATA / "slopes2.csv", dtype={"seed": str, "language": str})


def test_random_terms_are_compared_by_reml_and_fixed_ones_by_ml(table):
    full, slopes, effect = (
        fit_formula(f, table) for f in (FULL, FULL.replace("1 + count |", "1 |"), FULL.replace("~ count", "~ 1"))
    )
    random = likelihood_ratio(slopes, full, 0, 1)
    assert (random.reml, random.df) == (True, 2)
    assert random.statistic == pytest.approx(slopes.fit.criterion - full.fit.criterion)
    assert np.isnan(random.p_value)
    fixed = likelihood_ratio(effect, full, 0, 1)
    small, large = (fit_formula(f.formula, table, reml=False).fit.criterion for f in (effect, full))
    assert (fixed.reml, fixed.df) == (False, 1)
    assert fixed.statistic == pytest.approx(small - large, rel=1e-6)


def test_a_slope_that_is_there_is_found(table):
    ratio = likelihood_ratio(
        fit_formula("score ~ count + (1 | language) + (1 | seed)", table), fit_formula(FULL, table), 39, 1
    )
    assert ratio.p_value == 1 / 40
    assert ratio.converged == 39


def test_the_simulated_null_holds_its_level_where_chi_square_does_not():
    """A variance that is zero, five levels: the simulated p is uniform (or at 1), chi-square's is too large."""
    rng, simulated, chi2, studies = np.random.default_rng(7), 0, 0, 120
    table = pd.DataFrame({"g": np.repeat(list("abcde"), 6)})
    for i in range(studies):
        d = table.assign(y=rng.normal(0, 1, 30), h=np.tile(list("uvwxyz"), 5))
        null, full = (fit_formula(f, d) for f in ("y ~ 1 + (1 | h)", "y ~ 1 + (1 | h) + (1 | g)"))
        ratio = likelihood_ratio(null, full, 39, i)
        simulated += ratio.p_value <= 0.1
        chi2 += ratio.chi2_p <= 0.1
    assert 0.03 < simulated / studies < 0.19
    assert chi2 <= simulated


@pytest.mark.parametrize(
    ("null", "message"),
    [
        ("score ~ count + (1 + count | language) + (1 | seed)", "is no part of"),
        ("score ~ count * seed + (1 | language)", "is no part of"),
    ],
)
def test_what_is_not_nested_is_refused(table, null, message):
    with pytest.raises(FitError, match=message):
        likelihood_ratio(fit_formula(null, table), fit_formula(FULL, table), 0, 1)


def test_other_rows_are_refused(table):
    with pytest.raises(FitError, match="other rows"):
        likelihood_ratio(fit_formula("score ~ 1 + (1 | seed)", table.iloc[5:]), fit_formula(FULL, table), 0, 1)
