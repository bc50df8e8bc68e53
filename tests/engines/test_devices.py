"""Devices of workers: read, shared out round robin, counted without torch; none of it in a step's key."""

import json

import pytest
from tests.engines import made_up_work

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.engines.local import LocalEngine, grouped, parse, share, workers_for
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step


class Deaf:
    """A listener that does not listen."""

    def __getattr__(self, name):
        return lambda *args, **options: None


def test_a_list_is_read_and_shared_out():
    devices = parse("cuda:0, cuda:1")
    assert [share(devices, number) for number in range(3)] == ["cuda:0", "cuda:1", "cuda:0"]
    assert [share(parse("auto"), number) for number in range(2)] == ["auto:0", "auto:1"]
    assert share(parse("cpu"), 5) == "cpu"


@pytest.mark.parametrize("text", ["gpu", "cuda", "cuda:0,cuda:0", "auto,cpu", ""])
def test_a_wrong_list_is_refused(text):
    with pytest.raises(RecipeError, match=f"^devices '{text}': give cpu, auto, or different devices") as caught:
        parse(text)
    assert caught.value.in_options().startswith(f"--devices '{text}': give cpu, auto, or different devices")


def test_one_worker_a_gpu_else_the_cores_decide(tmp_path, monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert workers_for(("cpu",)) is None
    assert workers_for(("cuda:0", "cuda:1")) == 2
    assert workers_for(("auto",), tmp_path) is None
    for name in ("nvidia0", "nvidia1", "nvidiactl"):
        (tmp_path / name).touch()
    assert workers_for(("auto",), tmp_path) == 2
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert workers_for(("auto",), tmp_path) == 1


def test_a_worker_tells_the_work_its_device(tmp_path):
    store = Store(tmp_path / "store").create()
    step = Step("pretrained", "root", {"value": 1}, {}, {"folder": "x"})
    work = f"{made_up_work.__name__}:tell_places"
    outcome = LocalEngine(1, work, ("cuda:7",)).run({step.key: step}, [step.key], store, Deaf())
    assert outcome.sound
    assert json.loads((store.read(step) / "places.json").read_text()) == {"folder": "x", "device": "cuda:7"}


def test_a_step_may_be_given_several_devices():
    assert grouped(parse("cuda:0,cuda:1,cuda:2,cuda:3"), 2) == ("cuda:0+cuda:1", "cuda:2+cuda:3")
    assert grouped(parse("cpu"), 2) == ("cpu+cpu",)
    assert [share(grouped(parse("auto"), 2), number) for number in (0, 1)] == ["auto:0+auto:1", "auto:2+auto:3"]
    assert workers_for(grouped(parse("cuda:0,cuda:1,cuda:2,cuda:3"), 2)) == 2
    for text, size in (("cuda:0,cuda:1,cuda:2", 2), ("cpu", 0)):
        with pytest.raises(RecipeError, match=r"^devices_per_step") as caught:
            grouped(parse(text), size)
        values = f"--devices-per-step {size} with --devices {text}: give a number from 1 up"
        assert caught.value.in_options() == f"{values} that divides the number of devices"
