"""A study of several backbones: the same seeds and sets for each, and its steps those of a study of one alone."""

import pytest

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.store.pins import _with_commits, repositories
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import load_recipe, parse_recipe
from xtransfer_stats.study.versions import tolerant
from xtransfer_stats.verbs.run import run

TABLE = {
    "study": {
        "name": "several", "benchmarks": ["xtreme-mini", "xtreme-r-mini"], "seeds": 3, "tasks": [1],
        "targets": ["xnli", "tatoeba", "xcopa"], "languages": ["de"],
    },
    "backbone": {"model": ["a", "group/b"], "freeze": 2},
    "intermediate": {"tasks": ["qqp", "mnli"]},
}  # fmt: skip


def recipe(**parts):
    return parse_recipe({name: {**TABLE.get(name, {}), **parts.get(name, {})} for name in {**TABLE, **parts}}, "r")


def alone(name, **parts):
    return make_plan(recipe(backbone={"model": name, **parts.get("backbone", {})}), tolerant)


def test_the_steps_of_each_backbone_are_those_of_a_study_of_it_alone():
    whole, first, second = make_plan(recipe(), tolerant), alone("a"), alone("group/b")
    assert whole.steps.keys() == first.steps.keys() | second.steps.keys()
    assert [part.steps.keys() for part in whole.parts] == [first.steps.keys(), second.steps.keys()]
    assert first.runs == second.runs == whole.runs
    assert [part.scores.keys() for part in whole.parts] == [first.scores.keys()] * 2
    assert whole.versions == first.versions
    assert {step.name.split(": ")[0] for step in whole.of_kind("target")} == {"a", "b"}
    assert whole.users().keys() == whole.steps.keys()
    assert all(runs for runs, _ in whole.users().values())


def test_a_list_of_one_is_that_one():
    one, listed = alone("a"), make_plan(recipe(backbone={"model": ["a"]}), tolerant)
    assert (one.steps.keys(), one.parts) == (listed.steps.keys(), ())
    assert [step.name for step in one.steps.values()] == [step.name for step in listed.steps.values()]


def test_a_backbone_may_have_keys_of_its_own():
    own = {"group/b": {"freeze": 5, "retrieval_layer": 7, "max_length": 64}}
    whole = make_plan(recipe(backbone={"by_model": own}), tolerant)
    second = alone("group/b", backbone={"freeze": 5, "retrieval_layer": 7, "max_length": 64})
    assert whole.parts[0].steps.keys() == alone("a").steps.keys()
    assert whole.parts[1].steps.keys() == second.steps.keys()


def test_options_put_backbones_in_the_place_of_the_recipes():
    quick = load_recipe("quick", {"backbone": {"model": ["a", "b"]}})
    assert quick.backbone.models == ("a", "b")
    assert parse_recipe(quick.model_dump(mode="json"), "again") == quick
    assert [part.backbone.models for part in quick.parts()] == [("a",), ("b",)]


def test_commits_of_several_backbones_stand_with_the_others():
    pinned = _with_commits(recipe(), {"group/b": "1" * 40})
    assert pinned.backbone.revision is None
    assert [part.backbone.revision for part in pinned.parts()] == [None, "1" * 40]
    assert repositories(make_plan(pinned, tolerant))["model"] == ["a", "group/b"]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"backbone": {"model": ["a", "a"]}}, "model = 'a' twice"),
        ({"backbone": {"model": []}}, "name a backbone, or several"),
        ({"backbone": {"model": ["a", ""]}}, r"model = \['a', ''\]: each backbone is a name"),
        ({"backbone": {"model": ["a", 3]}}, r"model = \['a', 3\]: each backbone is a name"),
        ({"backbone": {"model": [str(n) for n in range(25)]}}, "model: 25 backbones; a study has 24"),
        ({"backbone": {"revision": "main"}}, r"is of one backbone: state the commits of several in \[source"),
        ({"backbone": {"by_model": {"c": {}}}}, "unknown backbone in by_model"),
        ({"backbone": {"by_model": {"a": {"revision": "x"}}}}, "unknown key in by_model.a"),
        ({"backbone": {"by_model": {"a": {"freeze": -1}}}}, "backbone 'a': freeze = -1"),
        ({"backbone": {"by_model": {"a": {"retrieval_layer": 1}}}}, "backbone 'a': .*retrieval_layer = 1"),
        ({"study": {"control": "overlap"}}, "the control 'overlap' compares texts and has no encoder"),
        ({"intermediate": {"checkpoints": {"qqp": "x/y"}}}, "checkpoints are trainings of one backbone"),
        ({"costs": {"parameters": 5}}, "costs.parameters = 5 is of one backbone"),
        ({"study": {"seeds": 2000}}, r"2 times 4,000 runs; a study has 5,000 at most"),
    ],
)
def test_mixtures_that_cannot_be_are_refused_and_named(parts, told):
    with pytest.raises(RecipeError, match=told):
        recipe(**parts)


def test_one_folder_by_two_names_is_one_backbone(tmp_path, monkeypatch):
    (tmp_path / "m").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecipeError, match="twice"):
        recipe(backbone={"model": ["./m", "m"]})


def test_an_option_drops_the_keys_of_backbones_that_it_replaces(tmp_path):
    text = (
        '[study]\nname = "s"\nbenchmarks = ["xtreme-mini", "xtreme-r-mini"]\ntargets = ["xnli", "tatoeba", "xcopa"]\n'
        'languages = ["de"]\nseeds = 1\n'
        '[backbone]\nmodel = ["xlm-roberta-large", "xlm-roberta-base"]\nfreeze = "none"\n'
        "[backbone.by_model]\nxlm-roberta-base = { max_length = 64 }\nxlm-roberta-large = { max_length = 32 }\n"
    )
    (tmp_path / "r.toml").write_text(text, encoding="utf-8")
    planned = run(
        tmp_path / "r.toml", model=["xlm-roberta-base", "e5-small-q4"], store=tmp_path / "store", dry_run=True
    )
    lengths = [part.recipe.backbone.max_length for part in planned.study.plan.parts]
    assert lengths == [64, 128]
