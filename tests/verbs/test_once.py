"""Nothing is done twice: each command plans a study once, and reads a file once."""

import json
import os
import sys

import pytest
from typer.testing import CliRunner

pytest.importorskip("hassil", reason="the embedded extra is not installed")

from tests.stats.simulated import catalogue_frame
from tests.store.test_scores import published, recipe, work

from xtransfer_stats.base import resources
from xtransfer_stats.cli import app
from xtransfer_stats.store import studies
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.verbs import instore

OPENED: list[str] = []
sys.addaudithook(lambda event, arguments: OPENED.append(str(arguments[0])) if event == "open" else None)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store with two finished studies; the steps' work is made up."""
    root = tmp_path_factory.mktemp("once") / "store"
    first, store = published(root, recipe())
    other = make_plan(recipe(name="other", root_seed=7))
    for number, step in enumerate(other.steps.values()):
        if step.key not in first.steps:
            store.publish(step, lambda out, step=step, number=number: work(out, step, number, ()))
    studies.remember(store, other.recipe, other.versions)
    later = (root / "studies" / "other.json").stat().st_mtime + 1
    os.utime(root / "studies" / "quick.json", (later, later))  # the one run last
    return root


@pytest.fixture
def plans(monkeypatch):
    """Names of the studies that were planned, one for each time."""
    made, plan = [], instore.make_plan

    def counted(chosen, *versions):
        made.append(chosen.study.name)
        return plan(chosen, *versions)

    monkeypatch.setattr(instore, "make_plan", counted)
    return made


QUICK = ("--seeds", "3", "--targets", "xnli,pawsx,xcopa", "--languages", "de,en,th")
COMMANDS = {
    "status": ("status", "--store", "STORE"),
    "run": ("run", "quick", *QUICK, "--store", "STORE"),
    "dry run": ("run", "quick", *QUICK, "--store", "STORE", "--dry-run"),
    "export": ("export", "--store", "STORE"),
    "analyze": ("analyze", "STORE", "--json"),
    "claims": ("claims", "STORE", "--json"),
    "power": ("power", "STORE", "--json", "--studies", "100", "--seeds", "3", "--sets", "1"),
    "trace": ("trace", "ruuayt7a", "STORE", "--json"),
    "trace of a score": ("trace", "s0-baseline-r0:xnli:de", "STORE", "--json"),
    "chart": ("chart", "interaction", "STORE", "--format", "json", "--out", "OUT"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_plans_its_study_once(command, store, plans, tmp_path):
    places = {"STORE": str(store), "OUT": str(tmp_path)}
    done = CliRunner().invoke(app, [places.get(word, word) for word in COMMANDS[command]])
    assert done.exit_code == 0, done.output
    assert plans == ["quick"]


def test_a_comparison_plans_each_study_once(store, plans):
    done = CliRunner().invoke(app, ["compare", "other", "quick", "--store", str(store), "--json"])
    assert done.exit_code == 0, done.output
    assert plans == ["other", "quick"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_file_is_read_once(form, tmp_path):
    frame = catalogue_frame(seeds=3)
    path = tmp_path / f"scores.{form}"
    frame.to_csv(path, index=False, na_rep="NaN") if form == "csv" else frame.to_parquet(path, index=False)
    OPENED.clear()
    done = CliRunner().invoke(app, ["analyze", str(path), "--json"])
    assert json.loads(done.stdout)["effects"]
    assert OPENED.count(str(path)) == 1


def test_a_published_table_is_read_once():
    path = resources.find("data", "phang2020_draft", ".csv")
    OPENED.clear()
    done = CliRunner().invoke(app, ["analyze", str(path), "--json"])
    assert json.loads(done.stdout)["study"] == "phang2020-draft"
    assert OPENED.count(str(path)) == 1
