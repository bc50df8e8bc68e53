"""Marginal means, slopes, contrasts and tests of terms: what holds of them whatever the table, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import xtransfer_stats as xs
from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.postfit import adjustments


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng = np.random.default_rng(16)
    n = 160
    d = pd.DataFrame({"a": rng.choice(["p", "q", "r"], n, p=[0.5, 0.3, 0.2]), "b": rng.choice(["u", "v"], n)})
    d = d.assign(x=rng.normal(3, 1, n), g=rng.choice(list("ABCDEFGH"), n), half=rng.integers(0, 2, n))
    luck = dict(zip("ABCDEFGH", rng.normal(0, 1, 8), strict=True))
    y = 4 + (d["a"] == "q") + 0.5 * d["x"] * (d["b"] == "v") + d["g"].map(luck) + rng.normal(0, 0.5, n)
    return d.assign(y=y, positive=np.exp(y / 4))


@pytest.fixture(scope="module")
def fit(table):
    return xs.fit("y ~ a * b + x + (1 | g)", table)


@pytest.mark.parametrize("coded", ["C(a, Sum)", "C(a, Treatment('r'))", "C(a, Helmert)"])
def test_no_answer_depends_on_the_coding(table, fit, coded):
    other = xs.fit(f"y ~ {coded} * C(b, Sum) + x + (1 | g)", table)
    for ask in (
        lambda one: one.anova(3),
        lambda one: one.anova(2),
        lambda one: one.marginal_means("a"),
        lambda one: one.marginal_means("a | b").contrasts(),
    ):
        ours, theirs = (ask(one).frame().select_dtypes("number").to_numpy() for one in (fit, other))
        assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-8)


def test_equal_weights_are_the_mean_of_the_cells(fit):
    cells = fit.marginal_means("a:b").frame()
    means = fit.marginal_means("a").frame()
    assert means["estimate"].to_numpy() == pytest.approx(cells.groupby("a")["estimate"].mean().to_numpy())


def test_pairs_are_differences_of_means(fit):
    means = fit.marginal_means("a").frame().set_index("a")["estimate"]
    pairs = fit.marginal_means("a").contrasts().frame().set_index("contrast")
    assert pairs["estimate"]["p - r"] == pytest.approx(means["p"] - means["r"])
    assert (pairs["p_adjusted"] >= pairs["p_value"]).all()


def test_a_covariate_stands_at_its_mean_or_where_it_is_told(table, fit):
    slope = fit.slopes("x").frame()["estimate"][0]
    there, at_mean = (fit.marginal_means("b", at=at).frame()["estimate"] for at in ({"x": 5}, None))
    assert (there - at_mean).to_numpy() == pytest.approx(slope * (5 - table["x"].mean()))


def test_a_number_of_two_values_is_a_factor(table):
    half = xs.fit("y ~ a + half + (1 | g)", table)
    assert "averaged over half (0, 1)" in half.marginal_means("a").caption
    assert half.marginal_means("half").frame()["half"].tolist() == [0, 1]


def test_slopes_of_a_curve_are_its_derivative(table):
    curve = xs.fit("y ~ x + I(x**2) + (1 | g)", table)
    b = curve.frame().set_index("term")["estimate"]
    there = curve.slopes("x", at={"x": [2, 4]}).frame()
    expected = [b["x"] + 2 * x * b["I(x ** 2)"] for x in (2, 4)]
    assert there["estimate"].to_numpy() == pytest.approx(expected, rel=1e-6)


def test_interaction_contrasts_are_contrasts_of_contrasts(fit):
    twice = fit.marginal_means("a | b").contrasts().contrasts(by="contrast").frame()
    b = fit.frame().set_index("term")
    row = twice[twice["of contrast"] == "p - q"].iloc[0]
    assert row["estimate"] == pytest.approx(b["estimate"]["a[q]:b[v]"])
    assert row["std_error"] == pytest.approx(b["std_error"]["a[q]:b[v]"])


def test_logs_go_back_as_ratios(table):
    log = xs.fit("log(positive) ~ a + (1 | g)", table)
    means, back = (log.marginal_means("a", back=undo) for undo in (False, True))
    assert back.frame()["estimate"].to_numpy() == pytest.approx(np.exp(means.frame()["estimate"]).to_numpy())
    assert "on the scale of the model, log(positive)" in means.notes[0]
    ratio, difference = (one.contrasts().frame() for one in (back, means))
    assert ratio["estimate"].to_numpy() == pytest.approx(np.exp(difference["estimate"]).to_numpy())
    assert ratio["p_adjusted"].to_numpy() == pytest.approx(difference["p_adjusted"].to_numpy())
    assert ratio["contrast"][0] == "p / q"


def test_a_cell_without_rows_has_no_number(table):
    holed = xs.fit("y ~ a * b + (1 | g)", table[~((table["a"] == "r") & (table["b"] == "u"))])
    answer = holed.marginal_means("a | b")
    cells = answer.frame()
    empty = (cells["a"] == "r") & (cells["b"] == "u")
    assert (cells["not_estimable"] == empty).all()
    assert cells.loc[empty, ["estimate", "std_error", "conf_low"]].isna().all(axis=None)
    assert "1 row is not estimable, a = r, b = u" in " ".join(answer.notes)
    assert holed.marginal_means("a", at={"b": "v"}).frame()["estimate"].notna().all()
    assert "the rows do not determine every coefficient of a:b" in " ".join(holed.anova(3).notes)


def test_the_caption_states_method_adjustment_and_family(fit):
    caption = fit.marginal_means("a | b").contrasts(adjust="holm").caption
    for words in ("Kenward-Roger", "adjusted by Holm for 3 tests in each family", "intervals by Bonferroni", "at x ="):
        assert words in caption
    assert "Tukey (studentised range) for 3 tests of 3 means" in fit.marginal_means("a").contrasts().caption
    assert "\\toprule" in fit.marginal_means("a").table().to_latex()
    assert "<table>" in fit.anova(3)._repr_html_()


def test_what_is_at_zero_is_said(table):
    notes = xs.fit("y ~ a * x + (1 | g)", table).anova(3).notes
    assert "a is tested where x is 0: center it to test at its mean" in notes
    centred = xs.fit("y ~ a * center(x) + (1 | g)", table).anova(3).notes
    assert not any("is tested where" in note for note in centred)


def test_satterthwaite_and_ml_are_taken_over(table):
    ml = xs.fit("y ~ a + (1 | g)", table, ml=True)
    assert set(ml.marginal_means("a").frame()["df_method"]) == {"Satterthwaite"}
    assert set(ml.anova(2).frame()["df_method"]) == {"Satterthwaite"}


def test_the_multivariate_t_is_dunnetts():
    correlation = np.full((3, 3), 0.5) + 0.5 * np.eye(3)
    df = np.full(3, 20.0)
    reach = adjustments.reaches("mvt", 0.95, df, correlation, tests=3, means=0)
    assert reach == pytest.approx(np.full(3, 2.54), abs=0.005)  # Dunnett (1964), table II: 3 treatments, 20 df
    p = adjustments.adjusted("mvt", reach, df, correlation, tests=3, means=0)
    assert p == pytest.approx(np.full(3, 0.05), abs=1e-4)


def test_adjusted_p_and_limits_agree():
    correlation, df, t = np.eye(4), np.array([7.5, 12.0, 30.0, 100.0]), np.array([0.5, 2.1, -2.8, 4.0])
    for name in ("tukey", "bonferroni", "sidak", "mvt"):
        reach = adjustments.reaches(name, 0.95, df, correlation, tests=6, means=4)
        p = adjustments.adjusted(name, reach, df, correlation, tests=6, means=4)
        assert p == pytest.approx(np.full(4, 0.05), abs=2e-4), name
    plain = 2 * stats.t.sf(np.abs(t), df)
    ours = adjustments.adjusted("bh", t, df, correlation, tests=4, means=0)
    assert ours == pytest.approx(stats.false_discovery_control(plain))


REFUSED = [
    (lambda one: one.marginal_means("c"), "means 'c'"),
    (lambda one: one.marginal_means(""), "name no predictor"),
    (lambda one: one.marginal_means("a | a"), "named twice"),
    (lambda one: one.marginal_means("a|b|x"), "more than one |"),
    (lambda one: one.marginal_means(3), "names 3"),
    (lambda one: one.marginal_means("a", at={"b": "w"}), "no row has that level; its levels are u, v"),
    (lambda one: one.marginal_means("a", at={"x": "big"}), "at x = 'big': give a number"),
    (lambda one: one.marginal_means("a", at={"x": []}), "no value is given"),
    (lambda one: one.marginal_means("a", weights="even"), "weights 'even'"),
    (lambda one: one.marginal_means("a", back=True), "leave out back"),
    (lambda one: one.marginal_means("x").contrasts(), "one row to a family"),
    (lambda one: one.marginal_means("a").contrasts("pairs"), "did you mean 'pairwise'?"),
    (lambda one: one.marginal_means("a").contrasts([1, -1]), "give 3 weights"),
    (lambda one: one.marginal_means("a").contrasts(adjust="tuckey"), "did you mean 'tukey'?"),
    (lambda one: one.marginal_means("a").contrasts("reference", adjust="tukey"), "for all pairs alone"),
    (lambda one: one.marginal_means("a").contrasts("reference", reference="s"), "choose p, q, r"),
    (lambda one: one.marginal_means("a").contrasts(by="b"), "the rows have a"),
    (lambda one: one.slopes("a"), "name one covariate"),
    (lambda one: one.anova(1), "choose 2 or 3"),
]


@pytest.mark.parametrize(("ask", "message"), REFUSED)
def test_refusals_name_what_is_wrong_and_what_to_do(fit, ask, message):
    with pytest.raises(FitError) as error:
        ask(fit)
    assert message in str(error.value)


def test_roots_have_no_ratios_and_too_many_combinations_are_refused(table):
    root = xs.fit("sqrt(positive) ~ a + (1 | g)", table).marginal_means("a", back=True)
    with pytest.raises(FitError, match="leave out back"):
        root.contrasts()
    rng = np.random.default_rng(0)
    many = pd.DataFrame({name: rng.choice([f"l{k}" for k in range(60)], 600) for name in "cde"})
    many = many.assign(g=rng.choice(list("ABCDEF"), 600), y=rng.normal(size=600))
    with pytest.raises(FitError, match="choose some of the 60 of 'c' by at"):
        xs.fit("y ~ c + d + e + (1 | g)", many).marginal_means("c")
