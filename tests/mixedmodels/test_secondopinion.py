"""statsmodels' MixedLM on designs it can express agrees; what it cannot is refused by name."""

from pathlib import Path

import pandas as pd
import pytest

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.secondopinion import second_opinion

DATA = Path(__file__).parents[1] / "reference" / "lme4" / "data"


def table(name):
    return pd.read_csv(DATA / f"{name}.csv")


def refit(fitted):
    return second_opinion(fitted.fit, fitted.response)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("crossed", "score ~ count + (1 | seed) + (1 | language) + (1 | task)"),
        ("nested", "score ~ 1 + (1 | seed / run)"),
        ("double_bar", "score ~ count + (1 + count || task) + (1 | language)"),
    ],
)
def test_two_engines_agree(name, formula):
    fitted = fit_formula(formula, table(name))
    comparison = second_opinion(fitted.fit, fitted.response).against(fitted.fit)
    assert comparison["criterion_less_ours"] == pytest.approx(0, abs=1e-3)
    assert comparison["largest_difference_in_standard_errors"] < 1e-3
    assert comparison["largest_ratio_of_standard_errors"] == pytest.approx(1, abs=1e-2)
    assert comparison["largest_difference_of_variances_over_residual"] < 0.05


@pytest.mark.parametrize(
    ("formula", "residual", "message"),
    [
        ("score ~ count + (1 + count | language)", None, "no correlated slopes"),
        ("score ~ count + (1 | language)", "seed", "one residual variance"),
    ],
)
def test_what_it_cannot_express_is_refused(formula, residual, message):
    with pytest.raises(FitError, match=message):
        refit(fit_formula(formula, table("slopes2"), residual=residual))


def test_large_tables_are_refused():
    many = pd.concat([table("crossed")] * 20, ignore_index=True)
    with pytest.raises(FitError, match="more than 2000 rows"):
        refit(fit_formula("score ~ count + (1 | seed)", many))
