"""The Ray engine: steps on a cluster whose machines and processes go, and addresses at which there is none."""

import contextlib
import os
import signal
import socket
import threading
import time

import pytest
from tests.engines import made_up_work
from tests.engines.test_local import Ear, chain, named, value
from tests.places import ROOT

from xtransfer_stats.base.errors import RecipeError, StudyIncomplete
from xtransfer_stats.engines.demands import Demands
from xtransfer_stats.engines.ray import RayEngine
from xtransfer_stats.store.store import State, Store

pytest.importorskip("ray", reason="the ray extra is not installed")

WORK = f"{made_up_work.__name__}:run_step"
ENVIRONMENT = {"env_vars": {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store").create()


@contextlib.contextmanager
def cluster_of(*nodes):
    """A Ray cluster on this machine: a head and further nodes, each with these resources; yields it and the nodes."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False} | nodes[0])
    try:
        yield cluster, [cluster.add_node(**more) for more in nodes[1:]]
    finally:
        with contextlib.suppress(Exception):
            cluster.shutdown()


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
