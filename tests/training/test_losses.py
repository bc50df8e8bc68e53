"""Losses are read now and then: what is told of a training does not depend on when."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

import torch
from tests.training.conftest import Bench
from tests.training.test_protocol import train

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training import losses
from xtransfer_stats.training.hardware import CPU
from xtransfer_stats.training.losses import Losses


@pytest.fixture(params=[1, 5, 100])
def every(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setitem(losses.READ_EVERY, "cpu", request.param)
    return request.param


@pytest.mark.parametrize("accumulation", [1, 3])
def test_a_history_is_the_same_however_rarely_losses_are_read(
    bench: Bench, accumulation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Path] = []
    for every in (1, 4, 100):
        monkeypatch.setitem(losses.READ_EVERY, "cpu", every)
        found.append(train(bench, accumulation=accumulation))
    assert len({(folder / "training.json").read_bytes() for folder in found}) == 1
    assert json.loads((found[0] / "training.json").read_text())["rows"][0]["loss"] > 0


def test_a_divergence_is_named_by_its_first_step_however_late_it_is_read(bench: Bench, every: int) -> None:
    reached: list[int] = []
    bench.heard = lambda done, total: reached.append(done) if total == 12 else None
    with pytest.raises(
        DataError, match=r"the loss is (nan|inf) at step 2 of 12: the training diverged.*the last good step is 1"
    ):
        train(bench, learning_rate=1e30)
    assert max(reached, default=0) == {1: 1, 5: 4, 100: 5}[every]  # an evaluation after 6 steps reads them in any case


def test_the_first_of_several_broken_steps_is_told(every: int) -> None:
    held = Losses(CPU)
    for value in (1.0, 2.0, float("inf"), float("nan")):
        held.add([(torch.tensor(value), 0.25), (torch.tensor(value), 0.75)])
    assert held.due is (every <= 4)
    assert held.read() == (3, float("inf"))
    assert held.read() is None


def test_a_mean_is_over_the_steps_since_the_last_one() -> None:
    held = Losses(CPU)
    for value in (1.0, 2.0):
        held.add([(torch.tensor(value), 1.0)])
        assert held.read() is None
    assert held.mean() == 1.5
    held.add([(torch.tensor(4.0), 1.0)])
    held.read()
    assert held.mean() == 4.0
