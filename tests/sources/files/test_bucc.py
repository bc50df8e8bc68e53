"""BUCC 2018: one row a pair of languages and split, and only pairs whose sentences are there count."""

import pytest

from xtransfer_stats.sources.files.bitext import read_bucc


def write(path, *rows):
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def sentences(folder, stem):
    write(folder / f"{stem}.de", ("de-1", "Eins."), ("de-2", "Zwei."), ("de-3", "Drei."))
    write(folder / f"{stem}.en", ("en-7", "Two."), ("en-8", "Eight."))


def about(found):
    return found.task, found.language, found.split, found.examples, found.labelled


def test_the_gold_file_stands_for_the_three(tmp_path):
    sentences(tmp_path, "de-en.dev")
    gold = write(tmp_path / "de-en.dev.gold", ("de-2", "en-7"), ("de-3", "en-9"))
    (found,) = read_bucc(gold)
    assert about(found) == ("bucc2018", "de", "dev", 1, True)
    assert found.problems == ("1 of 2 gold pairs with a sentence that is not in the files: dropped",)
    made = found.read()
    assert {query.id: query.gold for query in made.examples} == {"de-1": (), "de-2": ("en-7",), "de-3": ()}
    assert [(passage.id, passage.text) for passage in made.candidates] == [("en-7", "Two."), ("en-8", "Eight.")]
    assert read_bucc(tmp_path / "de-en.dev.de") == [] == read_bucc(tmp_path / "de-en.dev.en")


@pytest.mark.parametrize(("name", "split"), [("sample", "dev"), ("dev", "dev"), ("training", "test"), ("test", "test")])
def test_splits_are_xtremes(tmp_path, name, split):
    (found,) = read_bucc(write(tmp_path / f"ru-en.{name}.gold", ("ru-1", "en-1")))
    assert found.split == split


def test_gold_alone_scores_predictions_and_nothing_else(tmp_path):
    (found,) = read_bucc(write(tmp_path / "fr-en.dev.gold", ("fr-1", "en-1"), ("fr-2", "en-1")))
    assert about(found) == ("bucc2018", "fr", "dev", 2, True)
    assert "without the sentences: can only score predictions" in found.problems[0]
    assert found.read().examples == ()


def test_sentences_without_gold_are_unlabelled_at_the_foreign_side(tmp_path):
    sentences(tmp_path, "de-en.test")
    (found,) = read_bucc(tmp_path / "de-en.test.de")
    assert about(found) == ("bucc2018", "de", "test", 3, False)
    assert "unlabelled" in found.problems[0]
    assert read_bucc(tmp_path / "de-en.test.en") == []


def test_lines_of_another_form_are_counted(tmp_path):
    sentences(tmp_path, "de-en.dev")
    (found,) = read_bucc(write(tmp_path / "de-en.dev.gold", ("de-2", "en-7"), ("broken",)))
    assert found.examples == 1
    assert found.problems == ("1 line of de-en.dev.gold without two fields and a tab between them: dropped",)


@pytest.mark.parametrize("name", ["de-en.dev.fr", "es-en.dev.gold", "de-en.de", "gold.txt"])
def test_other_names_are_not_its_format(tmp_path, name):
    assert read_bucc(write(tmp_path / name, ("a", "b"))) is None
