"""Steps that are replayed for batches alike give what steps made one by one give; rows and labels filled up too."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

import torch
from safetensors.torch import load_file
from tests.training import examples
from tests.training.conftest import Bench
from tests.training.test_packing import text_by_text
from tests.training.test_phases import MAKERS as FAMILIES
from tests.training.test_variants import sentences

from xtransfer_stats.study.settings import Settings
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training import backbone, batches, hardware, packing, recording, tuning
from xtransfer_stats.training.features import Features, read_features
from xtransfer_stats.training.hardware import CPU
from xtransfer_stats.training.heads import filled

SETTINGS = {"steps": 24, "batch_size": 8, "learning_rate": 1e-3, "evaluate_every": 12, "dropout": 0.0,
            "precision": "fp32"}  # fmt: skip


def captured(work, memory):
    """A recording on a processor: each replay does the work again, from the memory of the part that was recorded."""
    losses = []

    def replay():
        made = work()
        for (kept, _), (loss, _) in zip(losses, made, strict=True):
            kept.copy_(loss)

    losses += [(torch.zeros(()), 1.0)]
    return replay, losses


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A processor that packs and records like a GPU; gives how many steps each recorder made, and replayed."""
    counts: list[int] = []
    moved = batches.Batch.to
    monkeypatch.setattr(hardware.Precision, "packs", True)
    monkeypatch.setattr(packing, "within_texts", text_by_text)
    monkeypatch.setattr(backbone.WholeModel, "forward", backbone.WholeModel.by_layers)
    monkeypatch.setattr(
        batches.Batch,
        "to",
        lambda self, device: replace(moved(self, device), packing=packing.Packing.of(self.mask, CPU)),
    )
    monkeypatch.setattr(tuning, "recordable", lambda encoder, settings: True)
    monkeypatch.setattr(recording, "captured", captured)
    plain = recording._Recording.replay
    monkeypatch.setattr(
        recording._Recording, "replay", lambda self, part: (counts.append(len(part.batch.units)), plain(self, part))[1]
    )
    return counts


def trained(bench: Bench, family: Family, freeze: int | None, **changes) -> tuple[list[float], dict]:
    pretrained, maker = bench.pretrained("xlmr"), FAMILIES[family][0]
    args = {"training": "t", "family": str(family), "settings": SETTINGS | changes, "seed": 5, "freeze": freeze,
            "control": "none"}  # fmt: skip
    train = bench.features(pretrained, maker(44), freeze)
    dev = bench.features(pretrained, maker(16, "dev", seed=1), freeze)
    return told(bench.run("target", args, pretrained=pretrained, train=train, dev=dev))


def told(folder: Path) -> tuple[list[float], dict]:
    rows = json.loads((folder / "training.json").read_text())["rows"]
    return [row["loss"] for row in rows], load_file(folder / "encoder.safetensors")


