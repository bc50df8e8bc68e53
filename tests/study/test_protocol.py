"""The protocol's choices in recipe and plan: by task, retrieval layer, dev of targets, checkpoints."""

import pytest
from tests.study.test_plan import recipe

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.base.models import identity
from xtransfer_stats.sources.embedded.source import EmbeddedSource
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.settings import Settings

OWN = {"squad1": {"batch_size": 8, "epochs": 3}, "mnli": {"batch_size": 24, "learning_rate": 1e-5}}


def sets_of(plan):
    return {tuple(task["name"] for task in step.args["tasks"]): step.args for step in plan.of_kind("intermediate")}


def test_the_length_is_steps_or_epochs():
    assert (Settings(epochs=2).steps, Settings().steps) == (None, 300)
    assert Settings(steps=10).with_values({"epochs": 2}).args()["epochs"] == 2
    assert Settings(epochs=2).with_values({"steps": 10}).args() == Settings(steps=10).args()
    with pytest.raises(RecipeError, match=r"steps = 10 and epochs = 2(\.0)?: give one of the two"):
        recipe("intermediate", settings={"steps": 10, "epochs": 2})
    with pytest.raises(RecipeError, match=r"accumulation = 32 is more than batch_size = 16"):
        recipe("intermediate", settings={"accumulation": 32})
    with pytest.raises(RecipeError, match=r"learning_rates = \[0\.1, 0\.1\]: give different rates"):
        recipe("intermediate", settings={"learning_rates": [0.1, 0.1]})


def test_settings_of_later_versions_are_told_only_where_they_are_used():
    assert "precision" not in Settings().args()
    assert Settings(precision="fp32").args()["precision"] == "fp32"
    assert Settings.read(Settings(epochs=2, learning_rates=(1e-5, 3e-5)).args()).learning_rates == (1e-5, 3e-5)


def test_a_task_alone_has_its_own_settings_in_a_set_its_own_batch_size():
    given = recipe("intermediate", by_task=OWN).intermediate
    alone = given.settings_of(("squad1",))
    assert (alone.batch_size, alone.epochs, alone.steps) == (8, 3, None)
    assert given.settings_of(("mnli",)).learning_rate == 1e-5
    assert given.settings_of(("mnli", "squad1")) == given.settings
    table = recipe("intermediate", by_task=OWN).model_dump()
    table["study"]["tasks"] = [1, 9]
    found = sets_of(make_plan(type(recipe()).model_validate(table)))
    whole = next(args for names, args in found.items() if len(names) == 9)
    assert {task["name"]: task["batch_size"] for task in whole["tasks"] if "batch_size" in task} == {
        "squad1": 8,
        "mnli": 24,
    }
    assert all("batch_size" not in args["tasks"][0] for names, args in found.items() if len(names) == 1)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"by_task": {"mnly": {}}}, "unknown intermediate task 'mnly': did you mean 'mnli'"),
        ({"by_task": {"mnli": {"batchsize": 1}}}, "did you mean 'batch_size'?"),
        ({"by_task": {"mnli": {"epochs": 0}}}, "intermediate.by_task.mnli.epochs = 0"),
        ({"settings": {"early_stopping": "target"}}, 'choose "english" or "none"'),
        ({"checkpoints": {"mnli+qqq": "x"}}, "unknown intermediate task 'qqq': did you mean 'qqp'"),
    ],
)
def test_a_wrong_value_of_the_intermediate_phase_is_named(values, told):
    with pytest.raises(RecipeError) as caught:
        recipe("intermediate", **values)
    assert told in str(caught.value)


def test_the_retrieval_layer_is_for_targets_that_nothing_is_trained_for():
    given = recipe("backbone", retrieval_layer=11, retrieval_pooling="cls")
    steps = make_plan(given).of_kind("evaluation")
    told = {step.args["target"] for step in steps if "representation" in step.args}
    assert told == {"tatoeba"}
    assert next(s for s in steps if "representation" in s.args).args["representation"] == {
        "layer": 11,
        "pooling": "cls",
    }
    with pytest.raises(RecipeError, match="retrieval_layer = 10: of the frozen layers only the last"):
        recipe("backbone", retrieval_layer=10)


def test_mlqa_alone_is_scored_by_its_own_rules():
    steps = make_plan(recipe(targets=["mlqa", "xquad", "tydiqa"])).of_kind("evaluation")
    assert {(s.args["target"], s.args.get("normalisation")) for s in steps} == {
        ("mlqa", "mlqa"),
        ("xquad", None),
        ("tydiqa", None),
    }


def test_early_stopping_on_targets_brings_their_dev_features(monkeypatch):
    stopping = {"settings": {"steps": 12, "early_stopping": "target"}}
    with pytest.raises(DataError, match=r"'xnli' has a dev split.*target\.by_training\.xnli\.early_stopping"):
        make_plan(recipe("target", **stopping))
    monkeypatch.setattr(
        EmbeddedSource, "blocked", lambda self, dataset, split, language: "" if language == "de" else "absent"
    )
    table = recipe("target", **stopping).model_dump()
    table["study"]["targets"] = ["xnli", "pawsx"]
    plan = make_plan(type(recipe()).model_validate(table))
    roles = {s.args["training"]: {r for r in s.parents if r.startswith("dev/")} for s in plan.of_kind("target")}
    assert roles["xnli"] == {"dev/xnli/de"}
    assert roles["pawsx"] == {"dev/pawsx/de"}


def checkpointed(folder, **study):
    sets = {"+".join(names) for names in sets_of(make_plan(recipe()))}
    return recipe("intermediate", checkpoints=dict.fromkeys(sets, str(folder)))


def test_a_checkpoint_stands_in_for_a_set_and_its_weights_are_in_the_key(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"one")
    keys = set()
    for content in (b"one", b"two!"):
        (tmp_path / "model.safetensors").write_bytes(content)
        steps = make_plan(checkpointed(tmp_path)).of_kind("intermediate")
        keys |= {step.key for step in steps}
        for step in steps:
            assert step.places == {"checkpoint": str(tmp_path)}
            assert set(step.parents) == {"pretrained"}
            assert "seed" not in step.args
    assert len(keys) == 2 * len(steps)


def test_a_checkpoint_that_no_run_uses_or_that_is_not_there(tmp_path):
    with pytest.raises(RecipeError, match="no run has the task set 'mnli'"):
        make_plan(recipe("intermediate", checkpoints={"mnli": "a/b"}))
    with pytest.raises(DataError, match="no such directory"):
        identity("./absent", None)
    with pytest.raises(DataError, match=r"no \*\.safetensors"):
        identity(str(tmp_path), None)
    assert identity("group/model", "abc") == ({"checkpoint": "group/model", "revision": "abc"}, {})
