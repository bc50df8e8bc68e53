"""Batches without padding give what padded ones give; compiled layers too."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

import torch
from tests.training.conftest import save_model

from xtransfer_stats.training import packing
from xtransfer_stats.training.backbone import LowerLayers, UpperLayers, WholeModel
from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.hardware import CPU, Precision

LENGTHS = (9, 2, 5, 1)


class Packs(Precision):
    """A processor that is said to have flash attention."""

    packs = True


def text_by_text(query, key, value, bounds, longest, dropout, scale):
    """What flash attention computes, one text after another."""
    done = []
    for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        parts = (part[begin:end].transpose(0, 1) for part in (query, key, value))
        done.append(torch.nn.functional.scaled_dot_product_attention(*parts, scale=scale).transpose(0, 1))
        assert end - begin <= longest
    return torch.cat(done)


def batch(packed: bool, count: int = len(LENGTHS), width: int | None = None) -> Batch:
    mask = torch.arange(max(LENGTHS))[None] < torch.tensor(LENGTHS[:count])[:, None]
    random = torch.Generator().manual_seed(1)
    ids = torch.randint(5, 90, mask.shape, generator=random).where(mask, torch.tensor(1))
    hidden = None if width is None else torch.randn(*mask.shape, width, generator=random).half()
    units = torch.arange(count).numpy()
    return Batch(units, units, ids, mask, None, hidden, mask.long(), packing.Packing.of(mask, CPU) if packed else None)


@pytest.fixture(params=["bert", "xlmr"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(packing, "within_texts", text_by_text)
    return save_model(tmp_path / "model", request.param)


def test_a_packed_batch_gives_the_padded_ones_states_and_gradients(folder: Path) -> None:
    found = []
    for precision, packed in ((Precision("fp32", CPU), False), (Packs("fp32", CPU), True)):
        model, one = WholeModel(folder, precision).eval(), batch(packed)
        assert model.packs is packed
        states = model.by_layers(one)
        assert torch.allclose(states, model.by_layers(one, 2))
        (states[one.mask] ** 2).sum().backward()
        found.append((states[one.mask], model.model.embeddings.word_embeddings.weight.grad, model.by_layers(one, 1)))
    assert torch.allclose(found[0][0], found[1][0], atol=1e-5)
    assert torch.allclose(found[0][1], found[1][1], atol=1e-3)
    assert torch.allclose(found[0][2][one.mask], found[1][2][one.mask], atol=1e-5)
    assert not found[1][2][~one.mask].any()


def test_frozen_and_upper_layers_read_packed_batches(folder: Path) -> None:
    for make in (LowerLayers, UpperLayers):
        layers = [make(folder, 1, kind("fp32", CPU)).eval() for kind in (Precision, Packs)]
        plain, packed = (model(batch(model.packs, width=32)) for model in layers)
        assert [model.packs for model in layers] == [False, True]
        mask = batch(False).mask
        assert torch.allclose(plain[mask], packed[mask], atol=1e-5)


def test_a_plain_models_layers_are_the_whole_model(folder: Path) -> None:
    model, one = WholeModel(folder, Precision("fp32", CPU)).eval(), batch(False)
    assert torch.equal(model(one)[one.mask], model.by_layers(one)[one.mask])
    assert torch.equal(model(one, 1)[one.mask], model.by_layers(one, 1)[one.mask])


def test_layers_whose_heads_do_not_fit_are_padded(folder: Path) -> None:
    model = WholeModel(folder, Precision("fp32", CPU))
    for layer in model.layers():
        layer.attention.self.attention_head_size = 20
    assert not packing.prepare(model.layers(), Packs("fp32", CPU))


def test_compiled_layers_give_the_same_for_all_shapes(folder: Path) -> None:
    from torch._dynamo.utils import counters

    counters.clear()
    plain, fused = (WholeModel(folder, Precision("fp32", CPU)).eval() for _ in range(2))
    for layer in fused.layers():
        layer.compile(dynamic=True, backend="eager", fullgraph=True)  # tracing alone: no kernel is written
    for rows in (4, 3, 2):
        one = batch(False, rows)
        assert torch.allclose(plain.by_layers(one), fused.by_layers(one), atol=1e-5)
    assert counters["stats"]["unique_graphs"] == 1
