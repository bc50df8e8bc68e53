"""Names longer than the system's limit, on every option that names a file, a folder, a model or a study."""

import sys
from pathlib import Path

import pytest
from tests.stats.simulated import catalogue_frame

from xtransfer_stats import cli

LONG = "x" * 300
COMMANDS = {
    "analyze": ("analyze", LONG),
    "analyze a path": ("analyze", "a/" * 3000),
    "formula": ("analyze", LONG, "--formula", "y ~ x"),
    "replicates": (
        "analyze",
        "scores.csv",
        "--formula",
        "score ~ seed + (1 | language)",
        "--bootstrap",
        "2",
        "--replicates",
        LONG,
    ),
    "analysis recipe": ("analyze", "scores.csv", "--model", LONG),
    "claims": ("claims", "scores.csv", "--file", LONG),
    "beside": ("claims", "scores.csv", "--beside", LONG),
    "compare": ("compare", "scores.csv", LONG),
    "store": ("compare", "scores.csv", "scores.csv", "--store", LONG),
    "chart": ("chart", "interaction", LONG),
    "chart's folder": ("chart", "interaction", "scores.csv", "--format", "json", "--out", LONG),
    "trace": ("trace", "raaaaaaa", LONG),
    "power": ("power", LONG),
    "power's recipe": ("power", "scores.csv", "--sd-set", "1", "--sd-run", "1", "--recipe", LONG),
    "status": ("status", "--store", LONG),
    "verify": ("verify", "--store", LONG),
    "export": ("export", "--store", LONG),
    "run": ("run", LONG, "--dry-run"),
    "model": ("run", "quick", "--dry-run", "--model", LONG),
    "source": ("run", "quick", "--dry-run", "--source", LONG),
    "study": ("run", "quick", "--dry-run", "--study", LONG),
    "store of a run": ("run", "quick", "--dry-run", "--store", LONG),
    "data": ("data", LONG),
    "gold": ("score", "--predictions", ".", "--labels", LONG, "--benchmark", "xtreme"),
    "predictions": ("score", "--predictions", LONG, "--labels", ".", "--benchmark", "xtreme"),
    "pin": ("pin", LONG),
    "tasks": ("tasks", LONG),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("names")
    frame = catalogue_frame(seeds=3)
    frame.to_csv(path / "scores.csv", index=False, na_rep="NaN")
    return path


def xstats(words, monkeypatch, capsys):
    """Exit code and standard error of a command, within the process; a traceback is an exception."""
    monkeypatch.setattr(sys, "argv", ["xstats", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code, capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_name_beyond_the_systems_limit_is_one_sentence(name, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    code, told = xstats(COMMANDS[name], monkeypatch, capsys)
    assert code in (1, 2)
    assert told.startswith("error: ")
    assert "xxx" in told or "a/a/" in told
    assert len(told) < 900


OPTIONS = {
    ("analyze", "scores.csv", "--seed", "-1"): "--seed -1: give a whole number from 0",
    ("analyze", "scores.csv", "--bootstrap", "1" + "0" * 22): "--bootstrap 1000",
    ("analyze", "scores.csv", "--workers", "1" + "0" * 9): "--workers 1000000000: give a whole number from 1 to 1,024",
    ("analyze", "scores.csv", "--draws", "0"): "--draws 0: give a whole number from 1",
    ("analyze", "scores.csv", "--margin", "nan"): "margin nan",
    ("analyze", "scores.csv", "--formula", "score ~ seed", "--bootstrap", "2", "--seed", "-1"): "--seed -1: give",
    ("analyze", "scores.csv", "--prior", "tasks=inf"): "--prior",
    ("power", "scores.csv", "--sets", "1" + "0" * 22): "--sets 10000000000000000000000: a design has 100 at most",
    ("power", "scores.csv", "--seeds", "9" * 5000): "--seeds '999",
    ("power", "scores.csv", "--languages", "0"): "--languages 0: give effective numbers from 1",
    ("run", "quick", "--dry-run", "--sets", "1000000"): "study.sets = 1000000",
    ("run", "quick", "--dry-run", "--tasks", "9" * 5000): "--tasks '999",
    ("run", "quick", "--dry-run", "--workers", "1000000"): "--workers 1000000: give",
    ("run", "quick", "--dry-run", "--max-hours", "nan"): "--max-hours nan",
    ("run", "quick", "--dry-run", "--devices-per-step", "1000000000"): "--devices-per-step 1000000000: give",
    ("trace", "x" * 5000 + ":xnli:de", "scores.csv"): "(5,008 characters): no run 'xxx",
    ("chart", "interaction", "scores.csv", "--width", "{b}"): "--width '{b}': choose from",
}


@pytest.mark.parametrize("words", OPTIONS)
def test_a_number_that_no_option_takes_is_refused_by_its_option(words, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    code, told = xstats(words, monkeypatch, capsys)
    assert code in (1, 2)
    assert OPTIONS[words] in told
    assert len(told) < 500


def test_what_the_system_refuses_is_told_by_the_file(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(cli, "app", lambda **_: Path("nowhere/at/all").read_bytes())
    code, told = xstats(("status",), monkeypatch, capsys)
    assert (code, told) == (1, "error: 'nowhere/at/all': No such file or directory\n")
