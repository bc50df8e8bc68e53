"""Rows -> examples, by family."""

import pytest

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.schemas.read import read_rows, recognise
from xtransfer_stats.sources.schemas.schema import Hints
from xtransfer_stats.sources.source import ASTRAY, Answer
from xtransfer_stats.tasks.task import Family

PAIR = {"sentence1": "a", "sentence2": "b"}
COPA = {"premise": "It rained.", "choice1": "x", "choice2": "y", "question": "cause", "label": 1}
QA = {"context": "c", "question": "q"}
SIQA = {**QA, "answerA": "a", "answerB": "b", "answerC": "c"}
COSMOS = {**QA, "answer0": "a", "answer1": "b", "answer2": "c", "answer3": "d"}
SPAN = {"id": "1", **QA, "context": "\ufeffIn Rome.", "answers": {"text": ["Rome"], "answer_start": [4]}}
LETTERED = {"label": ["A", "B"], "text": ["a", "b"]}
CSQA = {"id": "1", "question": {"stem": "q", "choices": [{"label": "A", "text": "a"}, {"label": "B", "text": "b"}]}}


@pytest.mark.parametrize(
    ("row", "task"),
    [
        ({**PAIR, "gold_label": "neutral", "captionID": "1"}, "snli"),
        ({**PAIR, "gold_label": "neutral", "genre": "fiction"}, "mnli"),
        ({**PAIR, "genre": "fiction", "promptID": "1"}, "mnli"),
        ({**PAIR, "gold_label": "neutral", "genre": "fiction", "language": "sw"}, "xnli"),
        ({"premise": "a", "hypo": "b", "label": "neutral"}, "xnli"),
        ({"uid": "1", "context": "a", "hypothesis": "b", "label": "e"}, "anli"),
        ({"uid": "1", "context": "a", "statement": "b", "gold_label": "e"}, "anli"),
        ({"uid": "1", "premise": "a", "hypothesis": "b", "label": 0, "reason": ""}, "anli"),
        ({"premise": "a", "hypothesis": "b", "label": 0}, ""),
        ({"id": 1, **PAIR, "label": 1}, "pawsx"),
        ({"question1": "a", "question2": "b"}, "qqp"),
        ({"ctx": "a", "endings": ["b", "c"], "label": ""}, "hellaswag"),
        ({**COSMOS, "label": "1"}, "cosmosqa"),
        ({**SIQA, "label": "1"}, "siqa"),
        ({"question": "q", "question_concept": "c", "choices": LETTERED, "answerKey": "A"}, "commonsenseqa"),
        (CSQA, "commonsenseqa"),
        ({**COPA, "idx": 0}, "copa"),
        ({**COPA, "idx": 0, "changed": False}, "xcopa"),
        ({"tokens": ["a"], "ner_tags": [0], "langs": ["en"]}, "panx"),
        ({"tokens": ["a"], "upos": ["NOUN"]}, "udpos"),
        (SPAN, ""),
        ({**SPAN, "id": "0" * 40}, "mlqa"),
        ({**SPAN, "id": "finnish-123-0"}, "tydiqa"),
        ({**SPAN, "answers": {"text": [], "answer_start": []}}, "squad2"),
    ],
)
def test_columns_and_values_give_a_release_away(row, task):
    schema = recognise(row.keys(), [row])
    assert schema is not None
    assert schema.task == task


@pytest.mark.parametrize(
    "row",
    [{"id": 1, **PAIR, "label": "yes"}, {"tokens": [], "pos_tags": [], "chunk_tags": []}, {"language": "de", "f1": 1}],
)
def test_other_rows_are_not_recognised(row):
    assert recognise(row.keys(), [row]) is None


def test_a_format_that_a_family_does_not_know_names_found_and_needed_columns():
    with pytest.raises(DataError, match=r"columns a, b.*choice1 \+ choice2.*`columns`"):
        read_rows([{"a": 1, "b": 2}], Family.MULTIPLE_CHOICE, Hints())
    with pytest.raises(DataError, match="original layout"):
        read_rows([{"a": 1}], Family.ENTITY_RETRIEVAL, Hints())


def test_named_columns_outrank_the_look_of_the_others():
    rows = [{"id": 1, **PAIR, "stars": 1, "label": 0}]
    hints = Hints(columns={"text": "sentence1", "pair": "sentence2", "label": "stars"}, names=("bad", "good"))
    portion = read_rows(rows, Family.CLASSIFICATION, hints)
    assert portion.labels == ("bad", "good")
    assert (portion.examples[0].text, portion.examples[0].pair, portion.examples[0].label) == ("a", "b", "good")


def test_a_named_column_that_is_not_there_is_an_error():
    with pytest.raises(DataError, match=r"label = 'gold'.*id, sentence1, sentence2"):
        read_rows([{"id": 1, **PAIR}], Family.CLASSIFICATION, Hints(columns={"label": "gold"}))


def test_the_label_set_is_the_catalogues_where_it_has_one():
    rows = [{"premise": "a", "hypothesis": "b", "label": "c"}]
    labels = ("contradiction", "entailment", "neutral")
    assert read_rows(rows, Family.CLASSIFICATION, Hints(labels=labels)).labels == labels
    assert read_rows(rows, Family.CLASSIFICATION, Hints()).labels[0] == "entailment"


