"""The Ray engine: steps on a cluster whose machines and processes go, and addresses at which there is none."""

import contextlib
import json
import os
import threading
import time

import pytest
from tests.engines import made_up_work
from tests.engines.raycluster import cluster_of
from tests.engines.test_local import Ear, chain, named, value
from tests.places import ROOT

from xtransfer_stats.base.errors import RecipeError, StudyIncomplete
from xtransfer_stats.engines.demands import Demands
from xtransfer_stats.engines.engine import Budget, Limits
from xtransfer_stats.engines.ray import RayEngine
from xtransfer_stats.store.store import State, Store
from xtransfer_stats.study.step import Step

pytest.importorskip("ray", reason="the ray extra is not installed")

WORK = f"{made_up_work.__name__}:run_step"
ENVIRONMENT = {"env_vars": {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store").create()


@pytest.fixture(scope="module")
def cluster():
    """One node of two cores; tests add others and take them away."""
    with cluster_of({"num_cpus": 2}) as (made, _):
        yield made


def run(steps, store, address=None, **options):
    ear = Ear()
    missing = [key for key, step in steps.items() if store.state(step)[0] is not State.DONE]
    engine = RayEngine(address, WORK, runtime_env=ENVIRONMENT, **options)
    return engine.run(steps, missing, store, ear), ear


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("garbage", "that is no HOST:PORT"),
        ("", "that is no HOST:PORT"),
        ("127.0.0.1:99999", "that is no HOST:PORT"),
        ("127.0.0.1:1", "nobody answers there"),
        ("no.such.host.invalid:6379", "nobody answers there"),
        ("ray://127.0.0.1:10001", "Ray's client protocol is not used here"),
        ("auto", "Could not find any running Ray instance"),
    ],
)
def test_an_address_without_a_cluster_is_one_error_that_names_it(store, address, why):
    with pytest.raises(RecipeError) as caught:
        run(chain(), store, address)
    assert caught.value.in_options().startswith(f"--address {address!r}: {why}")
    assert "give HOST:PORT of the cluster's head" in str(caught.value)


def test_on_one_machine_ray_listens_on_127_0_0_1_alone_and_what_fails_is_told(store):
    psutil = pytest.importorskip("psutil")
    steps = chain(b={"raises": "no luck"}, a={"sleep": 3})
    seen = set()

    def look():
        while not done.wait(0.5):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    seen.update(one.laddr for one in process.net_connections("inet") if one.status == "LISTEN")

    done = threading.Event()
    watcher = threading.Thread(target=look)
    watcher.start()
    outcome, ear = run(steps, store, num_cpus=2)
    done.set()
    watcher.join()
    by_name = named(steps)
    assert value(store, by_name["a"]) == 11
    assert list(outcome.failed) == [by_name["b"].key]
    assert "ValueError: no luck" in outcome.failed[by_name["b"].key]
    assert outcome.skipped == [by_name["leaf"].key]
    assert ear.count("placed")["a"] == 1
    assert seen
    assert {address.ip.removeprefix("::ffff:") for address in seen} == {"127.0.0.1"}
    assert 8265 not in {address.port for address in seen}
    assert list((store.root / "aside").iterdir()) == []


def test_a_lost_worker_is_replaced_in_the_same_run_and_a_step_that_always_takes_it_along_fails(
    store, tmp_path, cluster
):
    steps = chain(a={"once": str(tmp_path / "mark")}, b={"killed": True})
    outcome, ear = run(steps, store, cluster.address)
    by_name = named(steps)
    assert value(store, by_name["a"]) == 11
    assert ear.count("retried") == {"a": 1, "b": 3}
    assert list(outcome.failed) == [by_name["b"].key]
    assert outcome.failed[by_name["b"].key].startswith("lost in each of 4 tries, the last time: its worker process")
    assert outcome.skipped == [by_name["leaf"].key]
    assert any("the last line of its log" in why for why in ear.reasons)
    assert list((store.root / "aside").iterdir()) == []


def test_a_node_that_joins_is_used_and_one_that_is_removed_loses_no_step(store, cluster):
    steps = [Step("target", str(number), {"value": number, "sleep": 6}, {}) for number in range(7)]
    steps = {step.key: step for step in steps}
    added, ear = [], Ear()

    def add():
        if not added:
            added.append(cluster.add_node(num_cpus=2))

    def remove():
        at_work = sum(ear.count("placed").values()) - sum(ear.count("finished").values())
        if at_work > 2 and len(added) == 1:  # more than the first node has cores
            added.append(cluster.remove_node(added[0], allow_graceful=False))

    ear.when = {"started": add, "placed": remove}
    outcome = RayEngine(cluster.address, WORK, runtime_env=ENVIRONMENT).run(steps, list(steps), store, ear)
    assert outcome.sound
    assert ear.count("finished") == dict.fromkeys(named(steps), 1)
    assert list(ear.count("resized")) == [4, 2]
    assert 1 <= sum(ear.count("retried").values()) <= 2
    assert max(ear.count("started").values()) == 2


def test_declared_gpus_place_trainings_and_a_number_that_no_machine_has_is_refused(store, cluster):
    tells = {"tells": True, "sleep": 1}
    steps = chain(a=tells, b=tells, root={"tells": True})
    node = cluster.add_node(num_cpus=2, num_gpus=1)
    try:
        with pytest.raises(RecipeError, match=r"^gpus_per_step 2: no machine of the cluster has more GPUs than 1"):
            run(steps, store, cluster.address, demands=Demands(2.0))
        outcome, _ = run(steps, store, cluster.address, demands=Demands(1.0))
    finally:
        cluster.remove_node(node)
    assert outcome.sound
    by_name = named(steps)
    told = {name: json.loads((store.folder(by_name[name]) / "told.json").read_text()) for name in "ab"}
    assert {one["node"] for one in told.values()} == {node.node_id}
    assert {one["gpus"] for one in told.values()} == {"0"}
    (a, b) = (told[name]["time"] for name in "ab")
    assert a[1] <= b[0] or b[1] <= a[0]  # one GPU, a whole one each


def test_the_driver_waits_where_another_process_holds_all_that_is_left(store, cluster):
    steps = chain()
    with store.claimed(named(steps)["root"]) as mine:
        assert mine
        engine, ear = RayEngine(cluster.address, WORK, runtime_env=ENVIRONMENT), Ear()
        with engine.ready():
            cpu, wall = time.process_time(), time.monotonic()
            outcome = engine.run(steps, list(steps), store, ear, Limits(Budget(10, lambda step: 0.0)))
            cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    assert len(outcome.put_off) == 4
    assert set(ear.count("started")) == {"root"}
    assert cpu < wall / 4  # a driver that spins takes a whole core


def test_a_lost_head_ends_the_run_in_our_own_words_and_what_is_done_is_kept(store):
    steps = chain(a={"sleep": 60}, b={"sleep": 60})
    with cluster_of({"num_cpus": 2}) as (cluster, _):
        ear, address = Ear(), cluster.address
        ear.when["finished"] = lambda: cluster.head_node.kill_gcs_server(check_alive=False)
        with pytest.raises(StudyIncomplete) as caught:
            RayEngine(cluster.address, WORK, runtime_env=ENVIRONMENT).run(steps, list(steps), store, ear)
    told = str(caught.value)
    assert told.startswith(f"the Ray cluster at {address} is lost: ")
    assert "1 of 4 steps of this run are done and kept. Issue the same command again" in told
    assert store.state(named(steps)["root"])[0] is State.DONE
