"""A whole benchmark worked by hand, what is missing, and what is refused."""

import json
import re
import subprocess
import sys

import pytest
from tests.exchange.layout import CONTENT, one, path_of, squad, whole, written

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.exchange.leaderboard import score_benchmark

XTREME = ["xnli", "pawsx", "udpos", "panx", "xquad", "mlqa", "tydiqa", "bucc2018", "tatoeba"]
XTREME_R = ["xnli", "xcopa", "udpos", "panx", "xquad", "mlqa", "tydiqa", "tatoeba", "mewslix", "lareqa"]


@pytest.mark.parametrize(("benchmark", "tasks"), [("xtreme", XTREME), ("xtreme-r", XTREME_R)])
def test_averages_of_a_complete_system(benchmark, tasks, tmp_path):
    found = score_benchmark(*whole(tmp_path, benchmark), benchmark).plain()
    values = {task: CONTENT[task][2] for task in tasks}
    assert {task: row["average"] for task, row in found["tasks"].items()} == pytest.approx(values)
    assert found["average"] == pytest.approx(sum(values.values()) / len(values))
    assert "missing" not in found
    qa = ("xquad", "mlqa", "tydiqa")
    assert found["groups"]["qa"] == pytest.approx(sum(values[task] for task in qa) / 3)
    pair = ("xnli", "pawsx") if benchmark == "xtreme" else ("xnli", "xcopa")
    assert found["groups"]["classification"] == pytest.approx(sum(values[task] for task in pair) / 2)
    assert set(found["groups"]) == {"classification", "tagging", "qa", "retrieval"}


def test_what_is_missing_is_named_and_no_mean_taken(tmp_path):
    predictions, labels = whole(tmp_path, "xtreme")
    path_of(predictions, "mlqa", "hi").unlink()
    found = score_benchmark(predictions, labels, "xtreme").plain()
    assert (found["average"], found["missing"]) == (None, ["mlqa"])
    assert (found["tasks"]["mlqa"]["average"], found["tasks"]["mlqa"]["missing"]) == (None, ["hi"])
    assert found["groups"]["qa"] is None
    assert found["tasks"]["xquad"]["average"] == pytest.approx(CONTENT["xquad"][2])
    assert found["groups"]["tagging"] == pytest.approx(25.0)


def test_a_task_averages_its_languages_and_not_its_examples(tmp_path):
    predictions, labels = whole(tmp_path, "xtreme")
    written(labels, "bucc2018", "de", "a\tx\n")  # all right, one pair
    found = score_benchmark(predictions, labels, "xtreme").plain()
    assert found["tasks"]["bucc2018"]["average"] == pytest.approx((100 + 3 * 50) / 4)


