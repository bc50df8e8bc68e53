"""The same scores whatever the line ends, quotes and marks of the files."""

import json

import pytest
from tests.exchange.layout import CONTENT, one, squad, written

from xtransfer_stats.exchange.files import lines_of, questions_of
from xtransfer_stats.exchange.leaderboard import score_benchmark


def only(folders, task, language="en", benchmark="xtreme"):
    return score_benchmark(*folders, benchmark).plain()["tasks"][task]["languages"][language]


@pytest.mark.parametrize("task", ["xnli", "panx", "udpos", "bucc2018", "tatoeba"])
@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.removesuffix("\n"),
        lambda text: text + "\n",
        lambda text: "\ufeff" + text,
        lambda text: "".join(f'"{line}"\n' if line and "\t" not in line else f"{line}\n" for line in text.splitlines()),
    ],
    ids=["crlf", "no final newline", "an empty line more", "byte order mark", "quotes"],
)
def test_the_form_of_a_file_changes_no_score(task, changed, tmp_path):
    language = "de"
    gold, predictions, _ = CONTENT[task]
    plain = only(one(tmp_path / "plain", task, gold, predictions, language), task, language)
    assert only(one(tmp_path / "a", task, gold, changed(predictions), language), task, language) == plain
    assert only(one(tmp_path / "b", task, changed(gold), predictions, language), task, language) == plain


def test_only_line_feeds_end_a_line(tmp_path):
    path = written(tmp_path, "xnli", "en", "a\u2028b\x0bc\nd\n")
    assert lines_of(path) == ["a\u2028b\x0bc", "d"]


def test_a_byte_order_mark_inside_a_text_is_kept(tmp_path):
    path = written(tmp_path, "xquad", "en", json.dumps(json.loads(squad([("q1", ["\ufeffRome"])])), ensure_ascii=False))
    assert questions_of(path) == [("q1", ["\ufeffRome"])]


def test_a_bare_list_of_articles_is_read(tmp_path):
    path = written(tmp_path, "xquad", "en", json.dumps(json.loads(squad([("q1", ["Rome"])]))["data"]))
    assert questions_of(path) == [("q1", ["Rome"])]


def test_two_questions_of_one_id_are_two(tmp_path):
    gold = squad([("q1", ["Rome"]), ("q1", ["Oslo"]), ("q2", ["Bonn"])])
    found = only(one(tmp_path, "tydiqa", gold, '{"q1": "Rome", "q2": "Bonn"}'), "tydiqa")
    assert found == pytest.approx({"exact_match": 200 / 3, "f1": 200 / 3})


def test_a_pair_mined_twice_counts_once(tmp_path):
    found = only(one(tmp_path, "bucc2018", "a\tx\nb\ty\n", "a\tx\na\tx\n", "de"), "bucc2018", "de")
    assert found == pytest.approx({"precision": 100.0, "recall": 50.0, "f1": 200 / 3})


def test_nothing_mined_scores_zero(tmp_path):
    found = only(one(tmp_path, "bucc2018", "a\tx\n", "", "de"), "bucc2018", "de")
    assert found == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_mlqa_and_xquad_follow_their_own_rules(tmp_path):
    gold, mine = squad([("q1", ["die Stadt"])]), '{"q1": "Stadt"}'
    folders = one(tmp_path, "mlqa", gold, mine, "de")
    one(tmp_path, "xquad", gold, mine, "de")
    assert only(folders, "mlqa", "de") == {"exact_match": 100.0, "f1": 100.0}
    assert only(folders, "xquad", "de") == pytest.approx({"exact_match": 0.0, "f1": 200 / 3})


def test_a_query_without_a_ranking_counts_zero(tmp_path):
    folders = one(tmp_path, "mewslix", '{"m1": ["Q1"], "m2": ["Q2"]}', '{"m2": ["Q7", "Q2"]}')
    assert only(folders, "mewslix", benchmark="xtreme-r") == {"map@20": 25.0}
