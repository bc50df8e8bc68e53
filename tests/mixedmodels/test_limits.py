"""A formula beyond the limits, or a column beyond a number, is refused at once and named."""

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula

RNG = np.random.default_rng(3)
MANY = "abcdeijklmnopqrs"


@pytest.fixture(scope="module")
def table():
    made = pd.DataFrame({"y": RNG.normal(size=80), "x": RNG.normal(size=80)})
    made = made.assign(**{name: RNG.normal(size=80) for name in MANY})
    return made.assign(g=[f"g{i % 8}" for i in range(80)], unique=[f"u{i}" for i in range(80)])


TOO_MUCH = {
    "y ~ " + "(" * 3000 + "x" + ")" * 3000: "brackets within brackets: 20 is the most",
    "y ~ " + "- " * 3000 + "x": "signs",
    "y ~ " + "+" * 3000 + "x": "signs",
    "y ~ " + " + ".join(["x"] * 2000): "signs",
    "y ~ " + "x" * 20_000: "20,004 characters: 10,000 is the most",
    "y ~ x + " + " + ".join(["(1 | g)"] * 60): "60 random terms: 20 is the most",
    f"y ~ {'*'.join(MANY)}": "65,537 terms, written out",
    f"y ~ ({'+'.join(MANY)}) ** 16": "terms, written out",
    f"y ~ ({'+'.join(MANY)}) ** 1000000000": "terms, written out",
    f"y ~ x + (1 | {'/'.join(MANY)})": "terms, written out",
    f"y ~ x + ({'*'.join(MANY)} | g)": "terms, written out",
    "y ~ bs(x, df=100000)": r"bs\(\) is asked for 100000 columns: 100 is the most",
    "y ~ bs(x, df=5, degree=1000)": r"bs\(\) is asked for 1000 columns",
    "y ~ poly(x, 1000000)": r"poly\(\) is asked for 1000000 columns",
    "y ~ I(9 ** 9 ** 9 ** 9)": "write the value",
    "y ~ I('a' * 1000000000)": "write the value",
    "y ~ x + (unique | g)": "81 columns for 80 rows; 30 effects that vary together are the most",
    "y ~ C(x) * C(y) * C(a)": "its fixed part stands for 531,441 columns for 80 rows",
    "y ~ 2": "no column '2'",
    "y ~ 1.5 * x": "no column '1.5'",
    "None ~ x": "no column .None.",
    "y ~ x[1]": r"\[ \] picks no level",
    "y[1] ~ x": r"\[ \] picks no level",
    "y ~ " + "9" * 5000: "cannot read",
    "y ~ I(1 / 0)": "division by zero",
    "y ~ I()": "cannot evaluate",
    "y ~ -x": "cannot read",
}


@pytest.mark.parametrize("formula", TOO_MUCH)
def test_a_formula_beyond_the_limits_is_refused(formula, table):
    with pytest.raises(FitError, match=TOO_MUCH[formula]) as refused:
        fit_formula(formula, table)
    assert len(str(refused.value)) < 1000


@pytest.mark.parametrize(
    "formula",
    [
        "y ~ " + " + ".join(MANY) + " + x + (1 | g)",
        "y ~ (a + b + c) ** 2",
        "y ~ " + "(" * 15 + "x" + ")" * 15,
        "y ~ bs(x, df=20)",
        "y ~ I(2 ** x) + (1 + x | g)",
    ],
)
def test_what_people_write_is_within_the_limits(formula, table):
    assert fit_formula(formula, table).fit.names[0] == "Intercept"


@pytest.mark.parametrize("formula", ["y ~ wild + (1 | g)", "wild ~ x", "y ~ x + (wild | g)", "y ~ x + (0 + wild || g)"])
@pytest.mark.parametrize("size", [1e300, -1e300, 1e160])
def test_a_column_whose_squares_are_no_numbers_is_named(formula, size, table):
    wild = table["a"].where(np.arange(80) != 5, size)
    with pytest.raises(
        FitError, match=rf"column 'wild' holds {size:g}.* in row 6 of those that enter.*rescale".replace("+", r"\+")
    ):
        fit_formula(formula, table.assign(wild=wild))


def test_the_named_row_counts_the_rows_that_enter(table):
    made = table.assign(wild=table["a"].where(np.arange(80) != 5, 1e300), x=table["x"].where(np.arange(80) > 1))
    with pytest.raises(FitError, match="in row 4 of those that enter"):
        fit_formula("y ~ wild + x", made)


@pytest.mark.parametrize("formula", ["y ~ wild + (1 | g)", "wild ~ x"])
def test_a_column_whose_squares_count_as_zero_is_named(formula, table):
    with pytest.raises(FitError, match=r"column 'wild' has no value beyond .*: its squares count as 0; rescale it"):
        fit_formula(formula, table.assign(wild=table["a"] * 1e-200))


@pytest.mark.parametrize("formula", ["y ~ I(x ** 900)", "y ~ e:k:I(j * 1)", "y ~ exp(exp(9 * x))"])
def test_what_a_formula_makes_of_its_columns_is_named_too(formula, table):
    made = table.assign(**{name: table[name] * 1e60 for name in "ekj"})
    with pytest.raises(FitError, match=r"holds .* in row|not finite: inf in row"):
        fit_formula(formula, made)
