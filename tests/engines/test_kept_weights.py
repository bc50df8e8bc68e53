"""Weights that nothing needs any more are dropped; what needs them again makes them anew."""

import json

import pytest
from tests.engines import made_up_work
from tests.engines.test_local import Ear, chain, named

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.engines.engine import Limits
from xtransfer_stats.engines.local import LocalEngine
from xtransfer_stats.store.manifest import Look
from xtransfer_stats.store.store import State, Store
from xtransfer_stats.store.verify import verify
from xtransfer_stats.study.step import Step

WORK = f"{made_up_work.__name__}:run_step"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store").create()


def with_weights():
    return chain(**{name: {"weights": 1000} for name in ("root", "a", "b", "leaf")})


def run(steps, store, keep, missing=None):
    missing = (
        [key for key, step in steps.items() if store.state(step)[0] is State.MISSING] if missing is None else missing
    )
    return LocalEngine(2, WORK).run(steps, missing, store, Ear(), Limits(keep=keep))


@pytest.mark.parametrize(("keep", "thinned"), [("all", set()), ("intermediate", {"b"}), ("scores", {"a", "b"})])
def test_weights_go_once_every_step_that_starts_from_them_is_done(store, keep, thinned):
    steps = with_weights()
    assert run(steps, store, keep).sound
    assert {name for name, step in named(steps).items() if store.state(step)[0] is State.THINNED} == thinned
    assert list(verify(store)) == []


def test_a_finished_study_is_thinned_when_it_is_asked_for_later(store):
    steps = with_weights()
    run(steps, store, "all")
    run(steps, store, "scores")
    step = named(steps)["a"]
    folder = store.folder(step)
    assert not (folder / "encoder.safetensors").exists()
    assert [entry["path"] for entry in store.manifest(step)["dropped"]] == ["encoder.safetensors"]
    assert json.loads((folder / "value.json").read_text()) == 11


def test_weights_that_are_needed_again_are_made_again(store):
    steps = with_weights()
    run(steps, store, "scores")
    a, root = named(steps)["a"], named(steps)["root"]
    more = Step("evaluation", "more", {"value": 5}, {"a": a.key})
    grown = {**steps, more.key: more}
    outcome = run(grown, store, "scores", [more.key])  # as if planned before the weights were dropped
    assert outcome.sound
    assert set(outcome.done) == {a.key, more.key}
    assert store.state(a)[0] is State.THINNED
    assert store.state(root)[0] is State.DONE


def test_weights_stay_while_a_step_that_needs_them_has_failed(store):
    steps = chain(a={"weights": 10}, b={"weights": 10}, leaf={"raises": "no"})
    run(steps, store, "scores")
    assert store.state(named(steps)["a"])[0] is State.DONE


def test_a_drop_that_was_interrupted_is_no_damage(store):
    steps = with_weights()
    run(steps, store, "all")
    step = named(steps)["a"]
    path = store.folder(step) / "encoder.safetensors"
    content = path.read_bytes()
    assert store.thin(step)
    path.write_bytes(content)  # as if killed between the manifest and the file
    assert store.state(step, Look.BYTES)[0] is State.THINNED


def test_another_choice_is_named_with_those_there_are(store):
    with pytest.raises(RecipeError, match=r"^keep 'none': choose one of all, intermediate, scores"):
        run(with_weights(), store, "none")
