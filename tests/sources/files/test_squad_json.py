"""SQuAD's layout: which corpus, language and split a file is, and which of its questions can be used."""

import json

import pytest

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.files.squad_json import read_squad
from xtransfer_stats.sources.source import ASTRAY, Answer

ID = "56be4db0acb8001400a502e{}"  # SQuAD's form: 24 hexadecimal digits
SHA = "b6fc947411e98316fd0790477c4dc3bd97f4df4{}"  # MLQA's: 40
CONTEXT = "Oslo 1. Bergen 2."  # too few letters to tell a script


def qa(key, text="Oslo", start=0, **more):
    answers = [] if text is None else [{"text": text, "answer_start": start}]
    return {"id": key, "question": f"Which {key}?", "answers": answers, **more}


def write(path, qas, context=CONTEXT, **top):
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**top, "data": [{"title": "Cities", "paragraphs": [{"context": context, "qas": qas}]}]}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def only(path):
    (found,) = read_squad(path)
    return found


@pytest.mark.parametrize(
    ("name", "key", "top", "expected"),
    [
        ("squad/train-v1.1.json", ID, {"version": "1.1"}, ("squad1", "en", "train", "")),
        ("dev-v1.1.json", ID, {}, ("squad1", "en", "dev", "")),
        ("xquad.de.json", ID, {"version": "1.1"}, ("xquad", "de", "test", "")),
        ("xquad/dev/en.json", ID, {}, ("xquad", "en", "test", "")),
        ("dev/my-test-questions/part-v1.1.json", ID, {}, ("squad1", "en", "dev", "")),
        ("labels/xquad/test-en.json", ID, {}, ("xquad", "en", "test", "")),
        ("xquad.iw.json", ID, {}, ("xquad", "he", "test", "")),
        ("de.json", ID, {}, ("xquad", "de", "test", "")),  # SQuAD is English
        ("squad.translate.train.en-de.json", ID, {}, ("squad1", "de", "train", "")),
        ("dev-context-de-question-en.json", SHA, {"version": 1.0}, ("mlqa", "de", "dev", "en")),
        ("mlqa/test-zh.json", SHA, {}, ("mlqa", "zh", "test", "zh")),
        ("tydiqa.goldp.ko.train.json", "{}", {"version": "TyDiQA-GoldP-1.1-for-SQuAD-1.1"},
         ("tydiqa", "ko", "train", "")),
        ("tydiqa.goldp.ko.dev.json", "korean-354{}", {}, ("tydiqa", "ko", "dev", "")),
        ("tydiqa.goldp.fi.train.json", "{}", {}, ("tydiqa", "fi", "train", "")),
    ],
)  # fmt: skip
def test_content_and_name_tell_corpus_language_and_split(tmp_path, name, key, top, expected):
    found = only(write(tmp_path / name, [qa(key.format(1)), qa(key.format(2), "Bergen", 8)], **top))
    assert (found.task, found.language, found.split, found.question_language) == expected
    assert (found.examples, found.labelled, found.problems) == (2, True, ())


def test_impossible_questions_are_usable_and_their_plausible_answers_are_none(tmp_path):
    plausible = {"plausible_answers": [{"text": "Bergen", "answer_start": 8}]}
    qas = [qa(ID.format(1), is_impossible=False), qa(ID.format(2), None, is_impossible=True, **plausible)]
    found = only(write(tmp_path / "dev-v2.0.json", qas, version="v2.0"))
    assert (found.task, found.examples, found.labelled, found.problems) == ("squad2", 2, True, ())
    assert [example.answers for example in found.read().examples] == [(Answer("Oslo", 0),), ()]


def test_a_name_that_claims_another_corpus_is_told(tmp_path):
    qas = [qa(ID.format(1), is_impossible=False), qa(ID.format(2), None, is_impossible=True)]
    found = only(write(tmp_path / "train-v1.1.json", qas))
    assert found.task == "squad2"
    assert found.problems == ("holds SQuAD v2.0 questions (1 without answer) under a SQuAD v1.1 name",)
    other = only(write(tmp_path / "xquad.de.json", [qa(SHA.format(1))]))
    assert (other.task, other.problems[0]) == ("mlqa", "holds MLQA questions under a XQuAD name")


def test_stripped_answers_leave_the_file_unlabelled(tmp_path):
    found = only(write(tmp_path / "tydiqa.goldp.en.dev.json", [qa(f"english-{n}", "") for n in range(3)]))
    assert (found.examples, found.labelled) == (3, False)
    made = found.read()
    assert made.unlabelled == 3
    assert {example.answers for example in made.examples} == {()}
    assert "3 questions without a gold answer" in found.problems[0]


def test_a_question_without_gold_beside_others_does_not_pass_for_unanswerable(tmp_path):
    found = only(write(tmp_path / "train-v1.1.json", [qa(ID.format(1)), qa(ID.format(2), "")]))
    assert (found.examples, found.labelled) == (1, True)
    assert found.problems == ("1 question without a gold answer: dropped",)


