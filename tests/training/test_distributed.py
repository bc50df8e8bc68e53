"""A step trained by two processes learns what one learns."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("accelerate", reason="the train extra is not installed")

from safetensors.torch import load_file
from tests.training import examples

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training.phases import run_step


def settings(**changes):
    values = {"steps": 6, "evaluate_every": 3, "batch_size": 8, "accumulation": 2, "learning_rate": 1e-3,
              "dropout": 0.0, "precision": "fp32"}  # fmt: skip
    return Settings(**{**values, **changes}).args()


def trained(bench, tmp_path, name, device, **changes):
    pretrained = bench.pretrained()
    inputs = {
        "pretrained": pretrained,
        "train": bench.features(pretrained, examples.classification(), None),
        "dev": bench.features(pretrained, examples.classification(16, "dev", seed=1), None),
    }
    args = {"training": "switch", "family": "classification", "settings": settings(**changes), "seed": 5,
            "freeze": None, "places": {"device": device}}  # fmt: skip
    out = tmp_path / name
    out.mkdir()
    heard = []
    facts = run_step("target", args, inputs, out, lambda done, total: heard.append((done, total)))
    return out, facts, heard


def test_two_processes_learn_what_one_learns(bench, tmp_path):
    one, facts, _ = trained(bench, tmp_path, "one", "cpu")
    two, shared, heard = trained(bench, tmp_path, "two", "cpu+cpu")
    assert shared["processes"] == 2
    assert "processes" not in facts
    assert heard[-1] == (6, 6)
    histories = [json.loads((out / "training.json").read_text()) for out in (one, two)]
    for left, right in zip(*(history["rows"] for history in histories), strict=True):
        assert left["loss"] == pytest.approx(right["loss"], abs=1e-5)
        assert left["dev"] == right["dev"]
    for name in ("encoder.safetensors", "head.safetensors"):
        left, right = load_file(one / name), load_file(two / name)
        assert all((left[key] - right[key]).abs().max() < 1e-5 for key in left)


def test_an_error_of_a_process_comes_back_as_it_was(bench, tmp_path):
    with pytest.raises(DataError, match="precision = 'fp16' needs a GPU"):
        trained(bench, tmp_path, "bad", "cpu+cpu", precision="fp16")


@pytest.mark.skipif(shutil.which("pgrep") is None, reason="pgrep, which counts the processes, is not on this machine")
def test_a_killed_worker_leaves_no_process_behind(bench, tmp_path):
    pretrained = bench.pretrained()
    split = bench.features(pretrained, examples.classification(), None)
    code = (
        "import sys, json\n"
        "from pathlib import Path\n"
        "from xtransfer_stats.training.phases import run_step\n"
        "args, inputs, out = json.loads(sys.argv[1])\n"
        "inputs = {role: Path(place) for role, place in inputs.items()}\n"
        "run_step('target', args, inputs, Path(out), lambda done, total: print(done, flush=True))\n"
    )
    args = {"training": "switch", "family": "classification", "settings": settings(steps=100000), "seed": 5,
            "freeze": None, "places": {"device": "cpu+cpu"}}  # fmt: skip
    inputs = {"pretrained": str(pretrained), "train": str(split), "dev": str(split)}
    (tmp_path / "out").mkdir()
    task = json.dumps([args, inputs, str(tmp_path / "out")])
    worker = subprocess.Popen([sys.executable, "-c", code, task], stdout=subprocess.PIPE, text=True)
    assert worker.stdout.readline()  # training is under way
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    for _ in range(30):
        left = subprocess.run(["pgrep", "-f", "xtransfer_stats.training.distributed"], capture_output=True, text=True)
        if not left.stdout.strip():
            return
        time.sleep(0.5)
    raise AssertionError(f"processes are left: {left.stdout}")
