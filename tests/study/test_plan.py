"""The plan shares steps between runs, benchmarks and target tasks, and grows without losing any."""

import tomllib
from collections import Counter

import pytest

from xtransfer_stats.base import resources
from xtransfer_stats.store.store import Store
from xtransfer_stats.store.survey import survey
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import load_recipe, parse_recipe
from xtransfer_stats.study.step import Step
from xtransfer_stats.study.versions import tolerant

pytest.importorskip("hassil", reason="the embedded extra is not installed")

QA = ["xquad", "mlqa", "lareqa", "tatoeba", "tatoeba_squad"]


def recipe(part="study", **values):
    table = tomllib.loads(resources.find("runners", "quick").read_text())
    return parse_recipe(table | {part: table[part] | values}, "x")


def test_parents_stand_before_their_children():
    seen = set()
    for key, step in make_plan(recipe()).steps.items():
        assert set(step.parents.values()) <= seen
        seen.add(key)


def test_one_squad_training_serves_every_target_task_that_scores_it():
    plan = make_plan(recipe(targets=QA))
    assert {step.args["training"] for step in plan.of_kind("target")} == {"squad1"}
    assert len(plan.of_kind("target")) == len(plan.runs)


def test_benchmarks_share_steps():
    both = make_plan(recipe(targets=["xnli", "pawsx", "xcopa"]))
    scored = Counter(step.name for step in both.of_kind("evaluation"))
    assert max(scored.values()) == 1


def test_untrained_retrieval_of_the_baseline_is_one_step_for_all_seeds():
    plan = make_plan(recipe(seeds=4))
    keys = {plan.scores[run.name, "tatoeba"] for run in plan.runs if not run.task_set}
    assert len(keys) == 1


@pytest.mark.parametrize(
    "grown", [{"seeds": 4}, {"tasks": [3, 5, 9]}, {"sets": 3}, {"baselines": 3}, {"singles": True}]
)
def test_a_grown_study_keeps_every_step(grown):
    assert make_plan(recipe()).steps.keys() < make_plan(recipe(**grown)).steps.keys()


def test_pooled_tasks_are_scored_in_one_step_others_by_language():
    plan = make_plan(recipe(targets=["mewslix", "xnli", "tatoeba"]))
    run = plan.runs[0].name
    assert len(plan.scores[run, "mewslix"]) == 1
    languages = [group for _, group in plan.scores[run, "xnli"]]
    assert all(len(group) == 1 for group in languages)
    assert len(languages) > 3


def test_the_overlap_control_reads_texts_only():
    plan = make_plan(recipe(control="overlap"))
    assert [run.n_tasks for run in plan.runs] == [0]
    assert plan.of_kind("intermediate") == []
    assert {step.args["freeze"] for step in plan.of_kind("features")} == {None}
    assert {step.args["control"] for step in plan.of_kind("evaluation")} == {"overlap"}


def test_random_init_differs_from_the_pretrained_encoder_in_every_step():
    plain, control = make_plan(recipe()), make_plan(recipe(control="random-init"))
    assert plain.steps.keys().isdisjoint(control.steps)


def test_the_papers_plan_makes_hardly_more_steps_than_it_keeps(monkeypatch):
    made = []
    hashing = Step.__post_init__
    monkeypatch.setattr(Step, "__post_init__", lambda step: made.append(step.kind) or hashing(step))
    plan = make_plan(load_recipe("phang2020"), tolerant)
    assert len(plan.steps) == 4888
    assert len(made) <= 1.1 * len(plan.steps)


def test_a_survey_says_what_changed(tmp_path):
    store = Store(tmp_path).create()
    before = make_plan(recipe())
    step = before.of_kind("intermediate")[0]
    store.publish(step, lambda out: {})
    settings = {"steps": 99, "evaluate_every": 12, "learning_rate": 3e-4}
    after = make_plan(recipe("intermediate", settings=settings))
    found = survey(after, store)
    reasons = {found.reasons[one.key] for one in after.of_kind("intermediate") if one.name == step.name}
    assert reasons == {"input changed: settings.steps 12 -> 99"}
    assert survey(before, store).reasons[step.key] == "done"
    assert len(survey(before, store).missing()) == len(before.steps) - 1
