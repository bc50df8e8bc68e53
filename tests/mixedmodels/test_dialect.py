"""Notation of R and of others: read as R reads it, or refused with what to write."""

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(5)
    group = np.repeat([f"g{i}" for i in range(12)], 8)
    frame = pd.DataFrame({"g": group, "a": rng.choice(["a1", "a2", "a3"], 96), "b": rng.choice(["b1", "b2"], 96)})
    frame["x"], frame["pre"] = rng.normal(2, 1, 96), rng.uniform(5, 9, 96)
    frame["post"] = frame["pre"] + 0.3 * frame["x"] + rng.normal(0, 1, 12).repeat(8) + rng.normal(0, 0.5, 96)
    return frame.assign(**{"reaction time": frame["post"], "pre-test": frame["pre"], "_hidden": frame["x"]})


@pytest.mark.parametrize(
    ("left", "values"),
    [
        ("post - pre", lambda t: t.post - t.pre),
        ("log(post) - log(pre)", lambda t: np.log(t.post) - np.log(t.pre)),
        ("100 * post", lambda t: 100 * t.post),
        ("-post", lambda t: -t.post),
        ("post / pre", lambda t: t.post / t.pre),
        ("(post - pre) / (post + pre)", lambda t: (t.post - t.pre) / (t.post + t.pre)),
        ("post^2", lambda t: t.post**2),
        ("post * pre + x", lambda t: t.post * t.pre + t.x),
    ],
)
def test_arithmetic_on_the_left_means_what_it_says(table, left, values):
    ours = fit_formula(f"{left} ~ a + (1 | g)", table).fit
    plain = fit_formula("y ~ a + (1 | g)", table.assign(y=values(table))).fit
    assert ours.criterion == pytest.approx(plain.criterion, rel=1e-10)
    assert ours.beta == pytest.approx(plain.beta, rel=1e-8)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("a/b", "a + a:b"),
        ("b/x", "b + b:x"),
        ("a/b/x", "a + a:b + a:b:x"),
        ("(a + b)^2", "a + b + a:b"),
        ("a/I(x^2)", "a + a:I(x**2)"),
    ],
)
def test_short_forms_are_their_long_ones(table, short, long):
    ours, spelled = (fit_formula(f"post ~ {right} + (1 | g)", table).fit for right in (short, long))
    assert ours.criterion == pytest.approx(spelled.criterion, rel=1e-10)
    assert ours.names == spelled.names


def test_labels_keep_their_brackets_and_terms_stay_apart(table):
    fit = fit_formula("post ~ I((x - 2)**2) + I(x - 2**2) + (1 | g)", table).fit
    assert fit.names == ("Intercept", "I((x - 2) ** 2)", "I(x - 2 ** 2)")


@pytest.mark.parametrize(
    ("formula", "remedy"),
    [
        ("post ~ factor(a) + (1 | g)", r"in place of factor\(x\) write C\(x\)"),
        ("post ~ relevel(a, 'a2') + (1 | g)", r"write C\(x, Treatment"),
        ("reaction time ~ x + (1 | g)", "write `reaction time` in backticks"),
        ("post ~ pre-test + (1 | g)", "write `pre-test` in backticks"),
        ("post ~ _hidden + (1 | g)", "write `_hidden` in backticks"),
        ("post ~ C(a, contr.sum) + (1 | g)", r"write C\(x, Sum\)"),
    ],
)
def test_other_dialects_are_refused_with_what_to_write(table, formula, remedy):
    with pytest.raises(FitError, match=remedy):
        fit_formula(formula, table)


def test_the_remedies_work(table):
    for right in ("C(a)", 'C(a, Treatment("a2"))', "`pre-test`", "`_hidden`", "cr(x, df=4)", "bs(x, df=4)"):
        assert np.isfinite(fit_formula(f"`reaction time` ~ {right} + (1 | g)", table).fit.criterion)
