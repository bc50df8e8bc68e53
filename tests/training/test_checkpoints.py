"""A finished model in the place of an intermediate training."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.training.conftest import Bench, save_model

from xtransfer_stats.base.errors import DataError


@pytest.fixture
def checkpoint(bench: Bench, tmp_path: Path) -> Path:
    """A model of the bench's architecture whose layers were moved a little."""
    bench.pretrained()
    folder = save_model(tmp_path / "checkpoint")
    change(folder, lambda name, value: value + 0.01 if value.is_floating_point() else value)
    return folder


def change(folder: Path, how) -> None:
    file = folder / "model.safetensors"
    tensors = {name: how(name, value) for name, value in load_file(file).items()}
    save_file(tensors, file, metadata={"format": "pt"})


def run(bench: Bench, folder: Path, freeze: int | None) -> Path:
    args = {"tasks": ["mnli"], "freeze": freeze, "checkpoint": str(folder), "sha256": "", "places": {}}
    return bench.run("intermediate", args, pretrained=bench.pretrained())


def test_its_weights_are_taken_over(bench: Bench, checkpoint: Path) -> None:
    out = run(bench, checkpoint, None)
    assert bench.facts["checkpoint"] == str(checkpoint)
    found, given = load_file(out / "encoder.safetensors"), load_file(checkpoint / "model.safetensors")
    assert all(torch.equal(found[name], given[name]) for name in given)


def test_frozen_layers_must_be_the_backbones(bench: Bench, checkpoint: Path) -> None:
    with pytest.raises(DataError, match=r"frozen tensor '.*' differs.*freeze = \"none\""):
        run(bench, checkpoint, 1)
    save_model(checkpoint)
    change(checkpoint, lambda name, value: value + 0.01 if "layer.1." in name else value)
    assert load_file(run(bench, checkpoint, 1) / "encoder.safetensors")


def test_another_architecture_is_named_by_its_first_tensor(bench: Bench, checkpoint: Path) -> None:
    config = json.loads((checkpoint / "config.json").read_text())
    (checkpoint / "config.json").write_text(json.dumps(config | {"vocab_size": 97}))
    wider = torch.zeros(97, 32)
    change(checkpoint, lambda name, value: wider.clone() if "word_embeddings" in name else value)
    with pytest.raises(DataError, match=r"word_embeddings.*shape \[97, 32\], the backbone's \[96, 32\]"):
        run(bench, checkpoint, None)


def test_a_file_that_lacks_a_tensor_and_a_place_without_a_model(bench: Bench, checkpoint: Path, tmp_path: Path) -> None:
    tensors = load_file(checkpoint / "model.safetensors")
    del tensors["encoder.layer.1.output.dense.weight"]
    save_file(tensors, checkpoint / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(DataError, match=r"lacks the tensor 'encoder\.layer\.1\.output\.dense\.weight'"):
        run(bench, checkpoint, None)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="cannot be loaded"):
        run(bench, empty, None)