def test_a_byte_order_mark_inside_a_context_counts_and_wrong_offsets_are_told(tmp_path):
    context = "\ufeffNarvik \U0001f600 lies north."  # a character beyond the basic plane is one code point
    qas = [
        qa(ID.format(1), "Narvik", 1),
        qa(ID.format(2), "north", 15),
        qa(ID.format(3), "Narvik", 0),
        qa(ID.format(4), "north", -6),
    ]
    found = only(write(tmp_path / "xquad.en.json", qas, context))
    answers = [example.answers for example in found.read().examples]
    assert [one.start for (one,) in answers] == [1, 15, ASTRAY, ASTRAY]
    assert [one.text for (one,) in answers] == ["Narvik", "north", "Narvik", "north"]  # still right when scored
    assert found.problems == (
        "2 answers do not stand in the context at the offset, scored by text alone; "
        "2 questions have no other and cannot be trained on",
    )


def test_one_wrong_offset_beside_a_right_one_costs_no_question(tmp_path):
    question = {**qa(ID.format(1)), "answers": [{"text": "Oslo", "answer_start": n} for n in (3, 0)]}
    found = only(write(tmp_path / "dev-v1.1.json", [question]))
    assert found.read().examples[0].answers == (Answer("Oslo", ASTRAY), Answer("Oslo", 0))
    assert "0 questions have no other" in found.problems[0]


def test_repeated_ids_are_kept_apart_by_position(tmp_path):
    content = {
        "version": "TyDiQA-GoldP-1.1-for-SQuAD-1.1",
        "data": [
            {"paragraphs": [{"context": CONTEXT, "qas": [qa("0"), qa("1")]}]},
            {"paragraphs": [{"context": "Oslo again.", "qas": [qa("0")]}, {"context": CONTEXT, "qas": [qa("7")]}]},
        ],
    }
    path = tmp_path / "tydiqa.goldp.en.train.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    found = only(path)
    examples = found.read().examples
    assert [example.id for example in examples] == ["0@1", "1", "0@3", "7"]
    assert [example.paragraph for example in examples] == ["0@1", "0@1", "0@3", "0@1"]  # clusters by context
    assert "2 questions share an id" in found.problems[0]


def test_the_joint_release_of_tydiqa_is_one_row_a_language(tmp_path):
    qas = [qa("finnish-1"), qa("arabic-1"), qa("finnish-2", "Bergen", 8)]
    rows = read_squad(write(tmp_path / "tydiqa-goldp-v1.1-train.json", qas))
    assert [(row.language, row.split, row.examples) for row in rows] == [("ar", "train", 1), ("fi", "train", 2)]
    assert [example.id for example in rows[1].read().examples] == ["finnish-1", "finnish-2"]


def test_ids_of_another_language_than_the_name_are_told(tmp_path):
    found = only(write(tmp_path / "tydiqa.goldp.en.dev.json", [qa("korean-1")]))
    assert found.language == "ko"
    assert "'ko', as their ids say, under a name that says 'en'" in found.problems[0]


def test_squad_under_the_name_of_another_language_is_told(tmp_path):
    found = only(write(tmp_path / "squad_v1.1_train_de.json", [qa(ID.format(1))]))
    assert (found.task, found.language, found.split) == ("squad1", "de", "train")
    assert found.problems == ("SQuAD is English, the name says de: taken as a translation into de",)


def test_xquad_r_without_its_sentences_is_xquad(tmp_path):
    found = only(write(tmp_path / "xquad-r" / "en.json", [qa(ID.format(1))]))
    assert (found.task, found.problems) == ("xquad", ("holds XQuAD questions under a XQuAD-R name",))


def test_machine_translated_test_data_are_no_part_of_a_benchmark(tmp_path):
    found = only(write(tmp_path / "xquad.translate.test.de-en.json", [qa(ID.format(1))]))
    assert (found.task, found.problems) == (
        "",
        ("the name speaks of a machine translation: not part of the benchmarks",),
    )


def test_what_nothing_tells_stays_empty_and_is_said(tmp_path):
    found = only(write(tmp_path / "questions.json", [qa("some-id")]))
    assert (found.task, found.language, found.split) == ("", "", "")
    assert [problem.rpartition(" ")[2] for problem in found.problems] == ["corpus", "language", "split"]


def test_a_text_in_another_script_than_the_name_says_is_told(tmp_path):
    found = only(write(tmp_path / "xquad.ru.json", [qa(ID.format(1))], "Oslo is a city. Bergen is another."))
    assert found.problems == ("the name says 'ru', but the text is in Latin letters",)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"data": []}',
        '{"data": [{"paragraphs": [1]}]}',
        '{"data": [{"paragraphs": null}]}',
        '{"data": [{"context": "flat"}]}',
        '{"id": "answer"}',
        '{"data": {}}',
    ],
)
def test_other_json_is_not_its_format(tmp_path, content):
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    assert read_squad(tmp_path / "x.json") is None


def test_a_layout_that_breaks_off_is_a_problem_not_a_crash(tmp_path):
    found = only(write(tmp_path / "dev-v1.1.json", [{"question": "no id"}]))
    assert (found.examples, found.labelled, found.read) == (0, False, None)
    assert "'id'" in found.problems[0]


def test_a_file_that_changed_since_is_refused(tmp_path):
    path = write(tmp_path / "dev-v1.1.json", [qa(ID.format(1))])
    found = only(path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"dev-v1\.1\.json.*changed"):
        found.read()
