"""`xstats analyze --formula`: what options add, what is refused and how, and a bootstrap that goes on."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.cli import app

FORMULA = "y ~ x + f + (1 | g)"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    rng = np.random.default_rng(0)
    d = pd.DataFrame(
        {"g": rng.integers(0, 8, 120).astype(str), "x": rng.normal(0, 1, 120), "f": rng.choice(["u", "v"], 120)}
    )
    d["y"] = 3 + d["x"] + rng.normal(0, 1, 8)[d["g"].astype(int)] + rng.normal(0, 1, 120)
    path = tmp_path_factory.mktemp("fit") / "table.csv"
    d.assign(one="a", twice=2 * d["x"], still=1.0, endless=np.inf, gaps=d["x"].where(d.index > 3)).to_csv(
        path, index=False
    )
    return path


def analyzed(path: Path, *options: str, formula: str = FORMULA):
    return CliRunner().invoke(app, ["analyze", str(path), "--formula", formula, *options])


def answer(path: Path, *options: str, formula: str = FORMULA) -> dict:
    result = analyzed(path, "--json", *options, formula=formula)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_methods_and_criteria_are_named(table):
    assert "Fixed effects (Kenward-Roger)" in analyzed(table).stdout
    ml = analyzed(table, "--ml").stdout
    assert "ML deviance" in ml
    assert "Fixed effects (Satterthwaite)" in ml
    assert {row["df_method"] for row in answer(table, "--df", "satterthwaite")["fixed"]} == {"Satterthwaite"}


def test_every_extra_is_told(table):
    refused = analyzed(table, "--profile", "--engine", "statsmodels", "--residual", "f", formula="y ~ x + (1 | g)")
    assert "leave out residual" in str(refused.exception)
    shown = analyzed(table, "--profile", "--engine", "statsmodels")
    assert "Profile interval of sd, g Intercept" in shown.stdout
    assert "  Wald: " in shown.stdout
    assert "Second engine, statsmodels MixedLM" in shown.stdout
    assert "Convergence: gradient" in shown.stdout
    apart = analyzed(table, "--residual", "f", formula="y ~ x + (1 | g)").stdout
    assert apart.count("residual") == 2


def test_a_smaller_formula_is_tested(table):
    ratio = answer(table, "--against", "y ~ f + (1 | g)", "--bootstrap", "19")["likelihood_ratio"]
    assert ratio["p_value"] == pytest.approx(1 / 20)
    assert ratio["df"] == 1


def test_replicates_are_kept_and_gone_on_from(table, tmp_path):
    kept, whole = tmp_path / "kept.parquet", tmp_path / "whole.parquet"
    answer(table, "--bootstrap", "30", "--replicates", str(kept))
    more = answer(table, "--bootstrap", "50", "--replicates", str(kept))
    once = answer(table, "--bootstrap", "50", "--replicates", str(whole))
    assert pd.read_parquet(kept).equals(pd.read_parquet(whole))
    assert more["fixed"] == once["fixed"]
    assert more["fixed"][1]["bootstrap_low"] < more["fixed"][1]["estimate"] < more["fixed"][1]["bootstrap_high"]
    other = analyzed(table, "--bootstrap", "30", "--replicates", str(kept), "--seed", "1")
    assert "another seed" in str(other.exception)


REFUSED = [
    ("y ~ x + one + (1 | g)", "column 'one' has one level"),
    ("y ~ x + (1 | one)", "has one level"),
    ("still ~ x + (1 | g)", "is 1 in every row"),
    ("y ~ endless + (1 | g)", "column 'endless' holds inf"),
    ("y ~ z + (1 | g)", "no column 'z'"),
    ("f ~ x + (1 | g)", "is not a number"),
    ("y ~ x + (1 + x + twice | g)", "linearly dependent"),
]


@pytest.mark.parametrize(("formula", "message"), REFUSED)
def test_refusals_name_the_column_and_the_remedy(table, formula, message):
    result = analyzed(table, formula=formula)
    assert isinstance(result.exception, XstatsError)
    assert message in str(result.exception)


def test_what_is_dropped_is_told(table):
    assert "4 of 120 rows dropped for missing values in gaps" in analyzed(table, formula="y ~ gaps + (1 | g)").stdout
    assert "dropped because others determine them: twice" in analyzed(table, formula="y ~ x + twice + (1 | g)").stdout


def test_more_columns_than_rows_are_refused(table, tmp_path):
    few = tmp_path / "few.csv"
    pd.read_csv(table).head(4).to_csv(few, index=False)
    result = analyzed(few, formula="y ~ x * f * twice + x:twice + (1 | g)")
    assert isinstance(result.exception, XstatsError)


@pytest.mark.parametrize("options", [("--df", "wald"), ("--ml", "--df", "kenward-roger"), ("--engine", "sas")])
def test_options_that_make_no_sense_are_refused(table, options):
    assert isinstance(analyzed(table, *options).exception, XstatsError)
