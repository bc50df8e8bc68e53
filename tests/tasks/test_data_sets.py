"""Where data are had: every language of every benchmark is served, a name means one data set, sizes are the tables'."""

import csv

import pytest
from tests.places import REFERENCE, needs_beside

from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS, TARGET_TRAININGS
from xtransfer_stats.tasks.task import METRICS, SPLITS, UNREAD, Family

FILES_ONLY = {"ccg", "bucc2018", "lareqa"}
TRAININGS = [*INTERMEDIATE_TASKS.values(), *TARGET_TRAININGS.values()]
NAMED = [(task.name, task.data) for task in TRAININGS] + [(task.dataset, task.data) for task in TARGET_TASKS.values()]


def part_for(name, language, split):
    data = dict(NAMED)[name]
    return next((part for part in data.hub if part.serves(language) and split in part.splits), None)


def config(name, language, split="test"):
    part = part_for(name, language, split)
    return part.repository, (part.config or "").format(language=part.codes.get(language, language))


def test_a_data_set_of_one_name_is_one_object():
    found = {}
    for name, data in NAMED:
        assert found.setdefault(name, data) is data, name


@pytest.mark.parametrize(("name", "data"), NAMED)
def test_an_entry_says_what_it_knows(name, data):
    family = next(
        task.family
        for task in [*TRAININGS, *TARGET_TASKS.values()]
        if name in (task.name, getattr(task, "dataset", ""))
    )
    labelled = family in (Family.CLASSIFICATION, Family.TAGGING) and name != "ccg"
    assert bool(data.labels) == labelled
    assert data.sizes and data.sizes.keys() <= {*SPLITS, "candidates"}
    assert data.licence == UNREAD or len(data.licence) > 2
    assert bool(data.hub) == (name not in FILES_ONLY)
    for part in data.hub:
        assert part.splits.keys() <= set(SPLITS)
        assert not part.languages or part.codes.keys() <= set(part.languages)


@pytest.mark.parametrize("task", TRAININGS, ids=lambda task: task.name)
def test_english_is_there_to_train_on(task):
    if task.name not in FILES_ONLY:
        assert part_for(task.name, "en", "train")
        assert part_for(task.name, "en", "dev") or task.name == "tydiqa"


@pytest.mark.parametrize("task", TARGET_TASKS.values(), ids=lambda task: task.name)
def test_every_language_of_the_real_benchmarks_has_its_test_data(task):
    if task.dataset not in FILES_ONLY:
        for name in ("xtreme", "xtreme-r"):
            for language in task.benchmarks.get(name, ()):
                assert part_for(task.dataset, language, "test"), language


def test_repositories_are_asked_by_their_own_names():
    assert config("udpos", "de") == ("google/xtreme", "udpos.German")
    assert config("udpos", "lt") == ("izhx/xtreme-r-udpos", "lt")
    assert config("panx", "sw") == ("google/xtreme", "PAN-X.sw")
    assert config("panx", "qu") == ("unimelb-nlp/wikiann", "qu")
    assert config("tatoeba", "zh") == ("google/xtreme", "tatoeba.cmn")
    assert config("tatoeba", "fa") == ("google/xtreme", "tatoeba.pes")
    assert config("tatoeba", "sw") == ("google/xtreme", "tatoeba.swh")
    assert config("tatoeba", "uk") == ("mteb/tatoeba-bitext-mining", "ukr-eng")
    assert config("mlqa", "vi") == ("google/xtreme", "MLQA.vi.vi")
    assert config("xcopa", "en", "train") == ("aps/super_glue", "copa")
    assert part_for("tydiqa", "te", "test").language_prefix["te"] == "telugu-"
    assert dict(NAMED)["tydiqa"].file_splits == {"test": "dev", "dev": ""}


def test_parts_are_joined_and_restricted_licences_ask():
    plus = INTERMEDIATE_TASKS["anli_plus"].data
    assert plus.files == ("anli", "mnli", "snli")
    assert [part.splits["train"] for part in plus.hub] == ["train_r1+train_r2+train_r3", "train", "train"]
    assert {name for name, data in NAMED if data.restricted} == {"anli_plus", "xnli", "udpos"}


def test_targets_are_scored_by_their_family():
    for task in TARGET_TASKS.values():
        assert set(task.metrics) <= set(METRICS[task.family])


@needs_beside("reference")
def test_sizes_are_those_of_the_reference_tables():
    names = {"PAWS-X": "pawsx", "UDPOS": "udpos", "PANX (WikiANN NER)": "panx", "XNLI": "xnli"}
    with open(REFERENCE / "xtreme_tasks.csv", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if row["task"] in names:
                sizes = dict(NAMED)[names[row["task"]]].sizes
                assert (sizes["train"], sizes["dev"]) == (int(row["train_size"]), int(row["dev_size"]))


def test_every_shipped_data_set_has_a_twin():
    pytest.importorskip("hassil", reason="the embedded extra is not installed")
    from xtransfer_stats.sources.embedded.source import EmbeddedSource

    assert {name for name, _ in NAMED} <= set(EmbeddedSource().datasets())
