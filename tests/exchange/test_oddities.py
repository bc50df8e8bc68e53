"""What is said beside figures that stay as they are; what is refused; the two rules for plain tags."""

import json
import os

import pytest
from tests.exchange.layout import CONTENT, needs_shared, one, path_of, squad, written
from tests.places import REAL_DATA, beside

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.leaderboard import score_benchmark
from xtransfer_stats.metrics.span_f1 import seqeval_0_0_12, span_scores


def scored(folders, task, language="de", benchmark="xtreme"):
    """The metrics of one file, and the notes."""
    board = score_benchmark(*folders, benchmark)
    return board.plain()["tasks"][task]["languages"][language], " ".join(board.notes)


def objects(values):
    return "".join(json.dumps({"label": value}) + "\n" for value in values)


@pytest.mark.parametrize("forms", [("jsonl", "jsonl"), ("jsonl", "tsv"), ("tsv", "jsonl")])
def test_xcopas_leaderboard_files_have_an_object_a_row(tmp_path, forms):
    gold, mine = [1, 1, 0, 1], [0, 1, 0, 1]
    for folder, values, form in zip(("labels", "predictions"), (gold, mine), forms, strict=True):
        text = objects(values) if form == "jsonl" else "".join(f"{value}\n" for value in values)
        path = path_of(tmp_path / folder, "xcopa", "et").with_suffix(f".{form}")
        path.parent.mkdir(parents=True)
        path.write_text(text)
    folders = tmp_path / "predictions", tmp_path / "labels"
    assert scored(folders, "xcopa", "et", "xtreme-r") == ({"accuracy": 75.0}, "")


@pytest.mark.parametrize("line", ['{"lable": 1}', "1 2", '{"label": null}', '{"label": true}', "[" * 100_000])
def test_a_row_without_a_label_is_refused_by_its_line(tmp_path, line):
    folders = one(tmp_path, "xcopa", "0\n1\n", "", "et")
    (folders[0] / "xcopa" / "test-et.tsv").unlink()
    (folders[0] / "xcopa" / "test-et.jsonl").write_text('{"label": 1}\n' + line)
    with pytest.raises(DataError, match=r"test-et.jsonl: line 2"):
        score_benchmark(*folders, "xtreme-r")
    (folders[0] / "xcopa" / "test-et.tsv").write_text("0\n1\n")
    with pytest.raises(DataError, match="two files of one language"):
        score_benchmark(*folders, "xtreme-r")


def test_stripped_xcopa_is_refused(tmp_path):
    folders = one(tmp_path, "xcopa", "0\n" * 10, "1\n" * 10, "et")
    with pytest.raises(DataError, match="all 10 rows hold the label '0': the file is unlabelled"):
        score_benchmark(*folders, "xtreme-r")


@pytest.mark.parametrize(
    ("task", "gold", "why"),
    [("panx", "O\nO\n\nO\n", "not one entity: all tags are O"), ("udpos", "X\n" * 9, "all tags are 'X'")],
)
def test_gold_without_any_entity_is_stripped(tmp_path, task, gold, why):
    with pytest.raises(DataError, match=rf"{why}: the file is unlabelled; give the gold labels"):
        score_benchmark(*one(tmp_path, task, gold, gold, "de"), "xtreme")


def test_values_that_the_gold_never_has_are_said(tmp_path):
    gold, mine = "entailment\nneutral\ncontradiction\n", "entailment\nneutral\ncontradictory\n"
    figures, notes = scored(one(tmp_path, "xnli", gold, mine, "de"), "xnli")
    assert figures == {"accuracy": pytest.approx(200 / 3)}
    assert "1 of 3 predictions hold values that the gold file never has: 'contradictory' (1)" in notes
    tags = scored(one(tmp_path / "t", "panx", "B-PER\nI-PER\n", "PER\nI-PER\n", "de"), "panx")[1]
    assert "'PER' (1)" in tags
    # A gold file need not have all labels of its task.
    assert scored(one(tmp_path / "l", "panx", "B-PER\n", "B-LOC\n", "de"), "panx")[1] == ""


