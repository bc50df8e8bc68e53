"""Every architecture through the engines: one study of all, killed, gone on with, and on Ray, has the same frame."""

import contextlib
import os
import signal
import subprocess
import time

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("hassil", reason="the embedded extra is not installed")

from tests.end_to_end.study import XSTATS, frame, published, xstats
from tests.training.architectures import ARCHITECTURES, save_architecture

pytestmark = pytest.mark.end_to_end
RECIPE = """
[study]
name = "architectures"
benchmarks = ["xtreme-mini", "xtreme-r-mini"]
targets = ["xnli", "tatoeba", "xcopa"]
languages = ["de"]
seeds = 1
tasks = [1]
[backbone]
model = {models}
max_length = 32
{more}
[source]
train = 8
dev = 4
test = 4
[intermediate]
tasks = ["qqp"]
settings = {{ steps = 2, evaluate_every = 2, batch_size = 4, learning_rate = 1e-2 }}
[target]
settings = {{ steps = 2, evaluate_every = 2, batch_size = 4, learning_rate = 1e-2 }}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("architectures")
    for name in ARCHITECTURES:
        save_architecture(folder / name, name, head=True)
    return folder


# With --json a run ends without the comparison of its backbones, of which there are many here.
def recipe(place, names, more=""):
    models = [str(place / name) for name in names]
    file = place / f"{len(names)}-{abs(hash(more))}.toml"
    file.write_text(RECIPE.format(models=models, more=more), encoding="utf-8")
    return file


def killed_on_the_way(file, store, least):
    """Kill the run once so many steps are done; returns what was published then."""
    command = [*XSTATS, "run", str(file), "--store", str(store), "--workers", "1"]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    until = time.monotonic() + 500
    while len(published(store)) < least and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return published(store)


def test_a_study_of_all_architectures_goes_on_after_kills_with_the_same_frame(place, tmp_path):
    file = recipe(place, ARCHITECTURES)
    xstats("run", file, "--store", tmp_path / "whole", "--workers", 1, "--json")
    steps = len(published(tmp_path / "whole"))
    done = {}
    for least in (steps // 4, steps // 2, 3 * steps // 4):
        now = killed_on_the_way(file, tmp_path / "store", least)
        assert done.items() <= now.items()
        assert len(now) >= least
        done = now
    xstats("run", file, "--store", tmp_path / "store", "--workers", 1, "--json")
    assert done.items() <= published(tmp_path / "store").items()
    told = frame(tmp_path / "whole")
    assert frame(tmp_path / "store") == told
    assert all(str(place / name) in told for name in ARCHITECTURES)


@pytest.mark.parametrize("more", ["", 'adapter = "lora"'])
def test_ray_gives_the_local_frame(place, tmp_path, more):
    pytest.importorskip("ray", reason="the ray extra is not installed")
    if more:
        pytest.importorskip("peft", reason="the adapters extra is not installed")
    file = recipe(place, ["XLM-R", "ModernBERT", "mT5", "Qwen3"], more)
    xstats("run", file, "--store", tmp_path / "local", "--workers", 1, "--json")
    xstats("run", file, "--store", tmp_path / "ray", "--engine", "ray", "--json")
    assert frame(tmp_path / "ray") == frame(tmp_path / "local")


def test_adapters_go_on_after_a_kill(place, tmp_path):
    pytest.importorskip("peft", reason="the adapters extra is not installed")
    file = recipe(place, ["BERT", "Gemma"], 'adapter = "lora"\nadapter_rank = 2')
    xstats("run", file, "--store", tmp_path / "whole", "--workers", 1, "--json")
    done = killed_on_the_way(file, tmp_path / "store", len(published(tmp_path / "whole")) // 2)
    xstats("run", file, "--store", tmp_path / "store", "--workers", 1, "--json")
    assert done.items() <= published(tmp_path / "store").items()
    assert frame(tmp_path / "store") == frame(tmp_path / "whole")
    weights = list((tmp_path / "whole").glob("steps/target/*/encoder.safetensors"))
    assert weights
    assert max(file.stat().st_size for file in weights) < (place / "BERT" / "model.safetensors").stat().st_size / 4
