"""What steps ask of a cluster, and options that no cluster can give."""

import pytest

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.engines.demands import Cluster, Demand, Demands, Node, share_by_size
from xtransfer_stats.study.step import Step
from xtransfer_stats.verbs.run import run

CPUS = Cluster((Node("1", "a", 8, 0), Node("2", "b", 8, 0)))
GPUS = Cluster((Node("1", "a", 8, 0), Node("2", "b", 8, 2)))


def step(kind):
    return Step(kind, "x", {}, {})


def test_a_training_asks_for_a_share_by_the_backbones_size():
    assert [share_by_size(size) for size in (118e6, 278e6, 560e6)] == [0.25, 0.5, 1.0]


def test_each_kind_asks_for_its_own_and_nothing_where_there_is_no_gpu():
    asked = {kind: Demands(default=0.5).of(step(kind), GPUS).gpus for kind in ("target", "evaluation", "pretrained")}
    assert asked == {"target": 0.5, "evaluation": 0.25, "pretrained": 0.0}
    assert Demands(default=0.5).of(step("target"), CPUS) == Demand(1.0, 0.0)
    assert Demands(0.0).of(step("target"), GPUS).gpus == 0.0
    assert Demands(4.0).of(step("features"), GPUS).gpus == 0.5


def test_the_number_of_workers_is_that_of_trainings_at_once():
    assert Demands().at_once(CPUS) == 16
    assert Demands(default=0.5).at_once(GPUS) == 4
    assert Demands(1.0).at_once(GPUS) == 2


def test_shares_of_a_gpu_add_up():
    half = Demand(gpus=0.5)
    assert GPUS.fits(half, [half] * 3)
    assert not GPUS.fits(half, [half] * 4)
    assert GPUS.fits(Demand(), [half] * 4)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"engine": "ray", "gpus_per_step": 1.5},
            "--gpus-per-step 1.5: give 0, a share such as 0.25, or a whole number",
        ),
        ({"engine": "ray", "gpus_per_step": -1}, "--gpus-per-step -1: give 0, a share"),
        ({"engine": "ray", "gpus_per_step": float("nan")}, "--gpus-per-step nan: give 0, a share"),
        ({"gpus_per_step": 0.5}, "--gpus-per-step 0.5 is for --engine ray"),
        ({"address": "10.0.0.1:6379"}, "--address '10.0.0.1:6379' is for --engine ray"),
    ],
)
def test_options_of_a_cluster_are_refused_by_name(tmp_path, options, told):
    with pytest.raises(RecipeError) as caught:
        run("quick", store=tmp_path / "store", **options)
    assert caught.value.in_options().startswith(told)
    assert not (tmp_path / "store").exists()