@pytest.mark.parametrize(("first", "count"), [(1, 12), (1, 11)])
def test_numbers_counted_from_1_are_said(tmp_path, first, count):
    gold = "".join(f"{n}\n" for n in range(count))
    mine = "".join(f"{first + n}\n" for n in range(count))
    figures, notes = scored(one(tmp_path, "tatoeba", gold, mine, "de"), "tatoeba")
    assert figures == {"accuracy": 0.0}
    assert "seem to be counted from 1, and the leaderboard counts from 0" in notes
    arabic = scored(one(tmp_path / "a", "tatoeba", "0\n1\n", "\u0660\n1\n", "de"), "tatoeba")[1]
    assert "1 of 2 predictions are no number from 0 to 1" in arabic
    right = scored(one(tmp_path / "r", "tatoeba", gold, gold, "de"), "tatoeba")
    assert right == ({"accuracy": 100.0}, "")


def test_choices_counted_from_1_are_said(tmp_path):
    figures, notes = scored(one(tmp_path, "xcopa", "0\n1\n0\n1\n", "1\n2\n1\n2\n", "et"), "xcopa", "et", "xtreme-r")
    assert figures == {"accuracy": 0.0}
    assert "counted from 1" in notes
    assert "'2' (2)" in notes


def test_pairs_and_candidates_of_other_ids_are_said(tmp_path):
    gold = "de-1\ten-1\nde-2\ten-2\n"
    assert (
        "English sentence first" in scored(one(tmp_path / "a", "bucc2018", gold, "en-1\tde-1\n", "de"), "bucc2018")[1]
    )
    assert "none of the ids" in scored(one(tmp_path / "b", "bucc2018", gold, "1\t1\n", "de"), "bucc2018")[1]
    folders = one(tmp_path / "c", "mewslix", '{"m1": ["Q1"]}', '{"m1": ["1", "2"]}', "de")
    assert "none of the candidates, such as '1', is right" in scored(folders, "mewslix", "de", "xtreme-r")[1]


def test_files_of_no_language_of_the_benchmark_are_said(tmp_path):
    folders = one(tmp_path, "xnli", *CONTENT["xnli"][:2], "de")
    written(folders[0], "xnli", "xx", "neutral\n")
    (folders[0] / "xnli" / "de.tsv").write_text("neutral\n")
    (folders[0] / "nonsense").mkdir()
    figures, notes = scored(folders, "xnli")
    assert figures == {"accuracy": 50.0}
    assert "of no task or language of xtreme: nonsense, xnli/de.tsv, xnli/test-xx.tsv" in notes


# seqeval's two rules for plain tags.


@pytest.mark.parametrize(
    ("gold", "mine", "newer", "older"),
    [
        (["SCONJ"], ["CCONJ"], 100.0, 0.0),  # of one type where the first letter is the prefix
        (["X"], ["NOUN"], 0.0, 0.0),
        (["NOUN", "X"], ["NOUN", "X"], 100.0, 100.0),
        (["NOUN", "X"], ["NOUN", "NOUN"], 0.0, 0.0),
        (["NOUN", "NOUN"], ["NOUN", "VERB"], 0.0, 0.0),  # a run of one tag is a span
        (["B-PER", "I-PER"], ["B-PER", "I-PER"], 100.0, 100.0),
        (["B-A-X"], ["B-B-X"], 0.0, 100.0),  # the type is what follows the last hyphen
    ],
)
def test_the_two_rules_cut_tags_differently(gold, mine, newer, older):
    assert span_scores([mine], [gold])["f1"] == newer
    assert span_scores([mine], [gold], seqeval_0_0_12)["f1"] == older


def test_plain_tags_have_both_figures_and_their_names(tmp_path):
    gold, mine = "SCONJ\nNOUN\n", "CCONJ\nNOUN\n"
    row = score_benchmark(*one(tmp_path, "udpos", gold, mine, "de"), "xtreme").plain()["tasks"]["udpos"]
    assert row["rule"] == "seqeval 1.x"
    assert row["languages"]["de"]["f1"] == 100.0
    assert row["seqeval 0.0.12"]["languages"]["de"]["f1"] == 50.0
    panx = score_benchmark(*one(tmp_path / "p", "panx", *CONTENT["panx"][:2], "de"), "xtreme").plain()
    assert "seqeval 0.0.12" not in panx["tasks"]["panx"]


