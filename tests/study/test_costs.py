"""The estimate of a whole-model study follows from sizes, and names what it assumes."""

import subprocess
import sys

import pytest

from xtransfer_stats.study.foresight import applies, estimate
from xtransfer_stats.study.plan import Plan, make_plan
from xtransfer_stats.study.recipe import parse_recipe
from xtransfer_stats.study.step import Step

pytest.importorskip("hassil", reason="the embedded extra is not installed")

PEAK = 312e12 * 0.35


def recipe(model="xlm-roberta-large", costs=None, **study):
    base = {"name": "x", "benchmarks": ["xtreme", "xtreme-r"], "seeds": 2, "tasks": [3], "targets": ["xnli", "mewslix"]}
    table = {"study": base | {"languages": ["de", "en"]} | study, "backbone": {"model": model, "max_length": 100}}
    return parse_recipe(table | ({"costs": costs} if costs else {}), "x")


def test_a_target_training_costs_six_operations_a_parameter_and_token():
    plan = make_plan(recipe())
    step = next(one for one in plan.of_kind("target") if one.args["training"] == "xnli")
    seconds, size = estimate(plan).steps[step.key]
    settings = step.args["settings"]
    trained = settings["steps"] * settings["batch_size"] * 100
    looked = settings["steps"] / settings["evaluate_every"] * settings["dev_examples"] * 100
    assert seconds == pytest.approx(304e6 * (6 * trained + 2 * looked) / PEAK)
    assert size == 560e6 * 4


def test_epochs_count_the_published_sizes():
    plan = make_plan(recipe(targets=["xnli"]))
    step = next(iter(plan.of_kind("target")))
    settings = step.args["settings"] | {"epochs": 2, "max_size_cap": 10**9, "evaluate_every": 10**9}
    longer = Step(step.kind, step.name, step.args | {"settings": settings}, step.parents)
    changed = Plan(plan.recipe, plan.runs, {**plan.steps, longer.key: longer}, plan.scores)
    seconds, _ = estimate(changed).steps[longer.key]
    assert seconds == pytest.approx(304e6 * (6 * 2 * 392_702 + 2 * settings["dev_examples"]) * 100 / PEAK)


def test_a_checkpoint_that_stands_in_for_a_training_costs_its_weights_alone():
    sets = {run.set_name for run in make_plan(recipe()).runs if run.task_set}
    table = recipe().model_dump() | {"intermediate": {"checkpoints": dict.fromkeys(sets, "group/model")}}
    plan = make_plan(parse_recipe(table, "x"))
    costs = estimate(plan).steps
    assert {costs[step.key] for step in plan.of_kind("intermediate")} == {(0.0, 560e6 * 4)}


def test_an_evaluation_counts_the_pool_it_searches():
    plan = make_plan(recipe())
    step = next(one for one in plan.of_kind("evaluation") if one.args["target"] == "mewslix")
    seconds, _ = estimate(plan).steps[step.key]
    queries = 14_624 // 11 * 2
    assert seconds == pytest.approx(2 * 304e6 * (queries + 1_003_893) * 100 / PEAK)


def test_assumptions_are_named_and_a_recipe_overrides_them():
    plan = make_plan(recipe(model="mine/own-model"))
    told = " ".join(estimate(plan).assumptions)
    assert "A100" in told
    assert "35% of 312 TFLOP/s" in told
    assert "mine/own-model is as large as xlm-roberta-large" in told
    other = make_plan(
        recipe(model="mine/own-model", costs={"parameters": 10**9, "utilisation": 0.7, "accelerator": "ours"})
    )
    assert "one ours at 70%" in " ".join(estimate(other).assumptions)
    assert not any("as large as" in line for line in estimate(other).assumptions)


def test_a_split_of_unread_size_is_named():
    plan = make_plan(recipe(targets=["bucc2018", "xnli"], benchmarks=["xtreme", "xtreme-r"]))
    assert not any("not read" in line for line in estimate(plan).assumptions)
    plan = make_plan(recipe(targets=["siqa", "xcopa"][1:], languages=["zh"], benchmarks=["xtreme-r", "xtreme-r-mini"]))
    assert estimate(plan).steps.keys() == plan.steps.keys()


def test_the_packaged_backbone_and_frozen_ones_keep_their_measured_costs():
    assert applies(make_plan(recipe()))
    assert not applies(make_plan(recipe(model="e5-small-q4")))
    assert not applies(make_plan(recipe(control="overlap")))


def test_shared_steps_are_those_of_several_runs_or_benchmarks():
    plan = make_plan(recipe(targets=["xnli", "mewslix"]))
    used = plan.users()
    pretrained = plan.of_kind("pretrained")[0]
    assert used[pretrained.key] == ({run.name for run in plan.runs}, {"xtreme", "xtreme-r"})
    for step in plan.of_kind("evaluation"):
        runs, names = used[step.key]
        assert len(runs) == 1
        assert names == ({"xtreme-r"} if step.args["target"] == "mewslix" else {"xtreme", "xtreme-r"})
    counted = plan.shared()
    assert counted["either"] >= max(counted["runs"], counted["benchmarks"]) > 0


def test_a_dry_run_of_a_whole_model_tells_gpu_hours_disk_and_assumptions_without_torch(tmp_path):
    (tmp_path / "r.toml").write_text(
        '[study]\nname = "x"\nbenchmarks = ["xtreme", "xtreme-r"]\ntargets = ["xnli"]\nseeds = 2\n'
        '[backbone]\nmodel = "xlm-roberta-large"\n'
    )
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('TORCH', 'torch' in sys.modules))\n"
        "sys.argv = ['xstats', 'run', 'r.toml', '--dry-run']\n"
        "from xtransfer_stats.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "GPU hours" in done.stdout
    assert "GB of disk" in done.stdout
    assert "serve more than one run or benchmark" in done.stdout
    assert "TFLOP/s" in done.stdout
    assert "TORCH False" in done.stdout
