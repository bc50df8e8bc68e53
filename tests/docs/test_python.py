"""Every example of docs/python.md runs, from top to bottom, on a made-up study."""

import json
import re

import pytest

pytest.importorskip("hassil", reason="the embedded extra is not installed")

from tests.places import ROOT

from xtransfer_stats.store import studies
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import load_recipe

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def finished(root):
    """The quick study with scores that are drawn, in place of an hour of training on a slow machine."""
    store, recipe = Store(root).create(), load_recipe("quick")
    plan = make_plan(recipe)
    studies.remember(store, recipe, plan.versions)
    for number, step in enumerate(plan.steps.values()):
        store.publish(step, lambda out, step=step, number=number: written(out, step, number))


def written(out, step, number):
    if step.kind == "evaluation":
        import pandas as pd

        metrics = dict.fromkeys(step.args["metrics"], 40 + 20 * (number * 7919 % 101) / 101)
        scores = {language: {"n_examples": 10, "metrics": metrics} for language in step.args["languages"]}
        (out / "scores.json").write_text(json.dumps({"languages": scores}))
        row = {"language": "en", "example_id": "1", "prediction": "a", "gold": "a"}
        pd.DataFrame([row]).to_parquet(out / "predictions.parquet")
    return {"collapsed": False} if step.kind == "target" else {}


def test_the_examples_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    finished(tmp_path / "xstats-store")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    names: dict[str, object] = {}
    for block in BLOCKS:
        exec(compile(block, "docs/python.md", "exec"), names)
    shown = capsys.readouterr().out
    assert "interaction(3)" in shown
    assert "xstats analyze examples/scores.csv --model paired" in shown
    assert "engine 'sas': choose own or statsmodels" in shown
    assert "tabular" in str(names["latex"])
    assert (tmp_path / "interaction.svg").is_file()
    assert (tmp_path / "reports" / "quick" / "report.html").is_file()


def test_the_first_script_is_ten_lines():
    lines = [line for line in BLOCKS[0].splitlines() if line.strip()]
    assert len(lines) <= 10
