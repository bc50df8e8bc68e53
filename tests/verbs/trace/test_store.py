"""Where the place is a store: keys, files and data behind a number. The steps' work is made up."""

import hashlib
import json
import shlex
from pathlib import Path

import pytest

pytest.importorskip("hassil", reason="the embedded extra is not installed")

from tests.store.test_scores import published, recipe

from xtransfer_stats.cli.trace_view import show
from xtransfer_stats.study.recipe import parse_recipe
from xtransfer_stats.verbs.scores import read_scores
from xtransfer_stats.verbs.trace.commands import run_command
from xtransfer_stats.verbs.tracing import trace

INTERACTION = "ruuayt7a"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Plan, store and root of a finished study."""
    root = tmp_path_factory.mktemp("trace") / "store"
    return *published(root, recipe()), root


def treated(plan):
    return next(run for run in plan.runs if run.n_tasks)


def test_a_score_is_followed_from_the_pretrained_model_to_its_file(made):
    plan, _, root = made
    run = treated(plan)
    found = trace(f"{run.name}:xnli:de", root).trace
    chain = found.lineage.checkpoints
    assert [step.kind for step in chain] == ["pretrained", "intermediate", "target", "evaluation"]
    assert [step.name for step in chain][1:] == [
        f"s{run.seed}/{run.set_name}",
        f"xnli/{run.name}",
        f"xnli/de/{run.name}",
    ]
    scored = chain[-1]
    assert scored.key == plan.scores[run.name, "xnli"][0][0]
    file = root / scored.folder / "scores.json"
    assert scored.files[0]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    told = json.loads(file.read_text())["languages"]["de"]["metrics"]["accuracy"]
    assert found.number.score == pytest.approx(told)
    assert all((root / step.folder / "manifest.json").is_file() for step in found.lineage.steps)
    assert {"xnli", *run.task_set} == set(found.lineage.data)


def test_a_baselines_score_has_no_intermediate_step(made):
    plan, _, root = made
    run = next(run for run in plan.runs if not run.n_tasks)
    found = trace(f"{run.name}:xnli:de", root).trace.lineage
    assert found.runs[0].intermediate is None
    assert [step.kind for step in found.checkpoints] == ["pretrained", "target", "evaluation"]


def test_the_interaction_rests_on_every_run_and_evaluation(made):
    plan, _, root = made
    found = trace(INTERACTION, root).trace
    assert {run.run for run in found.lineage.runs} == {run.name for run in plan.runs}
    keys = {step.key for run in found.lineage.runs for step in run.evaluations}
    weighted = set(zip(found.number.cells["target_task"], found.number.cells["language"], strict=True))
    expected = {
        key
        for (_, target), groups in plan.scores.items()
        for key, languages in groups
        if any((target, language) in weighted for language in languages)
    }
    assert keys == expected
    assert found.commands["analysis"] == shlex.join(["xstats", "analyze", str(root), "--study", "quick"])


def test_a_trace_for_machines_is_json_and_whole(made):
    plan, _, root = made
    told = json.loads(json.dumps(trace(INTERACTION, root).to_dict(), allow_nan=False))
    assert len(told["number"]["runs"]) == len(plan.runs)
    assert sum(cell["weight"] for cell in told["number"]["cells"]) == pytest.approx(0, abs=1e-12)
    for run in told["lineage"]["runs"]:
        assert set(run["evaluations"]) <= told["lineage"]["steps"].keys()
    assert told["recipe"] == "studies/quick.json"


def test_a_step_that_is_gone_is_told_as_missing(made, capsys):
    plan, store, root = made
    run = treated(plan)
    step = plan.steps[next(key for key, names in plan.scores[run.name, "xcopa"] if "th" in names)]
    aside = store.folder(step).rename(root / "aside" / "kept")
    try:
        found = trace(f"{run.name}:xcopa:th", root).trace
        show(found)
    finally:
        aside.rename(store.folder(step))
    assert found.number.status == "missing"
    assert found.lineage.checkpoints[-1].state == "missing"
    assert f"{step.key} (missing)" in capsys.readouterr().out


def test_the_run_command_is_the_shipped_recipe_with_its_options(made):
    plan, _, root = made
    command = run_command(plan.recipe, Path("xstats-store"))
    assert command == "xstats run quick --seeds 3 --targets xnli,pawsx,xcopa --languages de,en,th"
    assert run_command(recipe(), root).endswith(f"--store {shlex.quote(str(root))}")


def test_a_study_of_baselines_only_has_a_command():
    told = run_command(recipe(tasks=[], name="base"), Path("xstats-store"))
    assert "--tasks 0" in told
    assert "--study base" in told


def test_a_recipe_that_no_option_makes_has_no_command():
    table = recipe().model_dump(mode="json")
    table["backbone"]["max_length"] = 77
    assert run_command(parse_recipe(table, "x"), Path("s")) is None


def test_pins_do_not_hide_the_recipe():
    chosen = recipe()
    pinned = chosen.model_copy(update={"backbone": chosen.backbone.model_copy(update={"revision": "abc"})})
    assert run_command(pinned, Path("xstats-store")) == run_command(chosen, Path("xstats-store"))


def test_tracing_the_same_scores_is_no_further_look(made):
    _, _, root = made
    before = read_scores(root).looks
    trace(INTERACTION, root)
    assert read_scores(root).looks == before