@pytest.mark.parametrize("freeze", [None, 1])
@pytest.mark.parametrize("family", FAMILIES)
def test_replayed_steps_train_as_others_do(
    bench: Bench, family: Family, freeze: int | None, replayed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    losses, weights = trained(bench, family, freeze)
    assert len(replayed) >= 8
    monkeypatch.setattr(recording, "AFTER", 10**9)
    plain, expected = trained(bench, family, freeze)
    assert losses == plain
    assert all(torch.equal(weights[name], expected[name]) for name in expected)


def test_masked_lm_and_retrieval_are_replayed_too(
    bench: Bench, replayed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    pretrained, family = bench.pretrained("xlmr"), Family.ENTITY_RETRIEVAL
    pairs = bench.features(pretrained, examples.retrieval(family, "train", "en"), None)
    roles = {"train__a": bench.features(pretrained, examples.classification(), None),
             "dev__a": bench.features(pretrained, examples.classification(16, "dev", seed=1), None)}  # fmt: skip
    roles |= {f"mlm__{code}": bench.features(pretrained, sentences(code), None) for code in ("de", "en")}
    settings = {"settings": SETTINGS | {"steps": 40, "evaluate_every": 40}, "seed": 5, "freeze": None}
    found = []
    for after in (2, 10**9):
        monkeypatch.setattr(recording, "AFTER", after)
        one = bench.run("target", settings | {"training": "m", "family": str(family), "control": "none"},
                        pretrained=pretrained, train=pairs, dev=pairs)  # fmt: skip
        two = bench.run(
            "intermediate",
            settings | {"tasks": [{"name": "a", "family": "classification"}],
                        "mlm": {"languages": ["de", "en"], "alpha": 0.3, "batch_size": 8}},
            pretrained=pretrained, **roles,
        )  # fmt: skip
        found.append([told(one)[0], told(two)[0]])
    assert found[0] == found[1]
    assert len(replayed) > 40


def test_a_step_that_lacks_memory_is_made_without_recordings(
    bench: Bench, replayed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, _ = trained(bench, Family.CLASSIFICATION, None)
    plain, lacked = recording.Recorder._plainly, []

    def plainly(self, part):
        def lacking(parts):
            if self.kept and not lacked:
                loss = next(parts).loss()
                loss.backward()  # gradients that the step made again must not add to
                lacked.append(len(self.kept))
                raise torch.OutOfMemoryError("CUDA out of memory")
            return kept(parts)

        kept, self.step = self.step, lacking
        try:
            return plain(self, part)
        finally:
            self.step = kept

    monkeypatch.setattr(recording.Recorder, "_plainly", plainly)
    found, _ = trained(bench, Family.CLASSIFICATION, None)
    assert found == expected
    assert lacked


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_and_labels_filled_up_change_no_loss(
    bench: Bench, family: Family, replayed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "AFTER", 10**9)
    packed, _ = trained(bench, family, None)
    monkeypatch.setattr(hardware.Precision, "packs", False)
    padded, _ = trained(bench, family, None)
    assert packed == pytest.approx(padded, rel=1e-4)
    assert not replayed


def test_what_fills_up_labels_counts_in_no_mean() -> None:
    random = torch.Generator().manual_seed(2)
    logits = torch.randn(70, 5, generator=random)
    gold = torch.stack([torch.arange(70), torch.randint(0, 5, (70,), generator=random)])
    more = filled(gold)
    assert more.shape == (2, 128)
    assert torch.equal(filled(more), more)
    loss = torch.nn.functional.cross_entropy
    assert loss(logits[more[0]], more[1]).item() == pytest.approx(loss(logits, gold[1]).item(), rel=1e-6)


def test_rows_come_in_few_lengths() -> None:
    mask = torch.arange(300)[None] < torch.tensor([300, 1, 40])[:, None]
    row = packing.Packing.of(mask, CPU)
    assert len(row.sources) == len(row.targets) == packing.rounded(341) == 512
    assert row.bounds.tolist() == [0, 300, 301, 341, 512]
    states = torch.randn(3, 300, 4)
    back = row.unpack(row.pack(states), states)
    assert torch.equal(back, states * mask[..., None])
    full = packing.Packing.of(torch.ones(2, 128, dtype=torch.bool), CPU)
    assert full.bounds.tolist() == [0, 128, 256, 256]


def test_batches_that_are_to_be_alike_are_no_wider_than_the_longest_text(bench: Bench) -> None:
    features: Features = read_features(bench.features(bench.pretrained(), examples.classification(), None))
    longest = int(features.lengths.max())
    shortest = [int(features.lengths.argmin())]
    assert batches.collate(features, shortest, True).ids.shape[1] == min(64, longest)
    assert batches.collate(features, shortest).ids.shape[1] == int(features.lengths.min()) < longest


def test_what_cannot_be_recorded_is_not(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware.Precision, "packs", True)
    folder, settings = bench.pretrained("xlmr") / "model", Settings.read(SETTINGS)
    encoder = backbone.WholeModel(folder, hardware.Precision("bf16", CPU))
    assert recording.recordable(encoder, settings)
    for changes in ({"gradient_checkpointing": True}, {"accumulation": 2}):
        assert not recording.recordable(encoder, settings.model_copy(update=changes))
    for name in ("fp16", "fp32"):
        assert not recording.recordable(backbone.WholeModel(folder, hardware.Precision(name, CPU)), settings)
