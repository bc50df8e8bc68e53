"""Local copies as a source of examples."""

import json

import pytest
from tests.sources.files.test_layouts import CONLLU, written

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.sources.files import source as module
from xtransfer_stats.sources.files.choose import Wanted
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.source import FilesSource
from xtransfer_stats.sources.files.survey import survey
from xtransfer_stats.sources.registry import source_at
from xtransfer_stats.sources.source import Classification, Passage, Portion, Query
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.task import DataSet

PAIRS = "".join(f"First sentence {n}.\tSecond sentence {n}.\t{n % 2}\r\n" for n in range(20))
STRIPPED = "".join(f"Der erste Satz {n}.\tDer zweite Satz {n}.\r\n" for n in range(20))
TAGS = "Ada\tB-PER\nlebt\tO\n\nUlm\tB-LOC\n"


@pytest.fixture
def folder(tmp_path):
    """A small folder as XTREME's download leaves it, with one labelled test file."""
    root = tmp_path / "download"
    written(root, "pawsx/train-en.tsv", PAIRS)
    written(root, "pawsx/test-de.tsv", STRIPPED)
    written(root, "pawsx/test-fr.tsv", PAIRS)
    written(root, "panx/train-en.tsv", TAGS)
    written(root, "panx/dev-en.tsv", TAGS)
    written(root, "panx/test-de.tsv", TAGS)
    written(root, "labels/panx/test-de.tsv", "B-PER\nO\n\nB-LOC\n")
    return root


def test_a_folder_in_the_layout_of_xtreme_is_loaded_end_to_end(folder):
    source = source_at({"kind": "files", "directory": str(folder)})
    split = source.load("panx", "test", "de")
    assert [example.tokens for example in split.examples] == [("Ada", "lebt"), ("Ulm",)]
    assert split.labels == TARGET_TASKS["panx"].data.labels
    assert source.load("pawsx", "test", "fr").examples[1] == Classification(
        "1", "First sentence 1.", "1", "Second sentence 1."
    )
    assert source.languages("panx") == ("de",)
    assert source.languages("pawsx") == ("fr",)


def test_dev_is_held_back_from_train_whatever_the_limit(folder):
    source = FilesSource(folder)
    train, dev = source.load("pawsx", "train", "en").examples, source.load("pawsx", "dev", "en").examples
    assert (len(train), len(dev)) == (18, 2)
    assert not set(train) & set(dev)
    assert source.load("pawsx", "train", "en", 5).examples == train[:5]
    assert len(source.load("panx", "train", "en").examples) == 2  # it has a dev file


def test_an_unlabelled_file_is_refused_with_its_name(folder):
    source = FilesSource(folder)
    with pytest.raises(DataError, match=r"pawsx/test-de.tsv: unlabelled.*add the file with labels"):
        source.load("pawsx", "test", "de")
    assert "unlabelled" in source.blocked("pawsx", "test", "de")
    assert source.blocked("pawsx", "test", "fr") == ""


def test_what_lacks_is_named_with_what_would_give_it(folder):
    told = FilesSource(folder).blocked("xnli", "train", "en")
    assert "'xnli', train split, language 'en'" in told
    assert "lists as task xnli or mnli, split train, language en" in told


def test_two_formats_of_one_split_are_refused(folder):
    written(folder, "wikiann/de.tar.gz/test", "de:Ada\tB-PER\n")
    with pytest.raises(DataError, match="in several formats"):
        FilesSource(folder).load("panx", "test", "de")


def test_one_of_two_formats_that_are_released_together_is_read(tmp_path):
    row = {"gold_label": "neutral", "sentence1": "A man sleeps.", "sentence2": "A man dreams.", "pairID": "1"}
    written(tmp_path, "snli_1.0/snli_1.0_train.jsonl", json.dumps(row) + "\n")
    written(tmp_path, "snli_1.0/snli_1.0_train.txt", "\t".join(row) + "\n" + "\t".join(row.values()) + "\n")
    assert {found.task for found in survey(tmp_path)} == {"snli"}
    parts = Wanted("snli", DataSet(), "train", "en").files(survey(tmp_path))
    assert [found.path.suffix for found in parts] == [".jsonl"]


def test_treebanks_are_pooled_with_ids_of_their_own(tmp_path):
    written(tmp_path, "UD_German-GSD/de_gsd-ud-test.conllu", CONLLU)
    written(tmp_path, "UD_German-PUD/de_pud-ud-test.conllu", CONLLU)
    examples = FilesSource(tmp_path).load("udpos", "test", "de").examples
    assert [example.id for example in examples] == ["0", "1", "0#2", "1#2"]


