"""The local engine: order, failures, damage, killed workers, several owners of one store."""

import json
import multiprocessing
from collections import Counter

import pytest
from tests.engines import made_up_work

from xtransfer_stats.engines.engine import Budget, Limits
from xtransfer_stats.engines.local import LocalEngine
from xtransfer_stats.engines.schedule import Schedule
from xtransfer_stats.store.store import State, Store
from xtransfer_stats.study.step import Step

WORK = f"{made_up_work.__name__}:run_step"


class Ear:
    """A listener that remembers."""

    def __init__(self):
        self.heard, self.reasons = [], []
        self.when = {}  # what is heard -> what to do then

    def started(self, step):
        self.heard.append(("started", step.name))
        self.when.get("started", int)()

    def progressed(self, step, done, total):
        self.heard.append(("progressed", step.name))

    def finished(self, step, *, elsewhere):
        self.heard.append(("elsewhere" if elsewhere else "finished", step.name))
        self.when.get("finished", int)()

    def failed(self, step, message):
        self.heard.append(("failed", step.name))

    def damaged(self, step, trouble):
        self.heard.append(("damaged", step.name))

    def retried(self, step, why):
        self.heard.append(("retried", step.name))
        self.reasons.append(why)

    def placed(self, step, machine):
        self.heard.append(("placed", step.name))
        self.when.get("placed", int)()

    def resized(self, workers):
        self.heard.append(("resized", workers))
        self.when.get("resized", int)()

    def count(self, what):
        return Counter(name for kind, name in self.heard if kind == what)


def chain(**changes):
    """root -> a, b -> leaf; `changes` are arguments of the step of that name."""

    def step(kind, name, value, **parents):
        args = {"value": value} | changes.get(name, {})
        return Step(kind, name, args, {role: parent.key for role, parent in parents.items()})

    root = step("pretrained", "root", 1)
    a, b = step("intermediate", "a", 10, root=root), step("target", "b", 100, root=root)
    leaf = step("evaluation", "leaf", 1000, a=a, b=b)
    return {step.key: step for step in (root, a, b, leaf)}


def named(steps):
    return {step.name: step for step in steps.values()}


def run(steps, store, workers=2, **limits):
    ear = Ear()
    missing = [key for key, step in steps.items() if store.state(step)[0] is not State.DONE]
    return LocalEngine(workers, WORK).run(steps, missing, store, ear, Limits(**limits)), ear


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store").create()


def value(store, step):
    return json.loads((store.read(step) / "value.json").read_text())


@pytest.mark.parametrize("workers", [1, 3])
def test_every_step_runs_once_after_its_parents(store, workers):
    steps = chain()
    outcome, ear = run(steps, store, workers)
    assert outcome.sound
    assert value(store, named(steps)["leaf"]) == 1000 + (10 + 1) + (100 + 1)
    assert ear.count("finished") == Counter(root=1, a=1, b=1, leaf=1)
    order = [name for kind, name in ear.heard if kind == "finished"]
    assert order[0] == "root"
    assert order[-1] == "leaf"


def test_a_failing_step_is_told_and_only_what_needs_it_is_skipped(store):
    steps = chain(a={"raises": "no luck"})
    outcome, _ = run(steps, store)
    by_name = named(steps)
    assert list(outcome.failed) == [by_name["a"].key]
    assert "ValueError: no luck" in outcome.failed[by_name["a"].key]
    assert outcome.skipped == [by_name["leaf"].key]
    assert store.state(by_name["b"])[0] is State.DONE
    assert "no luck" in store.failure(by_name["a"])


def test_a_worker_that_dies_fails_its_step_and_another_takes_over(store):
    steps = chain(a={"dies": True})
    outcome, _ = run(steps, store, workers=1)
    by_name = named(steps)
    assert "exit 3" in outcome.failed[by_name["a"].key]
    assert store.state(by_name["b"])[0] is State.DONE


def test_a_damaged_parent_is_named_and_redone_before_its_child(store):
    steps = chain()
    by_name = named(steps)
    run({key: step for key, step in steps.items() if step.name != "leaf"}, store)
    path = store.folder(by_name["a"]) / "value.json"
    stat = path.stat()
    path.write_text("99")
    import os

    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # found by its checksum alone
    outcome, ear = run(steps, store)
    assert outcome.sound
    assert ear.count("damaged") == Counter(a=1)
    assert value(store, by_name["leaf"]) == 1112


def _run_in_process(root, queue):
    outcome, ear = run(chain(a={"sleep": 0.5}, b={"sleep": 0.5}), Store(root), workers=2)
    queue.put((outcome.sound, dict(ear.count("finished"))))


def test_two_owners_of_one_store_do_no_step_twice(store):
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    owners = [context.Process(target=_run_in_process, args=(store.root, queue)) for _ in range(2)]
    for owner in owners:
        owner.start()
    told = [queue.get(timeout=60) for _ in owners]
    for owner in owners:
        owner.join(timeout=60)
    assert [complete for complete, _ in told] == [True, True]
    assert sum((Counter(done) for _, done in told), Counter()) == Counter(root=1, a=1, b=1, leaf=1)


def test_long_chains_come_before_scores():
    steps = chain()
    by_name = named(steps)
    schedule = Schedule(steps, steps)
    assert schedule.take() is by_name["root"]
    assert schedule.take() is None
    schedule.done(by_name["root"].key)
    assert [schedule.take().name, schedule.take().name] == ["a", "b"]
    schedule.fail(by_name["a"].key, "x")
    schedule.done(by_name["b"].key)
    assert schedule.finished


def test_a_step_that_would_not_end_within_the_budget_is_put_off_with_its_children(store):
    steps = chain()
    seconds = {"pretrained": 0.0, "intermediate": 0.0, "target": 1e6, "evaluation": 0.0}
    outcome, _ = run(steps, store, budget=Budget(3600, lambda step: seconds[step.kind]))
    assert outcome.sound
    assert {steps[key].name for key in outcome.done} == {"root", "a"}
    assert {steps[key].name for key in outcome.put_off} == {"b", "leaf"}


def test_what_runs_when_the_budget_is_over_is_stopped_and_leaves_nothing_behind(store):
    steps = chain(a={"sleep": 60})
    outcome, _ = run(steps, store, budget=Budget(1.5, lambda step: 0.0))
    assert {steps[key].name for key in outcome.put_off} == {"a", "leaf"}
    assert not list((store.root / "aside").iterdir())
    again, _ = run(chain(), store)
    assert again.sound
    assert not again.put_off