@needs_shared
def test_the_mock_data_differ_by_rule_where_conjunctions_are_confused():
    mock = REAL_DATA / "xtreme_mock"
    row = score_benchmark(mock / "predictions", mock / "labels", "xtreme").plain()["tasks"]["udpos"]
    older = {code: values["f1"] for code, values in row["seqeval 0.0.12"]["languages"].items()}
    newer = {code: values["f1"] for code, values in row["languages"].items()}
    assert older.pop("de") == pytest.approx(82.05128205128206)
    assert newer.pop("de") == pytest.approx(81.57894736842105)
    assert older == pytest.approx(newer)


@needs_shared
def test_the_leaderboards_own_figures_are_those_of_the_older_rule():
    """Of google-research/xtreme's evaluate_test.py, on all languages of its mock data."""
    beside("real-data", "xtreme_mock", "labels", "udpos", "test-af.tsv")
    mock = REAL_DATA / "xtreme_mock"
    older = score_benchmark(mock / "predictions", mock / "labels", "xtreme").tasks["udpos"].by_older_rule
    assert older.means == pytest.approx(
        {"f1": 70.21746048354693, "precision": 71.02232625883823, "recall": 69.54982073976082}
    )


# What is no file to read.


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_only_regular_files_are_opened(tmp_path, kind):
    folders = one(tmp_path, "xnli", *CONTENT["xnli"][:2], "de")
    path = folders[0] / "xnli" / "test-de.tsv"
    path.unlink()
    os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
    with pytest.raises(DataError, match=r"test-de.tsv is not a regular file: pipes, devices"):
        score_benchmark(*folders, "xtreme")


def test_files_of_empty_lines_are_counted_and_refused(tmp_path):
    folders = one(tmp_path, "xnli", *CONTENT["xnli"][:2], "de")
    (folders[0] / "xnli" / "test-de.tsv").write_bytes(b"\n" * 1_000_000 + b"neutral\n")
    with pytest.raises(DataError, match="1000001 lines, where"):
        score_benchmark(*folders, "xtreme")


def test_a_file_beyond_any_leaderboards_size_is_not_opened(tmp_path):
    folders = one(tmp_path, "xnli", *CONTENT["xnli"][:2], "de")
    with open(folders[0] / "xnli" / "test-de.tsv", "r+b") as file:
        file.truncate(300 * 2**20)
    with pytest.raises(DataError, match=r"test-de.tsv has 300.0 MB, more than"):
        score_benchmark(*folders, "xtreme")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"q": ' * 100_000])
def test_predictions_nested_deep_are_named_by_place(tmp_path, text):
    folders = one(tmp_path, "xquad", squad([("q1", ["Rome"])]), text)
    with pytest.raises(DataError, match=r"xquad/test-en.json: nested more than 100 deep at line 1: write one JSON"):
        score_benchmark(*folders, "xtreme")


def test_an_id_with_two_answers_is_refused(tmp_path):
    folders = one(tmp_path, "xquad", squad([("q1", ["Rome"])]), '{"q1": "Rome", "q1": "Oslo"}')
    with pytest.raises(DataError, match="'q1' stands twice, with different values: give each id once"):
        score_benchmark(*folders, "xtreme")


def test_a_name_that_the_system_cannot_hold_is_named(tmp_path):
    with pytest.raises(DataError, match="a part of the path has 300 characters"):
        score_benchmark(tmp_path / ("a" * 300), tmp_path, "xtreme")


CASES = [("k11-xcopa-leaderboard", "pred", "gold", "xcopa", "et", 90.0, ""),
         ("k13-no-common-values", "a/pred", "a/gold", "xnli", "de", 200 / 3, "'contradictory' (4)"),
         ("k13-no-common-values", "c/pred", "c/gold", "tatoeba", "de", 0.0, "counted from 1")]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_shared_cases_are_scored_with_their_notes(case):
    name, mine, gold, task, language, right, note = case
    folder = beside("cases", "data", name)
    benchmark = "xtreme-r" if task == "xcopa" else "xtreme"
    figures, notes = scored((folder / mine, folder / gold), task, language, benchmark)
    assert figures == {"accuracy": pytest.approx(right)}
    assert note in notes
