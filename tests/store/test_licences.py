"""A restricting licence is asked for once in a store, and again when its question changes."""

import tomllib

import pytest

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.store.licences import accept, open_questions, refusal, restricted
from xtransfer_stats.store.register import LICENCES
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import parse_recipe
from xtransfer_stats.study.versions import tolerant


@pytest.fixture
def plan():
    table = tomllib.loads(resources.find("runners", "quick").read_text())
    table["source"] = {"name": "hub"}
    table["study"] |= {"tasks": [9], "targets": ["xnli", "xcopa"]}
    return make_plan(parse_recipe(table, "x"), tolerant)


def test_a_question_is_asked_until_it_is_answered_and_again_when_it_changes(plan, tmp_path):
    store = Store(tmp_path / "s")
    questions = open_questions(plan, store)
    assert questions == restricted(plan)
    assert "non-commercial" in questions["anli_plus"]
    accept(store, questions | {"anli_plus": "an older question?"})
    assert open_questions(plan, store) == {"anli_plus": questions["anli_plus"]}
    accept(store, questions)
    assert open_questions(plan, store) == {}


def test_a_refusal_names_the_argument_and_at_a_terminal_the_option():
    error = refusal({"x": "Is your use fine?"})
    assert str(error).startswith("accept_licences: the licences of these data sets")
    assert "Give --accept-licences if" in error.in_options()
    assert error.in_options().endswith("leave tasks out with --targets and intermediate.tasks")


def test_a_changed_file_of_answers_is_no_answer(plan, tmp_path):
    store = Store(tmp_path / "s")
    accept(store, restricted(plan))
    path = store.root / LICENCES
    path.write_text(path.read_text().replace("commercial", "Commercial"))
    with pytest.raises(StoreError, match="it asks once more"):
        open_questions(plan, store)