def test_a_test_set_of_minus_ones_is_kept_as_unlabelled():
    rows = [{"premise": "a", "hypothesis": "b", "label": -1}] * 3
    portion = read_rows(rows, Family.CLASSIFICATION, Hints(names=("entailment", "neutral", "contradiction")))
    assert (len(portion.examples), portion.unlabelled, portion.problems) == (3, 3, ())


@pytest.mark.parametrize(
    ("row", "prompt", "label"),
    [
        (COPA, "It rained. What was the cause?", 1),
        ({**COPA, "question": "effect"}, "It rained. What happened as a result?", 1),
        ({**SIQA, "correct": "C"}, "c q", 2),
        ({**SIQA, "label": "3"}, "c q", 2),
        ({**COSMOS, "label": "3"}, "c q", 3),
        ({**COSMOS, "label": -1}, "c q", None),
        ({"ctx_a": "[header] A", "ctx_b": "", "endings": ["a", "b"], "label": "1"}, "[header] A", 1),
        ({**CSQA, "answerKey": "B"}, "q", 1),
    ],
)
def test_a_prompt_joins_context_and_question(row, prompt, label):
    (example,) = read_rows([row], Family.MULTIPLE_CHOICE, Hints()).examples
    assert (example.prompt, example.label) == (prompt, label)


def test_rows_that_cannot_be_used_are_counted_by_reason():
    rows = [COPA, {**COPA, "question": "why"}, {**COPA, "choice2": ""}, {**COPA, "choice2": " "}, {**COPA, "label": 2}]
    portion = read_rows(rows, Family.MULTIPLE_CHOICE, Hints())
    assert len(portion.examples) == 1
    assert portion.problems == (
        "1 row with question 'why', which is not cause or effect: dropped",
        "2 rows without text in choice2: dropped",
        "1 row with label '2', which names none of 2 choices: dropped",
    )


@pytest.mark.parametrize("question", [{"stem": "q"}, {"stem": "q", "choices": [3]}, "q", None])
def test_a_row_of_another_shape_is_counted(question):
    rows = [{**CSQA, "answerKey": "A"}] * 50 + [{**CSQA, "question": question, "answerKey": "A"}]
    portion = read_rows(rows, Family.MULTIPLE_CHOICE, Hints())
    assert len(portion.examples) == 50
    assert portion.problems == ("1 row of another shape than the format has: dropped",)


def test_integer_tags_need_their_names():
    rows = [{"tokens": ["Ade", "wa"], "ner_tags": [1, 0], "langs": ["yo", "yo"]}]
    portion = read_rows(rows, Family.TAGGING, Hints(names=("O", "B-PER")))
    assert (portion.examples[0].tags, portion.labels) == (("B-PER", "O"), ("O", "B-PER"))
    with pytest.raises(DataError, match=r"tag 1.*names"):
        read_rows(rows, Family.TAGGING, Hints())


def test_fused_forms_without_a_tag_are_left_out_and_uneven_rows_dropped():
    rows = [{"tokens": ["im", "in", "dem"], "upos": ["_", "ADP", "DET"]}, {"tokens": ["a"], "upos": ["X", "X"]}]
    portion = read_rows(rows, Family.TAGGING, Hints())
    assert portion.examples[0].tokens == ("in", "dem")
    assert portion.problems == ("1 row with another number of tags than of tokens: dropped",)


def test_offsets_count_code_points_and_a_mark_at_the_front_counts():
    (question,) = read_rows([SPAN], Family.SPAN_QA, Hints()).examples
    assert question.answers == (Answer("Rome", 4),)


def test_answers_of_a_stripped_test_are_no_gold():
    rows = [{**SPAN, "answers": {"text": [""], "answer_start": [0]}}] * 2
    portion = read_rows(rows, Family.SPAN_QA, Hints())
    assert (len(portion.examples), portion.unlabelled) == (2, 2)


def test_misplaced_answers_are_kept_for_scoring_and_none_makes_a_question_unanswerable():
    misplaced = {**SPAN, "answers": [{"text": "Rome", "answer_start": 3}]}
    none = {**SPAN, "answers": {"text": [], "answer_start": []}}
    portion = read_rows([misplaced, none, SPAN], Family.SPAN_QA, Hints())
    assert [[answer.start for answer in question.answers] for question in portion.examples] == [[ASTRAY], [], [4]]
    assert portion.examples[0].paragraph == portion.examples[1].paragraph
    assert "1 question has no other and cannot be trained on" in portion.problems[0]


@pytest.mark.parametrize("languages", [("swh", "eng"), ("eng", "swh")])
def test_the_foreign_sentence_asks_whichever_side_it_stands_on(languages):
    texts = {"swh": "moja", "eng": "one"}
    row = {"source_lang": languages[0], "target_lang": languages[1]}
    row |= {"source_sentence": texts[languages[0]], "target_sentence": texts[languages[1]]}
    portion = read_rows([row], Family.SENTENCE_RETRIEVAL, Hints(language="sw"))
    assert (portion.examples[0].passage.text, portion.candidates[0].text) == ("moja", "one")
    assert portion.examples[0].gold == (portion.candidates[0].id,)


def test_gold_pairs_of_bucc_are_told_from_the_whole_task():
    row = {"source_sentence": "eins", "target_sentence": "one", "source_lang": "de", "target_lang": "en"}
    portion = read_rows([row], Family.BITEXT_MINING, Hints(language="de"))
    assert "easier task" in portion.problems[0]
