"""From a store to the frame: collapsed runs, unfinished studies, counted looks. The steps' work is made up."""

import json
import tomllib

import pytest

from xtransfer_stats.base import resources, sealed
from xtransfer_stats.store import studies
from xtransfer_stats.store.scores import score_frame
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import parse_recipe
from xtransfer_stats.verbs.analyze import analyze

pytest.importorskip("hassil", reason="the embedded extra is not installed")


def recipe(**study):
    table = tomllib.loads(resources.find("runners", "quick").read_text())
    small = {"targets": ["xnli", "pawsx", "xcopa"], "languages": ["de", "en", "th"], "seeds": 3}
    return parse_recipe(table | {"study": table["study"] | small | study}, "x")


def published(root, chosen, *, collapsed=(), without=()):
    """A store in which every step is done, but evaluations of runs in `without`."""
    store = Store(root).create()
    plan = make_plan(chosen)
    studies.remember(store, chosen, plan.versions)
    for number, step in enumerate(plan.steps.values()):
        if not (step.kind == "evaluation" and step.name.split("/")[-1] in without):
            store.publish(step, lambda out, step=step, number=number: work(out, step, number, collapsed))
    return plan, store


def work(out, step, number, collapsed):
    if step.kind == "evaluation":
        value = 40 + 20 * ((number * 7919) % 101) / 101
        scores = {lang: {"n_examples": 10, "metrics": {"accuracy": value}} for lang in step.args["languages"]}
        (out / "scores.json").write_text(json.dumps({"languages": scores}))
    return {"collapsed": step.name in collapsed} if step.kind == "target" else {}


def test_the_frame_says_how_many_tasks_the_study_draws_from(tmp_path):
    eight = recipe().intermediate.tasks[:8]
    table = recipe().model_dump(mode="json")
    fewer = parse_recipe(table | {"intermediate": table["intermediate"] | {"tasks": eight}}, "x")
    for chosen, size in ((recipe(), 9), (fewer, 8)):
        frame = score_frame(*published(tmp_path / str(size), chosen))
        assert set(frame["catalogue"]) == {size}


def test_a_collapsed_training_marks_the_scores_that_rest_on_it(tmp_path):
    plan, store = published(tmp_path / "s", recipe(), collapsed=["xnli/s1-baseline-r0"])
    frame = score_frame(plan, store)
    marked = frame[frame["status"] == "collapsed"]
    assert set(zip(marked["run"], marked["target_task"], strict=True)) == {("s1-baseline-r0", "xnli")}
    assert marked["score"].notna().all()


def test_the_policy_exclude_leaves_the_whole_run_out(tmp_path):
    plan, store = published(tmp_path / "s", recipe(collapsed="exclude"), collapsed=["xnli/s1-baseline-r0"])
    frame = score_frame(plan, store)
    asked = frame[frame["status"] != "not_in_benchmark"]
    run = asked[asked["run"] == "s1-baseline-r0"]
    assert (run["status"] == "collapsed").all()
    assert run["score"].isna().all()
    assert asked[asked["run"] != "s1-baseline-r0"]["score"].notna().all()


def test_the_analysis_says_which_runs_collapsed_and_what_became_of_them(tmp_path):
    published(tmp_path / "s", recipe(), collapsed=["xnli/s1-baseline-r0"])
    notes = analyze(tmp_path / "s").analysis.notes
    assert any("chance level" in note and "s1-baseline-r0 (xnli)" in note and "kept" in note for note in notes)


def test_a_half_finished_study_is_analysed_and_every_new_look_is_counted(tmp_path):
    chosen = recipe()
    late = [run.name for run in make_plan(chosen).runs if run.seed == 2]
    plan, store = published(tmp_path / "s", chosen, without=late)
    first = analyze(tmp_path / "s").analysis
    assert any("not finished" in note for note in first.notes)
    assert "looks:1" in first.signature
    assert "looks:1" in analyze(tmp_path / "s").analysis.signature
    for number, step in enumerate(plan.steps.values()):
        if step.kind == "evaluation" and step.name.split("/")[-1] in late and store.state(step)[0] == "missing":
            store.publish(step, lambda out, step=step, number=number: work(out, step, number, ()))
    second = analyze(tmp_path / "s").analysis
    assert "looks:2" in second.signature
    assert any("look 2" in note for note in second.notes)


def test_the_frame_reads_each_manifest_once(tmp_path, monkeypatch):
    plan, store = published(tmp_path / "s", recipe())
    read, seen = sealed.read, []
    monkeypatch.setattr(sealed, "read", lambda path: seen.append(path) or read(path))
    score_frame(plan, Store(store.root))
    assert len(seen) == len(set(seen)) >= len(list(plan.of_kind("evaluation")))
