"""What a GPU computes: the processor's losses and scores within stated bounds, without being waited for in a step."""

import json
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

import torch
from safetensors.torch import load_file
from tests.training import examples
from tests.training.conftest import Bench
from tests.training.test_phases import MAKERS as FAMILIES
from tests.training.test_variants import sentences

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training import hardware, loop, recording
from xtransfer_stats.training.hardware import INFERENCE_TOKENS, inference_tokens

pytestmark = pytest.mark.skipif(torch.cuda.device_count() == 0, reason="no GPU here")

GPU = "cuda:0"
SETTINGS = {"steps": 16, "batch_size": 8, "learning_rate": 1e-3, "evaluate_every": 8, "dropout": 0.0,
            "precision": "fp32"}  # fmt: skip
MAKERS = {family: maker for family, (maker, _) in FAMILIES.items()}
FP32, BF16 = 1e-3, 3e-2  # bounds of a loss: relative in fp32; in bf16, whose numbers have 8 bits, absolute too


def target(
    bench: Bench, device: str, family: Family = Family.CLASSIFICATION, freeze: int | None = None, **changes
) -> Path:
    """A target step on a device, from features made on the processor."""
    pretrained, maker = bench.pretrained("xlmr"), MAKERS[family]
    args = {"training": "t", "family": str(family), "settings": SETTINGS | changes, "seed": 5, "freeze": freeze,
            "control": "none", "places": {"device": device}}  # fmt: skip
    train = bench.features(pretrained, maker(44), freeze)
    dev = bench.features(pretrained, maker(16, "dev", seed=1), freeze)
    return bench.run("target", args, pretrained=pretrained, train=train, dev=dev)


def losses(folder: Path) -> list[float]:
    return [row["loss"] for row in json.loads((folder / "training.json").read_text())["rows"]]


def furthest(left: Path, right: Path, name: str = "encoder.safetensors") -> float:
    mine, theirs = load_file(left / name), load_file(right / name)
    return max(float((mine[key] - theirs[key]).abs().max()) for key in mine if mine[key].is_floating_point())


@pytest.mark.parametrize("freeze", [None, 1])
@pytest.mark.parametrize("family", MAKERS)
def test_a_gpu_trains_as_the_processor_does(bench: Bench, family: Family, freeze: int | None) -> None:
    cpu, gpu = (target(bench, device, family, freeze) for device in ("cpu", GPU))
    assert bench.facts["device"] == torch.cuda.get_device_name(0)
    assert losses(gpu) == pytest.approx(losses(cpu), rel=FP32)
    assert furthest(cpu, gpu) < 2e-3  # 16 steps of Adam at rate 1e-3 move a weight by up to 1e-2


@pytest.mark.parametrize("family", MAKERS)
def test_evaluations_on_a_gpu_decide_as_the_processor_does(bench: Bench, family: Family) -> None:
    tuned, pretrained = target(bench, "cpu", family, steps=60, learning_rate=3e-3), bench.pretrained("xlmr")
    test = bench.features(pretrained, MAKERS[family](24, "test", seed=2), None)
    found = []
    for device in ("cpu", GPU):
        args = {"target": "t", "family": str(family), "metrics": FAMILIES[family][1], "languages": ["en"],
                "settings": SETTINGS, "freeze": None, "head_family": None, "control": "none",
                "places": {"device": device}}  # fmt: skip
        out = bench.run("evaluation", args, pretrained=pretrained, encoder=tuned, test__en=test)
        found.append(json.loads((out / "scores.json").read_text())["languages"])
    assert found[0] == found[1]


def test_frozen_layers_run_on_a_gpu_as_on_the_processor(bench: Bench) -> None:
    pretrained, split = bench.pretrained(), examples.classification(24)
    bench.source.add(split)
    states = []
    for device in ("cpu", GPU):
        args = {"source": "fake", "places": {"source": {"kind": "fake"}, "device": device}, "dataset": split.dataset,
                "split": split.split, "language": "en", "limit": None, "fingerprint": "v1",
                "family": "classification", "max_length": 64, "freeze": 1,
                "settings": {"precision": "fp32"}}  # fmt: skip
        states.append(load_file(bench.run("features", args, pretrained=pretrained) / "units.safetensors")["hidden"])
    assert torch.allclose(*(one.float() for one in states), atol=2e-3)  # stored in fp16


@pytest.mark.parametrize("precision", ["bf16", "fp16", "auto"])
def test_mixed_precision_stays_near_fp32(bench: Bench, precision: str) -> None:
    full, mixed = (target(bench, GPU, precision=name) for name in ("fp32", precision))
    assert losses(mixed) == pytest.approx(losses(full), rel=BF16, abs=BF16)
    assert bench.facts["arithmetic"] == {"fp16": "float16"}.get(precision, "bfloat16")


@pytest.mark.parametrize("family", MAKERS)
def test_parts_of_a_batch_sum_to_the_whole(bench: Bench, family: Family) -> None:
    whole, parts = (losses(target(bench, GPU, family, accumulation=count)) for count in (1, 3))
    assert whole == pytest.approx(parts, rel=FP32)


def test_gradient_checkpointing_changes_memory_alone(bench: Bench) -> None:
    plain, saving = (losses(target(bench, GPU, gradient_checkpointing=on)) for on in (False, True))
    assert plain == pytest.approx(saving, rel=1e-5)


def test_a_training_goes_on_from_a_gpus_weights(bench: Bench) -> None:
    first, pretrained = target(bench, GPU, freeze=1), bench.pretrained("xlmr")
    roles = {split: bench.features(pretrained, examples.classification(24, split), 1) for split in ("train", "dev")}
    found = []
    for device in ("cpu", GPU):
        args = {"training": "t", "family": "classification", "settings": SETTINGS, "seed": 5, "freeze": 1,
                "control": "none", "continues": "t", "places": {"device": device}}  # fmt: skip
        found.append(losses(bench.run("target", args, pretrained=pretrained, encoder=first, **roles)))
    assert found[0] == pytest.approx(found[1], rel=FP32)
    assert found[0][0] < losses(first)[0]


