"""Exported predictions, scored as any system's: every family's file says what the evaluation said."""

import json

import pandas as pd
import pytest

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.filescores import FilePair, file_of, score
from xtransfer_stats.exchange.xtreme_export import Evaluated, write_layout
from xtransfer_stats.tasks.catalogue import TARGET_TASKS

CASES = {
    "xnli": ([("0", "neutral", "neutral"), ("1", "neutral", "entailment")], {"accuracy": 50.0}),
    "xcopa": ([("0", "1", "1"), ("1", "0", "1")], {"accuracy": 50.0}),
    "panx": ([("0", "B-LOC I-LOC O", "B-LOC I-LOC O"), ("1", "O O", "B-PER O")], {"f1": 200 / 3}),
    "xquad": (
        [("q1", "the Rhine", '["Rhine", "river Rhine"]'), ("q2", "", '["two"]')],
        {"exact_match": 50.0, "f1": 50.0},
    ),
    "tatoeba": ([("de:0", "en:1", '["en:1"]'), ("de:1", "en:1", '["en:0"]')], {"accuracy": 50.0}),
    "bucc2018": ([("de-1", "en-1", '["en-1"]'), ("de-2", "en-9", "[]"), ("de-3", "", '["en-3"]')], {"f1": 50.0}),
    "mewslix": ([("m1", '["Q2", "Q1"]', '["Q1"]'), ("m2", '["Q2"]', '["Q2"]')], {"map@20": 75.0}),
    "lareqa": ([("q1", '["de_1_0", "x", "en_1_0"]', '["de_1_0", "en_1_0"]')], {"map@20": 500 / 6}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_familys_files_score_as_the_evaluation_did(tmp_path, name):
    rows, expected = CASES[name]
    task = TARGET_TASKS[name]
    table = pd.DataFrame(rows, columns=["example_id", "prediction", "gold"])
    write_layout(tmp_path, "xtreme", Evaluated("run", task, "de", table, ("en:0", "en:1")))
    mine = file_of(tmp_path / "xtreme" / "predictions" / "run", task, "de")
    found = score(FilePair(task, "de", file_of(tmp_path / "xtreme" / "labels", task, "de"), mine)).metrics
    assert {metric: found[metric] for metric in expected} == pytest.approx(expected)


def test_tatoebas_sentences_are_numbers_counted_from_0(tmp_path):
    table = pd.DataFrame(CASES["tatoeba"][0], columns=["example_id", "prediction", "gold"])
    write_layout(tmp_path, "xtreme", Evaluated("run", TARGET_TASKS["tatoeba"], "de", table, ("en:0", "en:1")))
    assert (tmp_path / "xtreme" / "predictions" / "run" / "tatoeba" / "test-de.tsv").read_text() == "1\n1\n"


def test_texts_of_any_script_are_written_as_they_are(tmp_path):
    table = pd.DataFrame([("q", "नदी\nदो", '["नदी"]')], columns=["example_id", "prediction", "gold"])
    write_layout(tmp_path, "xtreme", Evaluated("run", TARGET_TASKS["xquad"], "hi", table))
    text = (tmp_path / "xtreme" / "predictions" / "run" / "xquad" / "test-hi.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"q": "नदी\nदो"}
    assert "नदी" in text


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    table = pd.DataFrame(CASES["xnli"][0], columns=["example_id", "prediction", "gold"])
    with pytest.raises(DataError, match="output:"):
        write_layout(tmp_path / "file", "xtreme", Evaluated("run", TARGET_TASKS["xnli"], "de", table))
