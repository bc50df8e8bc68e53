"""The official scores of real slices, to the digit."""

import json
import subprocess
import sys

import pytest
from tests.exchange.layout import CONTENT, needs_shared, one
from tests.metrics.squad2 import squad2_scores
from tests.places import REAL_DATA

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.files import questions_of, texts_of
from xtransfer_stats.exchange.leaderboard import score_benchmark

pytestmark = needs_shared
MOCK = REAL_DATA / "xtreme_mock"


def test_the_command_reproduces_every_official_score():
    official = json.loads((MOCK / "official_scores.json").read_text())
    found = {}
    for benchmark in ("xtreme", "xtreme-r"):
        options = [
            "--predictions",
            MOCK / "predictions",
            "--labels",
            MOCK / "labels",
            "--benchmark",
            benchmark,
            "--json",
        ]
        done = subprocess.run(
            [sys.executable, "-m", "xtransfer_stats", "score", *map(str, options)],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        tasks = json.loads(done.stdout)["tasks"]
        for task in official.keys() & tasks.keys():
            rows = tasks[task]["languages"]
            metrics = {metric for row in rows.values() for metric in row}
            found[task] = {m: {lang: row[m] for lang, row in rows.items()} for m in metrics}
    assert found.keys() == official.keys()
    for task, metrics in official.items():
        assert found[task].keys() == metrics.keys(), task
        for metric, languages in metrics.items():
            assert found[task][metric] == pytest.approx(languages, abs=1e-9), (task, metric)


def test_the_mock_lacks_languages_and_gets_no_average():
    board = score_benchmark(MOCK / "predictions", MOCK / "labels", "xtreme").plain()
    assert board["average"] is None
    assert board["tasks"]["mlqa"]["average"] is None
    assert board["tasks"]["mlqa"]["missing"] == ["ar", "hi", "vi"]


def test_squad_v2_of_a_real_system():
    squad = REAL_DATA / "squad"
    questions = questions_of(squad / "dev-v2.0.official_ids.first5articles.json")
    predictions = texts_of(squad / "predictions" / "v2.0__BERT_single_model_Google_AI_Language.json")
    assert {name: round(value, 4) for name, value in squad2_scores(questions, predictions).items()} == {
        "exact_match": 75.5508,
        "f1": 78.8325,
        "HasAns_exact_match": 70.3546,
        "HasAns_f1": 76.9040,
        "NoAns_exact_match": 80.7692,
        "NoAns_f1": 80.7692,
    }


@pytest.mark.parametrize(
    ("task", "source"),
    [
        ("xnli", "xnli/xtreme"),
        ("pawsx", "pawsx/xtreme"),
        ("panx", "panx/xtreme"),
        ("udpos", "udpos/xtreme"),
    ],
)
def test_the_files_of_xtremes_own_download_are_no_gold(task, source, tmp_path):
    stripped = [path for path in sorted((REAL_DATA / source).rglob("*")) if path.is_file() and "test" in path.name]
    assert stripped
    for path in stripped:
        folders = one(tmp_path, task, path.read_text(encoding="utf-8"), CONTENT[task][1])
        with pytest.raises(DataError, match="unlabelled"):
            score_benchmark(*folders, "xtreme")
