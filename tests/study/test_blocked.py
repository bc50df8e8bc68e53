"""What a study's sources lack is told by data set, split and language, before anything runs."""

import tomllib

import pytest

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources import registry
from xtransfer_stats.study.foresight import blocked, sentences
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import parse_recipe
from xtransfer_stats.study.versions import remembered, tolerant


class Poor:
    """A source that lacks CCG and the German test sets."""

    def __init__(self, place):
        self.name = "files"

    def fingerprint(self, dataset):
        if dataset == "ccg":
            raise DataError("no ccg")
        return "v1"

    def blocked(self, dataset, split, language):
        if dataset == "ccg" or (split == "test" and language == "de"):
            return f"{dataset} is not here: add it"
        return ""


@pytest.fixture
def recipe(monkeypatch):
    monkeypatch.setattr("xtransfer_stats.sources.files.source.FilesSource", Poor)
    registry._made.cache_clear()
    registry._version.cache_clear()
    table = tomllib.loads(resources.find("runners", "quick").read_text())
    table["source"] = {"name": "somewhere"}
    table["study"] |= {"tasks": [9], "targets": ["xnli", "xcopa"], "languages": ["de", "en", "zh"]}
    yield parse_recipe(table, "x")
    registry._made.cache_clear()
    registry._version.cache_clear()


def test_each_lacking_split_is_told_with_its_languages(recipe):
    found = blocked(make_plan(recipe, tolerant))
    rows = {(one.dataset, one.split): one.languages for one in found}
    assert rows == {
        ("ccg", "train"): ("en",), ("ccg", "dev"): ("en",), ("xnli", "test"): ("de",), ("xcopa", "test"): ("de",)
    }  # fmt: skip
    lines = list(sentences(recipe, found))
    assert "8 of 9 intermediate tasks can be had" in lines[-1]
    assert sum("ccg is not here" in line for line in lines) == 1


def test_a_plan_that_runs_does_not_overlook_what_a_source_cannot_tell(recipe):
    with pytest.raises(DataError, match="no ccg"):
        make_plan(recipe)


def test_remembered_versions_give_the_same_steps_without_the_data(recipe, monkeypatch):
    monkeypatch.setattr(Poor, "fingerprint", lambda self, dataset: "v1")
    plan = make_plan(recipe)
    monkeypatch.setattr(Poor, "fingerprint", lambda self, dataset: 1 / 0)
    assert make_plan(recipe, remembered(plan.versions)).steps.keys() == plan.steps.keys()
