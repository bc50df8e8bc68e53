"""The examples of docs/backbones.md: tables are recipes' tables, commands plan as they are written, Python runs."""

import re
import shlex
import tomllib

import pytest
from tests.places import ROOT
from typer.testing import CliRunner

from xtransfer_stats.cli import app
from xtransfer_stats.study.recipe import load_recipe

PAGE = (ROOT / "docs" / "backbones.md").read_text(encoding="utf-8")
TABLES = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
COMMANDS = re.findall(r"^xstats (run .*)$", PAGE, flags=re.MULTILINE)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("text", TABLES)
def test_a_table_is_one_of_a_recipe(text):
    stated = tomllib.loads(text)["backbone"]
    backbone = load_recipe("xlmr-base-quick", {"backbone": {"retrieval_layer": None, **stated}}).backbone
    listed = stated["model"] if isinstance(stated["model"], list) else [stated["model"]]
    assert backbone.models == tuple(listed)
    assert backbone.adapter == stated.get("adapter", "none")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_plans_as_it_is_written(command, tmp_path, monkeypatch):
    pytest.importorskip("hassil", reason="the embedded extra is not installed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    words = shlex.split(command)
    done = CliRunner().invoke(app, words if "--dry-run" in words else [*words, "--dry-run"])
    assert done.exit_code == 0, done.output
    assert "What will run and why" in done.output


def test_the_python_example_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    for block in PYTHON:
        exec(compile(block, "docs/backbones.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "effect of intermediate training" in shown
    assert "between base and large" in shown or "large gains" in shown


def test_the_recipes_of_the_page_are_there():
    for name, model in re.findall(r"^\| `([\w.-]+)` \| (\S+) \|", PAGE, flags=re.MULTILINE):
        assert load_recipe(name).backbone.model == model