def test_the_version_follows_the_data_set_and_what_lies_beside_it(folder):
    before = FilesSource(folder).fingerprint("panx")
    written(folder, "pawsx/train-en.tsv", PAIRS * 2)
    assert FilesSource(folder).fingerprint("panx") == before
    written(folder, "panx/README.md", "of another release")
    after = FilesSource(folder).fingerprint("panx")
    assert after != before
    written(folder, "panx/test-de.tsv", TAGS.replace("Ada", "Eva"))
    assert FilesSource(folder).fingerprint("panx") not in (before, after)


def test_labels_without_an_entry_are_those_of_the_english_training_data(tmp_path):
    written(tmp_path, "ccg/train.tsv", "He\tNP\nran\tS[dcl]\\NP\n")
    written(tmp_path, "ccg/dev.tsv", "She\tNP\ndid\tS[dcl]\\NP\n\nGo\tS[b]\\NP\n")
    source = FilesSource(tmp_path)
    expected = ("NP", "S[b]\\NP", "S[dcl]\\NP")
    assert source.load("ccg", "train", "en").labels == source.load("ccg", "dev", "en", 1).labels == expected


def test_no_folder_is_named_with_the_other_sources(tmp_path):
    with pytest.raises(RecipeError, match=r"source.name = .*no folder there: .* or embedded or hub"):
        FilesSource(tmp_path / "nowhere")


def surveyed(monkeypatch, tmp_path, *rows):
    """A source of rows that no file stands behind: (task, language, split, examples, question language)."""
    found = [
        FileRow(tmp_path / f"{place}", task, language, split, "made up", len(examples), True, (), questions,
              lambda examples=examples: Portion(tuple(examples), (Passage("p", "text", "en"),)))
        for place, (task, language, split, examples, questions) in enumerate(rows)
    ]  # fmt: skip
    monkeypatch.setattr(module, "survey", lambda directory: found)
    return FilesSource(tmp_path)


def pair(name):
    return Classification(name, "text", "neutral", "pair")


def test_parts_are_joined_in_the_order_of_the_catalogue(monkeypatch, tmp_path):
    parts = [(task, "en", "train", [pair(task)] * 2, "") for task in ("snli", "mnli", "anli")]
    source = surveyed(monkeypatch, tmp_path, *parts)
    assert source.load("anli_plus", "train", "en").examples[0].id == "anli"
    lacking = surveyed(monkeypatch, tmp_path, *parts[:2])
    assert "there is no file of anli: add it" in lacking.blocked("anli_plus", "train", "en")


def test_mnli_stands_in_for_the_training_data_of_xnli_alone(monkeypatch, tmp_path):
    mnli = [(("mnli"), "en", split, [pair("mnli")] * 2, "") for split in ("train", "dev")]
    xnli = ("xnli", "en", "dev", [pair("xnli")], "")
    source = surveyed(monkeypatch, tmp_path, *mnli, xnli)
    assert source.load("xnli", "train", "en").examples[0].id == "mnli"
    assert [example.id for example in source.load("xnli", "dev", "en").examples] == ["xnli"]


def test_the_public_dev_file_of_tydiqa_is_its_test_set(monkeypatch, tmp_path):
    query = Query("q", Passage("q", "text", "en"), ())
    rows = [("tydiqa", "en", "dev", [query], ""), ("tydiqa", "en", "train", [query] * 10, "")]
    source = surveyed(monkeypatch, tmp_path, *rows)
    assert len(source.load("tydiqa", "test", "en").examples) == 1
    assert len(source.load("tydiqa", "dev", "en").examples) == 1
    assert len(source.load("tydiqa", "train", "en").examples) == 9


def test_questions_in_another_language_than_the_context_are_no_test_of_mlqa(monkeypatch, tmp_path):
    query = Query("q", Passage("q", "text", "de"), ())
    rows = [("mlqa", "de", "test", [query] * count, asked) for count, asked in ((1, "de"), (5, "en"))]
    assert len(surveyed(monkeypatch, tmp_path, *rows).load("mlqa", "test", "de").examples) == 1


def test_a_label_of_another_data_set_is_refused(monkeypatch, tmp_path):
    source = surveyed(monkeypatch, tmp_path, ("pawsx", "de", "test", [pair("a")], ""))
    with pytest.raises(DataError, match="the label 'neutral' is none of 0, 1"):
        source.load("pawsx", "test", "de")
