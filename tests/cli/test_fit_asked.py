"""`xstats analyze --formula`: weights, offset, predictions, files, and the options that would be ignored."""

import json
import re

import pandas as pd
import pytest
from tests.mixedmodels.postfit.reference import ANSWERS, FOLDER
from typer.testing import CliRunner

from xtransfer_stats.base.formats import significant
from xtransfer_stats.cli import app

ROWS, NEW = FOLDER / "rows.csv", FOLDER / "new.csv"
SLOPES = "y ~ x + f + (1 + x | g) + (1 | h)"


def analyzed(*options: str, formula: str = SLOPES):
    return CliRunner().invoke(app, ["analyze", str(ROWS), "--formula", formula, *options])


def answer(*options: str, formula: str = SLOPES) -> dict:
    result = analyzed("--json", *options, formula=formula)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_terminal_shows_what_the_fit_is_judged_by():
    shown, lme4 = analyzed().stdout, ANSWERS["slopes_crossed"]
    assert re.search(r"g +x +0\.\d+ +0\.\d+ +−0\.28 Intercept", shown)
    assert "Rows and levels: 210 rows, 14 levels of g, 9 levels of h" in shown
    assert f"AIC {lme4['aic']:.6g}, BIC {lme4['bic']:.6g}" in shown
    assert f"(REML likelihood, {lme4['df']} parameters): logLik {significant(lme4['loglik'], 6)}" in shown
    r2 = lme4["performance"]
    assert f"R2: marginal {r2['marginal']:.4g}, conditional {r2['conditional']:.4g}" in shown
    assert f"ICC: adjusted {r2['icc_adjusted']:.4g}, unadjusted {r2['icc_unadjusted']:.4g}" in shown
    assert "(ML likelihood" in analyzed("--ml").stdout


def test_json_has_it_too():
    found, lme4 = answer(), ANSWERS["slopes_crossed"]
    assert found["aic"] == pytest.approx(lme4["aic"])
    assert found["levels"] == {"g": 14, "h": 9}
    assert found["r2"]["conditional"] == pytest.approx(lme4["performance"]["conditional"], abs=1e-6)
    assert found["correlations"][0].keys() == {"group", "term", "other", "correlation"}


def test_weights_and_offset_are_columns():
    found = answer("--weights", "w", "--offset", "o", formula="yo ~ x + f + z + (1 + x | g)")
    lme4 = ANSWERS["offset_weights"]
    assert found["criterion"] == pytest.approx(lme4["criterion"], rel=1e-9)
    assert [row["df"] for row in found["fixed"]] == pytest.approx(lme4["kr_df"], rel=1e-5)


def test_the_smaller_formula_has_the_weights_and_the_offset_too():
    options = ("--weights", "w", "--offset", "o", "--against", "yo ~ x + (1 | g)", "--bootstrap", "9")
    ratio = answer(*options, formula="yo ~ x + f + z + (1 | g)")["likelihood_ratio"]
    assert ratio["against"] == "yo ~ x + (1 | g) + offset(o)"
    assert ratio["df"] == 3


def test_predictions_are_written_and_told(tmp_path):
    shown = analyzed("--predict", str(NEW), "--interval", "prediction", "--level", "0.9", "--out", str(tmp_path))
    assert shown.exit_code == 0, shown.output
    assert "Predictions: 6 rows" in shown.stdout
    assert "2 rows are of levels that the fit has not seen" in shown.stdout
    written = pd.read_csv(tmp_path / "tables" / "predictions.csv", keep_default_na=False)
    assert written["estimate"].tolist() == pytest.approx(ANSWERS["slopes_crossed"]["predicted"], rel=1e-6)
    assert written["new_levels"].tolist() == ["", "", "", "h", "g", ""]
    population = answer("--predict", str(NEW), "--random", "none")["predictions"]
    assert [row["estimate"] for row in population] == pytest.approx(ANSWERS["slopes_crossed"]["population"], rel=1e-6)
    some = answer("--predict", str(NEW), "--random", "g")["predictions"]
    assert [row["estimate"] for row in some] == pytest.approx(ANSWERS["slopes_crossed"]["by_g"], rel=1e-6)


def test_rows_are_told_to_machines():
    found = answer("--rows")
    assert len(found["random_effects"]) == 14 * 2 + 9
    assert found["residuals"][0]["row"] == 1
    assert found["residuals"][2]["pearson"] == pytest.approx(ANSWERS["slopes_crossed"]["pearson"][2], rel=1e-5)


def test_a_folder_holds_tables_charts_and_json(tmp_path):
    assert analyzed("--out", str(tmp_path / "fit")).exit_code == 0
    names = {str(path.relative_to(tmp_path / "fit")) for path in (tmp_path / "fit").rglob("*.*")}
    tables = ("fixed_effects", "terms", "random", "random_effects", "statistics")
    charts = ("fixed_effects", "random_effects_1", "random_effects_2", "residuals", "normality")
    assert {f"tables/{name}.{form}" for name in tables for form in ("csv", "tex", "md")} <= names
    assert {f"charts/{name}.{form}" for name in charts for form in ("png", "svg", "pdf", "html")} <= names
    whole = json.loads((tmp_path / "fit" / "fit.json").read_text())
    assert whole["formula"] == SLOPES
    assert len(whole["residuals"]) == 210


WRONG = [
    (("--interval", "confidence"), "--interval goes with --predict"),
    (("--random", "none"), "--random goes with --predict"),
    (("--level", "0.9", "--predict", str(NEW), "--json"), "--level goes with --interval"),
    (("--predict", str(NEW)), "--predict needs a place for its rows: give --out FOLDER, or --json"),
    (("--rows",), "--rows goes with --json"),
    (("--seed", "3"), "--seed goes with --bootstrap"),
    (("--workers", "2"), "--workers goes with --bootstrap"),
    (("--workers", "2", "--bootstrap", "9", "--against", "y ~ x + (1 | g)"), "--workers does not go with --against"),
    (("--replicates", "a.parquet"), "--replicates keeps those of a bootstrap, and none are drawn"),
    (("--weights", "w", "--engine", "statsmodels"), "MixedLM has no weights"),
    (("--predict", str(NEW), "--json", "--random", "k"), "no such grouping"),
    (("--predict", "nowhere.csv", "--json"), "nowhere.csv"),
    *(((f"--{name}", value), f"--{name} goes with studies, not with --formula") for name, value in (
        ("model", "mixed"), ("study", "a"), ("benchmarks", "a,b"), ("scale", "100"), ("contrast", "a"),
        ("margin", "1"), ("prior", "tasks=2"), ("draws", "10"),
    )),
    (("--items",), "--items goes with studies"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_an_option_that_would_be_ignored_is_refused(options, message):
    found = analyzed(*options)
    assert found.exit_code != 0
    assert message in getattr(found.exception, "in_options", lambda: str(found.exception))()


def test_options_of_formulas_are_refused_without_one():
    for option in ("--weights", "--offset", "--predict", "--random", "--interval"):
        found = CliRunner().invoke(app, ["analyze", str(ROWS), option, "a"])
        assert f"{option} goes with --formula" in str(found.exception)


def test_every_option_of_the_command_has_its_place():
    """A new one must be told apart: of studies, of formulas, or of both."""
    from typer.main import get_command

    from xtransfer_stats.cli import options

    known = {*options.OF_STUDIES, *options.OF_FORMULAS, *options.OF_BOOTSTRAPS}
    both = {"place", "store", "formula", "bootstrap", "out", "engine", "replicates", "as_json", "help"}
    names = {one.name for one in get_command(app).commands["analyze"].params}
    assert names - both == known
