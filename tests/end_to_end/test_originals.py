"""Every task of both benchmarks, in all three phases, from files in original formats, with a tiny XLM-R."""

import json
import shutil

import pandas as pd
import pytest
from tests.end_to_end.study import xstats

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("transformers", reason="the train extra is not installed")

from tests.originals.model import write_model
from tests.originals.scored import write_scored
from tests.originals.trained import write_training

from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS
from xtransfer_stats.verbs.scores import ScoreSheet

pytestmark = pytest.mark.end_to_end

RECIPE = """
[study]
name = "originals"
benchmarks = ["xtreme", "xtreme-r"]
languages = ["de", "en", "ru", "tr"]
seeds = 1
tasks = [9]

[backbone]
model = "{model}"
freeze = "none"
max_length = 48

[source]
name = "{data}"

[intermediate]
settings = {{ steps = 4, evaluate_every = 4, batch_size = 4 }}

[target]
settings = {{ steps = 2, evaluate_every = 2, batch_size = 4 }}
"""
# What the made-up data hold of each target task's languages among the four of the recipe.
SPOKEN = {
    "xnli": "de en ru tr", "pawsx": "de en", "xcopa": "tr", "udpos": "de en ru tr", "panx": "de en ru tr",
    "xquad": "de en ru tr", "mlqa": "de en", "tydiqa": "en ru", "bucc2018": "de ru", "tatoeba": "de ru tr",
    "tatoeba_squad": "de ru tr", "mewslix": "de en tr", "lareqa": "de en ru tr",
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with data/, model/ and the recipe."""
    root = tmp_path_factory.mktemp("originals")
    write_training(root / "data")
    write_scored(root / "data")
    texts = [path.read_text(encoding="utf-8") for path in sorted((root / "data").rglob("*")) if path.is_file()]
    write_model(root / "model", texts)
    (root / "study.toml").write_text(RECIPE.format(model=root / "model", data=root / "data"), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def frame(place):
    """The score frame of the whole study."""
    xstats("run", place / "study.toml", "--store", place / "store", "--workers", 2)
    xstats("export", "--store", place / "store", "--output", place / "scores.csv")
    return ScoreSheet(place / "scores.csv").frame


def test_the_data_check_knows_every_file(place):
    rows = json.loads(xstats("data", place / "data", "--json").stdout)
    unknown = [row["path"] for row in rows if not row["task"]]
    assert unknown == []
    assert all(row["labelled"] for row in rows if row["format"] != "mewslix candidates")


def test_all_nine_intermediate_tasks_are_trained_together(frame):
    assert set(frame["task_set"]) == {"", "+".join(sorted(INTERMEDIATE_TASKS))}


@pytest.mark.parametrize("task", sorted(TARGET_TASKS))
def test_every_target_task_is_scored_in_its_languages(frame, task):
    rows = frame[(frame["target_task"] == task) & (frame["status"] != "not_in_benchmark")]
    scored = rows[rows["status"].isin(["done", "collapsed"])]
    assert sorted(scored["language"].unique()) == SPOKEN[task].split()
    assert scored["run"].nunique() == 2
    assert scored["score"].between(0, 100).all()
    assert len(rows) == len(scored)


def test_the_predictions_are_scored_alike_in_the_leaderboards_layout(place, frame):
    xstats("export", "--store", place / "store", "--format", "xtreme", "--output", place / "ours")
    for benchmark, expected in (("xtreme", 9), ("xtreme-r", 10)):
        folder = place / "ours" / benchmark
        run = sorted(path.name for path in (folder / "predictions").iterdir())[0]
        told = xstats("score", "--predictions", folder / "predictions" / run, "--labels", folder / "labels",
                      "--benchmark", benchmark, "--json").stdout  # fmt: skip
        tasks = json.loads(told)["tasks"]
        assert len([name for name, found in tasks.items() if found["languages"]]) == expected
        for name, found in tasks.items():
            target = "tatoeba_squad" if (name, benchmark) == ("tatoeba", "xtreme-r") else name
            for language, metrics in found["languages"].items():
                ours = frame[(frame["run"] == run) & (frame["target_task"] == target) & (frame["language"] == language)]
                for row in ours.itertuples():
                    assert metrics[row.metric] == pytest.approx(row.score, abs=1e-6), (name, language)


OWN = """
[[target]]
name = "nli3"
title = "NLI of our own"
family = "classification"
group = "classification"
training = "xnli"
labels = ["entailment", "neutral", "contradiction"]
benchmarks = { xtreme = ["de"], "xtreme-r" = ["de"] }
"""


def test_one_entry_adds_a_target_to_plan_data_check_scores_frame_and_report(place, tmp_path):
    (tmp_path / "xstats-tasks.toml").write_text(OWN, encoding="utf-8")
    shutil.copytree(place / "data", tmp_path / "data")
    labels = ("entailment", "neutral", "contradiction")
    rows = [{"premise": f"Lampe {n}", "hypothesis": f"Tür {n}", "label": labels[n % 3]} for n in range(9)]
    own = tmp_path / "data" / "nli3" / "test-de.jsonl"
    own.parent.mkdir()
    own.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    data = json.loads(xstats("data", "data", "--json", cwd=tmp_path).stdout)
    (checked,) = [row for row in data if row["path"] == "nli3/test-de.jsonl"]
    assert (checked["task"], checked["language"], checked["split"], checked["examples"]) == ("nli3", "de", "test", 9)
    recipe = RECIPE.format(model=place / "model", data=tmp_path / "data").replace("tasks = [9]", "tasks = [2]")
    (tmp_path / "study.toml").write_text(recipe, encoding="utf-8")
    chosen = ("study.toml", "--targets", "nli3,pawsx,tatoeba_squad", "--seeds", "2", "--languages", "de,en")
    assert "nli3" in xstats("tasks", cwd=tmp_path).stdout
    assert "evaluation" in xstats("run", *chosen, "--dry-run", cwd=tmp_path).stdout
    xstats("run", *chosen, "--workers", "2", cwd=tmp_path)
    xstats("export", "--output", "scores.csv", cwd=tmp_path)
    exported = pd.read_csv(tmp_path / "scores.csv")  # nli3 is known where its entry lies alone
    scored = exported.query("target_task == 'nli3' and language == 'de'")
    assert scored["score"].between(0, 100).all()
    assert len(scored) == 4
    xstats("analyze", "--out", "report", cwd=tmp_path)
    assert "nli3" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
