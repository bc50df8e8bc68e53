"""XQuAD-R: sentences of every language as candidates, the right ones found in the files beside."""

import json

from xtransfer_stats.sources.files.lareqa import LANGUAGES, read_lareqa
from xtransfer_stats.sources.files.squad_json import read_squad


def paragraph(sentences, *questions):
    """Sentences joined by a space; a question is (id, text of the answer, start)."""
    breaks, start = [], 0
    for sentence in sentences:
        breaks.append([start, start + len(sentence)])
        start += len(sentence) + 1
    qas = [question(*each) for each in questions]
    return {"context": " ".join(sentences), "sentences": sentences, "sentence_breaks": breaks, "qas": qas}


def question(key, text, start):
    return {"id": key, "question": f"{key}?", "answers": [{"text": text, "answer_start": start}]}


def write(path, *paragraphs):
    path.write_text(json.dumps({"version": "1.1", "data": [{"paragraphs": list(paragraphs)}]}), encoding="utf-8")
    return path


ENGLISH = (
    paragraph(["A b.", "C d."], ("q1", "A", 0), ("q2", "d", 7)),
    paragraph(["E f."], ("q3", "E", 0)),
)
# The German paragraph says it in one sentence, which therefore answers both questions.
GERMAN = (paragraph(["Ab cd."], ("q1", "Ab", 0), ("q2", "cd", 3)), paragraph(["X.", "Ef."], ("q3", "Ef", 3)))


def test_right_are_the_sentences_of_all_files_beside_it(tmp_path):
    write(tmp_path / "en.json", *ENGLISH)
    (found,) = read_lareqa(write(tmp_path / "de.json", *GERMAN))
    assert (found.task, found.language, found.split, found.examples, found.labelled) == (
        "lareqa", "de", "test", 3, True,
    )  # fmt: skip
    made = found.read()
    assert [passage.id for passage in made.candidates] == ["de_1_0", "de_2_0", "de_2_1"]
    assert {query.id: query.gold for query in made.examples} == {
        "q1": ("de_1_0", "en_1_0"),
        "q2": ("de_1_0", "en_1_1"),
        "q3": ("de_2_1", "en_2_0"),
    }


def test_files_of_all_languages_make_one_right_sentence_a_language(tmp_path):
    for language in LANGUAGES:
        write(tmp_path / f"xquad-r.{language}.json", *ENGLISH)
    (found,) = read_lareqa(tmp_path / "xquad-r.th.json")
    assert found.problems == ()
    assert len(LANGUAGES) == 11
    assert found.read().examples[1].gold == tuple(f"{language}_1_1" for language in LANGUAGES)


def test_missing_languages_are_named(tmp_path):
    (found,) = read_lareqa(write(tmp_path / "en.json", *ENGLISH))
    assert "ar, de, el, es, hi, ru, th, tr, vi, zh" in found.problems[0]


def test_stripped_answers_leave_it_unlabelled(tmp_path):
    (found,) = read_lareqa(write(tmp_path / "en.json", paragraph(["A b."], ("q1", "", 0))))
    assert (found.examples, found.labelled) == (1, False)
    assert found.read().unlabelled == 1


def test_an_answer_that_stands_elsewhere_is_dropped(tmp_path):
    (found,) = read_lareqa(write(tmp_path / "en.json", paragraph(["A b."], ("q1", "A", 0), ("q2", "b", 1))))
    assert (found.examples, found.labelled) == (1, True)
    assert found.problems[0].startswith("1 question whose answers")


def test_xquad_without_sentences_is_not_its_format_and_the_reverse(tmp_path):
    plain = {"context": "A b.", "qas": [question("q", "A", 0)]}
    assert read_lareqa(write(tmp_path / "xquad.en.json", plain)) is None
    assert read_squad(write(tmp_path / "en.json", *ENGLISH)) is None
