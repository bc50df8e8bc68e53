"""JSON rows: lines, lists, labels beside the file, and what is said of odd ones."""

import json

import pytest

from xtransfer_stats.sources.files.textrows import read_json_rows


def lines(*rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)  # no final newline


def copa(label, **more):
    return {"premise": "It rained.", "choice1": "a", "choice2": "b", "question": "effect", "label": label, **more}


SIQA = {"context": "Kim left.", "question": "Why?", "answerA": "a", "answerB": "b", "answerC": "c"}
SNLI = {"sentence1": "A man.", "sentence2": "A dog.", "captionID": "1.jpg#0", "pairID": "1.jpg#0r1n"}
XNLI = {"sentence1": "A", "sentence2": "B", "gold_label": "neutral", "pairID": "1"}


def test_a_file_without_a_final_newline_keeps_its_last_row(place):
    (found,) = read_json_rows(place("test.th.jsonl", lines(copa(0, changed=False), copa(1, changed=True))))
    assert (found.task, found.language, found.split, found.examples, found.labelled) == ("xcopa", "th", "test", 2, True)
    assert [example.label for example in found.read().examples] == [0, 1]


def test_a_list_of_rows_is_read_as_lines_are(place):
    (found,) = read_json_rows(place("val.json", json.dumps([copa(0), copa(1)], indent=1)))
    assert (found.task, found.language, found.split, found.examples) == ("copa", "en", "dev", 2)


@pytest.mark.parametrize("content", ["", "[1, 2]", '{"data": []}', "no json", '{"version": "1.1",\n"data": []}'])
def test_other_json_is_not_taken(place, content):
    assert read_json_rows(place("dev.json", content)) is None


def test_line_separators_of_unicode_do_not_end_a_row(place):
    row = copa(1, premise="one\u2028two")
    (found,) = read_json_rows(place("val.jsonl", lines(row) + "\r\n"))
    assert found.read().examples[0].prompt.startswith("one\u2028two")


def test_a_label_that_never_changes_in_a_test_set_is_no_label(place):
    (found,) = read_json_rows(place("test.jsonl", lines(*[copa(0)] * 8)))
    assert (found.examples, found.labelled) == (8, False)
    assert found.read().unlabelled == 8 and found.read().examples[0].label is None
    assert found.problems == ("the label is 0 in every row: a stripped test set", "no labels: cannot be scored")


@pytest.mark.parametrize(("name", "rows"), [("test.jsonl", 7), ("val.jsonl", 8)])
def test_few_equal_labels_or_those_of_another_split_are_left_alone(place, name, rows):
    (found,) = read_json_rows(place(name, lines(*[copa(0)] * rows)))
    assert found.labelled


def test_the_labels_of_social_iqa_may_stand_beside_it(place):
    place("dev-labels.lst", "3\n1\n")
    (found,) = read_json_rows(place("dev.jsonl", lines(SIQA, SIQA)))
    assert found.labelled and [example.label for example in found.read().examples] == [2, 0]


def test_a_list_of_labels_of_another_length_is_left_out_and_named(place):
    place("dev-labels.lst", "3\n")
    (found,) = read_json_rows(place("dev.jsonl", lines(SIQA, SIQA)))
    assert not found.labelled
    assert "dev-labels.lst has 1 labels for 2 rows: left out" in found.problems


def test_rows_without_a_majority_are_dropped_and_counted(place):
    rows = [{**SNLI, "gold_label": label} for label in ("neutral", "-", "entailment")]
    (found,) = read_json_rows(place("snli_1.0_dev.jsonl", lines(*rows)))
    assert (found.task, found.examples, found.problems) == ("snli", 2, ("1 row without a gold label: dropped",))


def test_a_broken_line_is_dropped_and_counted(place):
    (found,) = read_json_rows(place("train.jsonl", lines(copa(0), copa(1)) + '\n{"premise": "cut'))
    assert (found.examples, found.problems) == (2, ("1 row without a JSON object: dropped",))


def test_several_languages_give_one_entry_each(place):
    rows = [{**XNLI, "language": code} for code in ("de", "sw", "de")]
    found = read_json_rows(place("xnli.test.jsonl", lines(*rows)))
    assert [(one.language, one.examples) for one in found] == [("de", 2), ("sw", 1)]
    assert [len(one.read().examples) for one in found] == [2, 1]


def test_rows_of_another_language_than_the_name_are_translations_into_it(place):
    (found,) = read_json_rows(place("xnli.dev.en.jsonl", lines({**XNLI, "language": "ar"}, {**XNLI, "language": "bg"})))
    assert (found.language, found.examples, found.format) == ("en", 2, "jsonl, translated")
    assert found.problems == ("the rows say ar, bg, the name en: taken as translations into en",)


def test_a_file_that_is_not_what_its_name_says_is_named_by_its_content(place):
    (found,) = read_json_rows(place("mnli_dev.jsonl", lines({**SNLI, "gold_label": "neutral"})))
    assert (found.task, found.problems) == ("snli", ("the name says mnli, the content is snli",))


def test_the_split_that_the_rows_tell_outranks_the_name(place):
    row = {"ind": 1, "ctx": "A man", "endings": ["a", "b", "c", "d"], "label": 2, "split": "val"}
    (found,) = read_json_rows(place("hellaswag_train.jsonl", lines(row)))
    assert (found.split, found.problems) == ("dev", ("the name says train, the rows say dev",))


def test_integer_labels_without_names_make_no_examples(place):
    (found,) = read_json_rows(place("snli_dev.jsonl", lines({"premise": "a", "hypothesis": "b", "label": 1})))
    assert (found.task, found.examples, found.labelled) == ("snli", 0, False)
    assert "names" in found.problems[0]


def test_what_nothing_tells_stays_open_and_is_said(place):
    rows = [{"premise": "a", "hypothesis": "b", "label": "neutral"}]
    (found,) = read_json_rows(place("rows.jsonl", lines(*rows)))
    assert (found.task, found.language, found.split, found.examples) == ("", "", "", 1)
    assert found.problems == (
        "the columns are those of xnli or mnli or snli or anli, and no name says which: name the file or its folder "
        "after the corpus",
        "neither the rows nor the names tell the language",
        "neither the rows nor the names tell the split",
    )


def test_rows_without_a_language_are_no_translations(place):
    (found,) = read_json_rows(place("xnli.test.jsonl", lines({**XNLI, "language": ""})))
    assert (found.language, found.format) == ("", "jsonl")
