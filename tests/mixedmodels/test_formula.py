"""Formulae in lme4's notation: what is fitted, what is dropped with a note, what is refused."""

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.fitreport import fit_json
from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.notation.notation import read_formula


@pytest.fixture
def table() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    n = 120
    frame = pd.DataFrame(
        {
            "x": rng.normal(0, 1, n),
            "kind": rng.choice(["pair", "span", "tag"], n),
            "ready": rng.random(n) < 0.5,
            "seed": rng.integers(13, 19, n),
            "place": rng.choice(list("abcdefg"), n),
            "my column": rng.normal(0, 1, n),
            "one": "same",
            "flat": 3.0,
            "row": np.arange(n),
        }
    )
    lift = frame.seed.map(dict(zip(range(13, 19), rng.normal(0, 2, 6), strict=True)))
    return frame.assign(score=50 + 2 * frame.x + lift + rng.normal(0, 1, n))


def parts(formula: str) -> list[tuple[str, str]]:
    return [(part.effects, part.label) for part in read_formula(formula).random]


@pytest.mark.parametrize(
    ("formula", "fixed", "random"),
    [
        ("y ~ a*b + (1 + a | g) + (1 | h)", "y ~ a*b", [("1 + a", "g"), ("1", "h")]),
        ("y ~ (1 | g) + a", "y ~ a", [("1", "g")]),
        ("y ~ (1 | g)", "y ~ 1", [("1", "g")]),
        ("y ~ 0 + a + (0 + x | g) + b", "y ~ 0 + a + b", [("0 + x", "g")]),
        ("y ~ 1 + (1 | a/b)", "y ~ 1", [("1", "a"), ("1", "a:b")]),
        ("y ~ 1 + (x | a:b)", "y ~ 1", [("x", "a:b")]),
        ("y ~ 1 + (x + z || g)", "y ~ 1", [("1", "g"), ("0 + x", "g"), ("0 + z", "g")]),
        ("y ~ 1 + (0 + x || g)", "y ~ 1", [("0 + x", "g")]),
        ("y ~ (a + b) + log(x) + (1 | g)", "y ~ (a + b) + log(x)", [("1", "g")]),
    ],
)
def test_formulae_are_taken_apart(formula, fixed, random):
    notation = read_formula(formula)
    assert notation.fixed.replace(" ", "") == fixed.replace(" ", "")
    assert parts(formula) == random


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("score", "one response and one ~"),
        ("score ~ x ~ kind", "one response and one ~"),
        (" ~ x", "one response and one ~"),
        ("score ~ x | seed", "in brackets"),
        ("score ~ x + (1 | seed", "leaves a bracket open"),
        ("score ~ x + 1 | seed)", "brackets|not opened"),
        ("score ~ x * (1 | seed)", r"by \+"),
        ("score ~ x - (1 | seed)", r"by \+"),
        ("score ~ x + ( | seed)", "must be"),
        ("score ~ x + (1 | log(seed))", "must be a column"),
        ("score ~ x % 2 + (1 | seed)", "cannot read '%'"),
        ("score ~ x +* kind", "cannot read"),
    ],
)
def test_unreadable_formulae_are_refused(formula, message):
    with pytest.raises(FitError, match=message):
        read_formula(formula)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("score ~ z + (1 | seed)", "no column 'z'"),
        ("score ~ kin + (1 | seed)", "did you mean 'kind'"),
        ("score ~ one + (1 | seed)", "'one' has one level"),
        ("score ~ x + (1 | one)", "'one' has one level"),
        ("score ~ x + (1 | row)", "as many levels as there are rows"),
        ("flat ~ x + (1 | seed)", "'flat' is 3 in every row"),
        ("kind ~ x + (1 | seed)", "'kind' is not a number"),
        ("score ~ open(x) + (1 | seed)", "'open' is not known"),
        ("score ~ np.load(x) + (1 | seed)", "cannot evaluate"),
        ("score ~ 0 + (1 | seed)", "no fixed effect"),
        ("score ~ x + (0 | seed)", "no effect"),
        ("score ~ log(x) + (1 | seed)", "not finite"),
        ("score ~ kind:offset(x) + (1 | seed)", "multiplies an offset"),
        ("score ~ x + (1 + flat | seed)", "linearly dependent"),
        ("score ~ kind + (1 + C(row) | seed)", "121 columns for 120 rows; 30 effects that vary together"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_what_cannot_be_fitted_is_refused_by_name(table, formula, message):
    with pytest.raises(FitError, match=message):
        fit_formula(formula, table)


def test_infinite_value_is_named(table):
    table.loc[3, "x"] = np.inf
    with pytest.raises(FitError, match=r"'x' holds inf in 1 rows: replace"):
        fit_formula("score ~ x + (1 | seed)", table)


def test_texts_and_truth_values_are_categories_with_the_first_level_as_reference(table):
    fit = fit_formula("score ~ kind + ready + (1 | seed)", table)
    assert fit.fit.names == ("Intercept", "kind[span]", "kind[tag]", "ready[True]")
    assert fit.columns == {"Intercept": (0,), "kind": (1, 2), "ready": (3,)}


def test_grouping_columns_are_categories_whatever_their_type(table):
    numbers = fit_formula("score ~ x + (1 | seed)", table).fit
    texts = fit_formula("score ~ x + (1 | seed)", table.assign(seed="s" + table.seed.astype(str))).fit
    assert numbers.terms[0].levels == 6
    assert numbers.criterion == pytest.approx(texts.criterion, rel=1e-12)


def test_nested_forms_agree(table):
    forms = ["(1 | place / seed)", "(1 | place) + (1 | place:seed)", "(1 | seed:place) + (1 | place)"]
    values = [fit_formula(f"score ~ x + {form}", table).fit.criterion for form in forms]
    assert values == pytest.approx([values[0]] * 3, rel=1e-10)


def test_double_bar_is_two_terms_and_keeps_a_factor_whole(table):
    fit = fit_formula("score ~ x + (kind || place)", table).fit
    assert [term.names for term in fit.terms] == [("Intercept",), ("kind[pair]", "kind[span]", "kind[tag]")]


def test_incomplete_rows_are_dropped_with_a_note(table):
    gaps = table.astype({"place": object})
    gaps.loc[[1, 2], "x"] = np.nan
    gaps.loc[2, "score"] = np.nan
    gaps.loc[7, "place"] = None
    gaps.loc[9, "my column"] = np.nan
    fit = fit_formula("score ~ x + (1 | place)", gaps)
    assert fit.fit.n == 117
    assert fit.notes[0] == "3 of 120 rows dropped for missing values in place (1), score (1), x (2)"
    clean = fit_formula("score ~ x + (1 | place)", table.drop([1, 2, 7]))
    assert fit.fit.criterion == pytest.approx(clean.fit.criterion, rel=1e-12)


def test_repeated_fixed_effects_are_dropped_with_a_note(table):
    fit = fit_formula("score ~ x + I(2 * x) + flat + (1 | seed)", table)
    assert fit.fit.names == ("Intercept", "x")
    assert fit.columns == {"Intercept": (0,), "x": (1,), "I(2 * x)": (), "flat": ()}
    assert "dropped because others determine them: I(2 * x), flat" in fit.notes[0]


def test_names_with_spaces_and_functions(table):
    fit = fit_formula("exp(score / 50) ~ `my column` + I(x**2) + sqrt(abs(x)) + (1 | seed)", table)
    assert fit.fit.names == ("Intercept", "my column", "I(x ** 2)", "sqrt(abs(x))")


def test_the_dictionary_for_machines(table):
    report = fit_json(fit_formula("score ~ x + (1 + x | seed)", table))
    assert list(report) == [
        *("formula", "n", "criterion", "state", "fixed", "random", "residual_variance", "bootstrap", "notes"),
        *("terms", "convergence", "reml", "residual_levels"),
    ]
    assert [row["term"] for row in report["fixed"]] == ["Intercept", "x"]
    assert report["fixed"][1]["df_method"] == "Kenward-Roger"
    assert report["fixed"][1]["estimate"] == pytest.approx(2, abs=0.5)
    assert report["random"][0]["group"] == "seed"
    assert np.shape(report["random"][0]["covariance"]) == (2, 2)
    assert report["bootstrap"] is None
    ml = fit_json(fit_formula("score ~ x + (1 + x | seed)", table, reml=False))
    assert ml["fixed"][1]["df_method"] == "Satterthwaite"


def test_codings_of_a_factor_span_the_same_space():
    rng = np.random.default_rng(4)
    d = pd.DataFrame({"f": rng.choice(list("uvw"), 90), "g": rng.integers(0, 6, 90).astype(str)})
    d["y"] = rng.normal(0, 1, 90) + (d["f"] == "u") + rng.normal(0, 1, 6)[d["g"].astype(int)]
    plain, summed, again = (fit_formula(f"y ~ {f} + (1 | g)", d, reml=False).fit for f in ("f", "C(f, Sum)", "S(f)"))
    assert summed.criterion == pytest.approx(plain.criterion, rel=1e-10)
    assert summed.beta == pytest.approx(again.beta)
    means = plain.beta[0] + np.array([0, plain.beta[1], plain.beta[2]])
    assert summed.beta == pytest.approx([means.mean(), means[0] - means.mean(), means[1] - means.mean()], rel=1e-6)
