"""Parquet and Arrow, with the label names that `datasets` keeps in or beside them."""

import json

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from xtransfer_stats.sources.files.parquet import read_columns

NLI_ROWS = [
    {"premise": "a", "hypothesis": "b", "label": 2},
    {"premise": "c", "hypothesis": "d", "label": 0},
    {"premise": "e", "hypothesis": "f", "label": -1},
]
CLASSES = {"names": ["contradiction", "neutral", "entailment"], "_type": "ClassLabel"}


def table(rows, features=None):
    made = pa.Table.from_pylist(rows)
    if features is None:
        return made
    return made.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})


def test_names_kept_in_the_file_order_the_labels(place):
    path = place("xnli/de/validation-00000-of-00001.parquet", b"")
    pq.write_table(table(NLI_ROWS, {"label": CLASSES}), path)
    (found,) = read_columns(path)
    assert (found.task, found.language, found.split, found.examples) == ("xnli", "de", "dev", 2)
    assert [example.label for example in found.read().examples] == ["entailment", "contradiction"]
    assert found.problems == ("1 row without a gold label: dropped",)


def test_without_names_the_order_of_labels_is_not_guessed(place):
    path = place("xnli/de/validation.parquet", b"")
    pq.write_table(table(NLI_ROWS), path)
    (found,) = read_columns(path)
    assert (found.examples, found.labelled) == (0, False)
    assert "names" in found.problems[0]


@pytest.mark.parametrize(
    "feature",
    [
        {"feature": {"names": ["O", "B-PER"], "_type": "ClassLabel"}, "_type": "Sequence"},
        {"feature": {"names": ["O", "B-PER"], "_type": "ClassLabel"}, "_type": "List"},
        [{"names": ["O", "B-PER"], "_type": "ClassLabel"}],
    ],
)
def test_lists_of_class_labels_are_named_too(place, feature):
    path = place("wikiann/yo/test.parquet", b"")
    pq.write_table(
        table([{"tokens": ["Ade", "wa"], "ner_tags": [1, 0], "langs": ["yo", "yo"]}], {"ner_tags": feature}), path
    )
    (found,) = read_columns(path)
    assert (found.task, found.language, found.split) == ("panx", "yo", "test")
    assert found.read().examples[0].tags == ("B-PER", "O")


def test_a_saved_folder_names_its_data(place):
    path = place("saved/data-00000-of-00001.arrow", b"")
    info = {"dataset_name": "xnli", "config_name": "sw", "features": {"label": CLASSES}}
    place("saved/dataset_info.json", json.dumps(info))
    place("saved/state.json", json.dumps({"_split": "test"}))
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table(NLI_ROWS).schema) as stream:
        stream.write_table(table(NLI_ROWS))
    (found,) = read_columns(path)
    assert (found.task, found.language, found.split, found.examples) == ("xnli", "sw", "test", 2)
    assert found.path == path


def test_the_hub_s_rows_of_all_languages_give_one_entry_each(place):
    path = place("xnli/all_languages/test.parquet", b"")
    hypothesis = {"language": ["de", "fr"], "translation": ["zwei", "deux"]}
    rows = [{"premise": {"de": "eins", "fr": "un"}, "hypothesis": hypothesis, "label": 1}]
    pq.write_table(table(rows, {"label": CLASSES}), path)
    found = read_columns(path)
    assert [(one.language, one.read().examples[0].pair) for one in found] == [("de", "zwei"), ("fr", "deux")]


def test_what_is_no_parquet_is_not_taken(place):
    assert read_columns(place("test.parquet", "no")) is None
    assert read_columns(place("test.csv", "a,b\n")) is None
