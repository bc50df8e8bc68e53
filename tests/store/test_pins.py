"""Commits of repositories: recorded in a store, asked of the hub where there are none, written into recipes."""

import tomllib

import pytest

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.sources.hub import pins as hub
from xtransfer_stats.store import studies
from xtransfer_stats.store.pins import on_hub, recorded, repositories, resolved, with_pins
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import parse_recipe
from xtransfer_stats.study.versions import tolerant

RECIPE = '# mine\n[study]\nname = "x"  # a comment\n\n[backbone]\nmodel = "a/b"\n\n[source]\nname = "hub"\n'


def study(model="group/model", source="hub", revisions=None):
    """A study of one task and one target on the hub."""
    return parse_recipe(
        {
            "study": {"name": "x", "benchmarks": ["xtreme", "xtreme-r"], "targets": ["xnli"], "languages": ["de"],
                      "tasks": [1], "seeds": 1},
            "backbone": {"model": model},
            "source": {"name": source, "revisions": revisions or {}},
            "intermediate": {"tasks": ["qqp"]},
        },
        "x",
    )  # fmt: skip


def test_the_repositories_of_a_study_are_its_models_and_its_data_sets():
    plan = make_plan(study(), tolerant)
    assert repositories(plan) == {"dataset": ["facebook/xnli", "nyu-mll/glue"], "model": ["group/model"]}
    assert on_hub(plan.recipe)
    assert not on_hub(study(model="e5-small-q4", source="embedded"))


def test_recorded_commits_are_used_again_but_for_those_that_the_recipe_states(tmp_path):
    store = Store(tmp_path).create()
    earlier = study(revisions={"facebook/xnli": "old", "nyu-mll/glue": "g"})
    earlier = earlier.model_copy(update={"backbone": earlier.backbone.model_copy(update={"revision": "m"})})
    studies.remember(store, earlier, {})
    again = recorded(study(revisions={"facebook/xnli": "new"}), store)
    assert again.source.revisions == {"facebook/xnli": "new", "nyu-mll/glue": "g"}
    assert again.backbone.revision == "m"
    assert recorded(study(model="group/other"), store).backbone.revision is None


def test_the_hub_is_asked_with_what_is_known_and_not_at_all_without_a_repository(monkeypatch):
    asked = []

    def resolve(names, known, kind):
        asked.append((names, dict(known), kind))
        return {name: known.get(name, f"{kind} commit") for name in names}

    monkeypatch.setattr(hub, "resolve", resolve)
    recipe = resolved(make_plan(study(revisions={"facebook/xnli": "c"}), tolerant))
    assert recipe.source.revisions == {"facebook/xnli": "c", "nyu-mll/glue": "dataset commit"}
    assert recipe.backbone.revision == "model commit"
    assert asked[0] == (["facebook/xnli", "nyu-mll/glue"], {"facebook/xnli": "c"}, "dataset")
    asked.clear()
    local = study(model="e5-small-q4", source="embedded")
    assert resolved(make_plan(local, tolerant)) == local
    assert asked == []


def test_a_table_is_added_at_the_end():
    text = with_pins(RECIPE, {"a/data": "c" * 40}, None)
    assert text.startswith(RECIPE)
    assert tomllib.loads(text)["source"] == {"name": "hub", "revisions": {"a/data": "c" * 40}}


def test_the_backbones_commit_stands_in_its_table():
    text = with_pins(RECIPE, {}, "d" * 40)
    assert text == RECIPE.replace('model = "a/b"\n', f'model = "a/b"\nrevision = "{"d" * 40}"\n')


def test_an_old_commit_is_replaced_its_comment_stays():
    before = RECIPE + '\n[source.revisions]  # pins\n"a/data" = "old"  # why\n"a/other" = "kept"\n\n[target]\n'
    text = with_pins(before, {"a/data": "new", "a/more": "too"}, None)
    assert text == before.replace('"old"', '"new"').replace('"kept"\n', '"kept"\n"a/more" = "too"\n')


def test_line_ends_of_windows_and_a_missing_last_one_are_kept():
    text = with_pins('[study]\r\nname = "x"', {"a/b": "c"}, None)
    assert text == '[study]\r\nname = "x"\r\n\r\n[source.revisions]\r\n"a/b" = "c"\r\n'


def test_written_twice_nothing_changes():
    once = with_pins(RECIPE, {"a/data": "c"}, "d")
    assert with_pins(once, {"a/data": "c"}, "d") == once


def test_an_inline_table_is_refused_with_the_remedy():
    inline = RECIPE.replace('name = "hub"\n', 'name = "hub"\nrevisions = { "a/data" = "old" }\n')
    with pytest.raises(RecipeError, match=r"\[source\.revisions\]"):
        with_pins(inline, {"a/data": "new"}, None)


def test_line_ends_of_both_kinds_stay_where_they_are():
    text = with_pins('[study]\nname = "x"\r\n[backbone]\nmodel = "m"\n', {}, "d")
    assert text == '[study]\nname = "x"\r\n[backbone]\nmodel = "m"\nrevision = "d"\n'
