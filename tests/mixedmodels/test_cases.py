"""The shared cases of formulas: what was seen to fail, with what is right (lme4's answers, or exact)."""

import pandas as pd
import pytest
from tests.places import beside

from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.verbs.fit import fit

RIGHT = [
    ("simpson30", "y ~ x + (1 | g)", -41.2043, ("x", 1.1464)),
    ("a13_bimodal", "y ~ x + (1 | gid)", -116.4401, ("x", 0.2743)),
    ("prepost", "post - pre ~ arm + (1 | clinic)", 104.7431, ("arm[drug]", 2.3805)),
    ("a20_none", "acc ~ aug + (1 | seed)", 151.7640, ("aug[cutout]", 1.9581)),
    ("f_factors", "y ~ a/b + (1|g)", 1091.57559, None),
    ("f_factors", "y ~ I((x-2)**2) + I(x-2**2) + (1|g)", 1034.9871, None),
    ("eg_400", "math ~ year * size + female + (1 + year | childid) + (1 + year | schoolid)", 3976.5372, None),
    ("dose_ok", "y ~ dose + (1|g)", None, ("dose", 0.28059)),
]


@pytest.mark.parametrize(("file", "formula", "criterion", "coefficient"), RIGHT)
def test_the_right_value(file, formula, criterion, coefficient):
    result = fit(formula, beside("cases", "mixed", f"{file}.csv"))
    if criterion is not None:
        assert result.report["criterion"] == pytest.approx(criterion, abs=2e-4)
    if coefficient is not None:
        name, value = coefficient
        rows = {row["term"]: row["estimate"] for row in result.report["fixed"]}
        assert rows[name] == pytest.approx(value, abs=1e-4)


REFUSED = [
    ("a12_fixedrandom", "y ~ site + (1|site)", r"\(Intercept \| site\): the rows say nothing of its variance"),
    ("f_factors", "y ~ g + (1|g)", r"\(Intercept \| g\): the rows say nothing"),
    ("a23_types", "y ~ C(year) + (1|year)", r"\(Intercept \| year\): the rows say nothing"),
    ("a23_types", "y ~ x + (1|g) + (1|g)", "only the sum of some of their variances"),
    ("a04_factor", "y ~ f + (1 + f || s)", "only the sum of some of their variances"),
    ("a11_noresid", "y ~ x + (1|g)", "explains every row but for rounding"),
    ("a17_pair", "y ~ factor(pair) + (1 | g)", r"in place of factor\(x\) write C\(x\)"),
    ("a17_pair", 'y ~ relevel(treat, "T") + (1 | g)', r"in place of relevel\(x\) write C\(x, Treatment"),
    ("a18_spaces", "Reaction Time ~ Days since start + (1 | Animal ID)", "in backticks"),
    ("a19_stray_y", "y ~ x + (1|g)", "the response 'y' is not a number: row 8 holds '-'"),
    ("a08_allna", "y ~ x + (1|g)", "'x' is empty in every row"),
    ("a09_log0", "log(y) ~ x + (1|g)", r"-inf in row 5 of those that enter \(y = 0.0\)"),
]


@pytest.mark.parametrize(("file", "formula", "message"), REFUSED)
def test_what_cannot_be_had_is_refused_by_name(file, formula, message):
    with pytest.raises(XstatsError, match=message):
        fit(formula, beside("cases", "mixed", f"{file}.csv"))


def test_whole_numbers_beyond_a_double_stay_apart():
    for file in ("longids", "longids_gap"):
        result = fit("y ~ 1 + (1 | user_id)", beside("cases", "mixed", f"{file}.csv"))
        assert result.report["random"][0]["covariance"][0][0] == pytest.approx(6.192, abs=1e-3)


def test_a_country_code_is_no_gap():
    file = beside("cases", "mixed", "a20_namibia.csv")
    assert fit("acc ~ lang + (1 | seed)", file).report["n"] == len(pd.read_csv(file, keep_default_na=False))


@pytest.mark.parametrize(
    "formula", ["y ~ a + (1|g/a/b)", "y ~ a + (x || g/a)", "y ~ x + (1|g) + (1 + I((x-2)**2) | h)"]
)
def test_a_zero_is_a_zero_and_said(formula):
    report = fit(formula, beside("cases", "mixed", "f_factors.csv")).report
    assert report["state"] == "boundary"
    assert any("estimated as zero" in note for note in report["notes"])
    variances = [part["covariance"][i][i] for part in report["random"] for i in range(len(part["terms"]))]
    assert all(value == 0 or value > 1e-8 for value in variances)


def test_a_residual_variance_for_single_rows_is_refused():
    with pytest.raises(XstatsError, match="38 of 39 levels have one row"):
        fit("post ~ arm + (1|clinic)", beside("cases", "mixed", "prepost.csv"), residual="pre")


def test_text_that_looks_like_numbers_is_said_with_its_cell():
    notes = fit("y ~ dose + (1|g)", beside("cases", "mixed", "dose_stray.csv")).report["notes"]
    assert any("row 11 holds 'n/d'" in note for note in notes)


@pytest.mark.parametrize("file", ["a19_semicolon", "a19_tab"])
def test_other_separators_are_read_and_said(file):
    report = fit("y ~ x + (1|g)", beside("cases", "mixed", f"{file}.csv")).report
    assert report["n"] == 30 and "between its columns" in report["notes"][0]
