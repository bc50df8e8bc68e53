"""`xstats analyze --formula` with --tests, --means, --slopes and --contrasts: shown, as JSON, and refused."""

import json
from pathlib import Path

import pandas as pd
import pytest
from tests.places import ROOT
from typer.testing import CliRunner

import xtransfer_stats as xs
from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.cli import app

TABLE = ROOT / "tests" / "reference" / "emmeans" / "data" / "trial.csv"
FORMULA = "score ~ condition * size + language + (1 | seed)"


def analyzed(*options: str, path: Path = TABLE, formula: str | None = FORMULA):
    return CliRunner().invoke(app, ["analyze", str(path), *(("--formula", formula) if formula else ()), *options])


def test_everything_asked_is_shown():
    shown = analyzed("--tests", "3", "--means", "condition | language", "--slopes", "size | condition").stdout
    for words in ("Type III tests of terms", "Marginal means of condition within each language", "Slopes of size by"):
        assert words in " ".join(shown.split())


def test_json_and_python_say_the_same():
    options = ("--means", "condition", "--at", "size=1", "--contrasts", "reference=few", "--adjust", "holm", "--json")
    answer = json.loads(analyzed("--tests", "2", *options).stdout)
    fit = xs.fit(FORMULA, TABLE)
    means = fit.marginal_means("condition", at={"size": 1})
    assert answer["means"][0]["rows"] == means.to_dict()["rows"]
    contrasts = means.contrasts("reference", reference="few", adjust="holm")
    assert answer["means"][0]["contrasts"] == contrasts.to_dict()
    assert pd.DataFrame(answer["tests"]["rows"])["statistic"].tolist() == fit.anova(2).frame()["statistic"].tolist()
    assert answer["slopes"] == []


def test_weights_of_ones_own_are_read():
    answer = json.loads(analyzed("--means", "condition", "--contrasts", "some=-1,0.5,0.5;more=0,-1,1", "--json").stdout)
    names = [row["contrast"] for row in answer["means"][0]["contrasts"]["rows"]]
    assert names == ["some", "more"]
    plain = json.loads(analyzed("--slopes", "size | condition", "--contrasts", "-1,.5,.5", "--json").stdout)
    assert len(plain["slopes"][0]["contrasts"]["rows"]) == 1


REFUSED = [
    (("--contrasts", "pairwise"), "--contrasts goes with --means or --slopes"),
    (("--at", "size=1"), "--at goes with --means or --slopes"),
    (("--slopes", "size", "--back"), "--back goes with --means"),
    (("--means", "condition", "--adjust", "holm"), "--adjust goes with --contrasts"),
    (("--means", "condition", "--at", "size"), "give a name and values"),
    (("--means", "condition", "--average", "even"), "--average 'even'"),
    (("--means", "condition", "--contrasts", "1,-1,z1"), "give pairwise, reference"),
    (("--tests", "4"), "choose 2 or 3"),
    (("--means", "conditon"), "did you mean 'condition'?"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_options_that_cannot_be_used_are_refused(options, message):
    refused = analyzed(*options).exception
    assert isinstance(refused, XstatsError)
    assert message in refused.in_options()


@pytest.mark.parametrize("option", ["--tests", "--means", "--slopes", "--contrasts", "--adjust", "--at", "--average"])
def test_they_go_with_a_formula_alone(option):
    refused = analyzed(option, "3", formula=None).exception
    assert f"{option} goes with --formula" in str(refused)