@pytest.mark.parametrize(
    ("task", "gold", "predictions", "told"),
    [
        ("xnli", "neutral\nneutral\n", "neutral\n", "1 lines, where"),
        ("xnli", "Er kam.\tEr ging.\nSie kam.\tSie ging.\n", "neutral\nneutral\n", "unlabelled"),
        ("xnli", "-1\n-1\n", "neutral\nneutral\n", "unlabelled"),
        ("xnli", "neutral\nentailment\n", "1\n0\n", "write them as the gold file does"),
        ("xnli", "neutral\nentailment\n", "neutral\n\nentailment\n", "3 lines, where"),
        ("xnli", "neutral\nentailment\n", "neutral\tx\nentailment\n", "line 1 holds"),
        ("xnli", "", "", "empty"),
        ("pawsx", "0\n" * 8, "0\n" * 8, "all 8 rows hold the label '0'"),
        ("panx", "Das\nHaus\n", "O\nO\n", "'Das' is no tag"),
        ("panx", "B-PER\nO\n\nO\n", "O\nO\nO\n", "1 sentences, where"),
        ("panx", "B-PER\nO\n\nO\n", "O\n\nO\nO\n", "sentence 1 has 1 tags, where"),
        ("udpos", "NOUN\n", "Haus\tNOUN\n", "write one tag a line"),
        ("tatoeba", "Guten Tag.\n", "1\n", "unlabelled"),
        ("bucc2018", "a\tx\n", "a x\n", "line 1 holds 'a x'"),
        ("xquad", squad([("q1", [""])]), '{"q1": "x"}', "question 'q1' has no answer: the file is unlabelled"),
        ("xquad", squad([("q1", ["x"]), ("q2", [])]), '{"q1": "x"}', "question 'q2' has no answer"),
        ("xquad", squad([("q1", ["x"])]), '{"q1": "x", "q9": "y"}', "1 unknown id such as 'q9'"),
        ("xquad", squad([("q1", ["x"])]), '{"q1": ["x"]}', "give the answer as a text"),
        ("xquad", squad([("q1", ["x"])]), "q1: x", "not JSON"),
        ("xquad", '{"q1": "x"}', '{"q1": "x"}', "not in SQuAD's format"),
        ("xquad", squad([("q1", ["x"])]), '["x"]', "a JSON list"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(task, gold, predictions, told, tmp_path):
    folders = one(tmp_path, task, gold, predictions, "de")
    with pytest.raises(DataError, match=f"test-de.*{re.escape(told)}"):
        score_benchmark(*folders, "xtreme")


@pytest.mark.parametrize(
    ("gold", "predictions", "told"),
    [
        ('{"m1": []}', '{"m1": ["Q1"]}', "query 'm1' has no right candidate: the file is unlabelled"),
        ('{"m1": ["Q1"]}', '{"m2": ["Q1"]}', r"1 unknown id such as 'm2'"),
        ('{"m1": ["Q1"]}', '{"m1": "Q1"}', "give a list of candidate ids"),
    ],
)
def test_rankings_that_do_not_fit_are_refused(gold, predictions, told, tmp_path):
    with pytest.raises(DataError, match=told):
        score_benchmark(*one(tmp_path, "mewslix", gold, predictions), "xtreme-r")


def test_predictions_without_gold_are_refused(tmp_path):
    predictions, labels = one(tmp_path, "xnli", *CONTENT["xnli"][:2])
    path_of(labels, "xnli", "en").unlink()
    with pytest.raises(DataError, match=r"labels/xnli/test-en.tsv: missing"):
        score_benchmark(predictions, labels, "xtreme")


def test_nothing_to_score_and_unknown_benchmarks_are_refused(tmp_path):
    with pytest.raises(DataError, match="no file of xtreme there"):
        score_benchmark(tmp_path, tmp_path, "xtreme")
    with pytest.raises(DataError, match=r"^labels .*no folder there"):
        score_benchmark(tmp_path, tmp_path / "none", "xtreme")
    with pytest.raises(RecipeError, match=r"^benchmark 'xtreme-mini'") as error:
        score_benchmark(tmp_path, tmp_path, "xtreme-mini")
    assert error.value.in_options().startswith("--benchmark 'xtreme-mini': choose one of ")


@pytest.mark.parametrize("option", [[], ["--json"]], ids=["table", "json"])
def test_the_command_prints_the_scores_and_tells_what_counts_zero(option, tmp_path):
    predictions, labels = one(tmp_path, "xquad", squad([("q1", ["Rome"]), ("q2", ["Oslo"])]), '{"q1": "Rome"}')
    options = ["--predictions", predictions, "--labels", labels, "--benchmark", "xtreme", *option]
    command = [sys.executable, "-m", "xtransfer_stats", "score", *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "1 id without a prediction: 0 each" in done.stderr
    if option:
        row = {"exact_match": 50.0, "f1": 50.0}
        assert json.loads(done.stdout)["tasks"]["xquad"]["languages"] == {"en": row}
    else:
        assert "50.00" in done.stdout
        assert "No average of xquad: no predictions for ar de el es" in done.stdout