def test_retrieval_and_masked_lm_train_on_a_gpu(bench: Bench) -> None:
    pretrained, family = bench.pretrained("xlmr"), Family.ENTITY_RETRIEVAL
    pairs = bench.features(pretrained, examples.retrieval(family, "train", "en"), None)
    roles = {"train__a": bench.features(pretrained, examples.classification(), None),
             "dev__a": bench.features(pretrained, examples.classification(16, "dev", seed=1), None)}  # fmt: skip
    roles |= {f"mlm__{code}": bench.features(pretrained, sentences(code), None) for code in ("de", "en")}
    both: list[list[list[float]]] = []
    for device in ("cpu", GPU):
        told = {"settings": SETTINGS, "seed": 5, "freeze": None, "places": {"device": device}}
        one = bench.run("target", told | {"training": "m", "family": str(family), "control": "none"},
                        pretrained=pretrained, train=pairs, dev=pairs)  # fmt: skip
        two = bench.run(
            "intermediate",
            told | {"tasks": [{"name": "a", "family": "classification"}],
                    "mlm": {"languages": ["de", "en"], "alpha": 0.3, "batch_size": 8}},
            pretrained=pretrained, **roles,
        )  # fmt: skip
        both.append([losses(one), losses(two)])
    for cpu, gpu in zip(*both, strict=True):
        assert gpu == pytest.approx(cpu, rel=FP32)


@contextmanager
def strict():
    """A while in which waiting for the GPU is an error."""
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.parametrize("freeze", [None, 1])
@pytest.mark.parametrize("family", MAKERS)
def test_no_step_waits_for_the_gpu(
    bench: Bench, family: Family, freeze: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, made = loop._update, []

    def update(*args):
        with strict():
            made.append(plain(*args))
        return made[-1]

    monkeypatch.setattr(loop, "_update", update)
    target(bench, GPU, family, freeze, precision="bf16", accumulation=2)
    assert len(made) == SETTINGS["steps"]


def test_a_gpus_divergence_is_named_by_its_first_step(bench: Bench) -> None:
    with pytest.raises(DataError, match=r"the loss is (nan|inf) at step [2-6] of 16.*learning_rate = 1e\+30"):
        target(bench, GPU, learning_rate=1e30)


def test_compiled_layers_learn_what_the_others_learn(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = losses(target(bench, GPU))
    monkeypatch.setattr(hardware, "COMPILED_FROM", 1)
    assert losses(target(bench, GPU)) == pytest.approx(plain, rel=FP32)
    assert losses(target(bench, GPU, freeze=1)) == pytest.approx(losses(target(bench, "cpu", freeze=1)), rel=FP32)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("freeze", [None, 1])
@pytest.mark.parametrize("family", MAKERS)
def test_replayed_steps_learn_what_the_others_learn(
    bench: Bench, family: Family, freeze: int | None, compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if compiled:
        monkeypatch.setattr(hardware, "COMPILED_FROM", 1)
    plain, replayed = recording._Recording.replay, []

    def replay(self, part):
        with strict():
            replayed.append(plain(self, part))
        return replayed[-1]

    monkeypatch.setattr(recording._Recording, "replay", replay)
    found = losses(target(bench, GPU, family, freeze, precision="bf16", steps=32))
    assert len(replayed) >= 12
    monkeypatch.setattr(recording, "AFTER", 10**9)
    count = len(replayed)
    expected = losses(target(bench, GPU, family, freeze, precision="bf16", steps=32))
    assert len(replayed) == count
    assert found == pytest.approx(expected, rel=1e-2)


def test_replayed_steps_draw_a_new_dropout_each(bench: Bench) -> None:
    changes = {"precision": "bf16", "steps": 12, "evaluate_every": 1, "early_stopping": "none"}
    for dropout, different in ((0.0, 1), (0.3, 12)):
        folder = target(bench, GPU, dropout=dropout, learning_rate=1e-12, batch_size=44, **changes)
        assert len({round(loss, 4) for loss in losses(folder)}) >= 0.7 * different


def test_recordings_share_their_memory() -> None:
    memory, held = recording.Memory(torch.device(GPU)), []
    torch.cuda.empty_cache()
    before = torch.cuda.memory_reserved()
    for size in (64, 60, 56, 52, 48):

        def work(size: int = size) -> list:
            states = torch.ones(size, 2**20, device=GPU)
            for _ in range(3):
                states = states * 2
            return [(states.mean(), 1.0)]

        held.append(recording.captured(work, memory))
    for run, [(mean, _)] in held:
        run()
        assert mean.item() == 8.0
    assert torch.cuda.memory_reserved() - before < 3 * 64 * 2**22  # two of the first's at a time


def test_batches_of_an_evaluation_grow_with_the_free_memory() -> None:
    device = torch.device(GPU)
    free, _ = torch.cuda.mem_get_info(device)
    assert INFERENCE_TOKENS <= inference_tokens(device, 1024) <= 65536
    if free > 40e9:
        assert inference_tokens(device, 1024) == 65536
    assert inference_tokens(device, 10**9) == INFERENCE_TOKENS


def test_one_step_twice_gives_one_result(bench: Bench) -> None:
    one, two = (target(bench, GPU, dropout=0.1) for _ in range(2))
    assert losses(one) == pytest.approx(losses(two), rel=1e-4)
    difference = furthest(one, two)
    print(f"the same step twice: weights differ by at most {difference:.2g}")
    assert np.isfinite(difference)
