"""The encoder of a step: frozen lower layers run once over the text, upper layers trained on their output."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from xtransfer_stats.errors import DataError
from xtransfer_stats.training.batches import Batch

_PREFIX = "encoder.layer."


def layer_count(folder: Path) -> int:
    """Return the number of encoder layers of a pretrained model folder."""
    return int(AutoConfig.from_pretrained(folder).num_hidden_layers)


def _check_layers(model: nn.Module, freeze: int) -> None:
    layers = getattr(getattr(model, "encoder", None), "layer", None)
    if layers is None or not hasattr(model, "embeddings"):
        raise DataError(
            f"freeze = {freeze}: {type(model).__name__} has no encoder.layer to freeze a part of; "
            'set freeze = "none" to train the whole model'
        )
    if not 0 <= freeze <= len(layers):
        raise DataError(f"freeze = {freeze}: the model has {len(layers)} layers; choose 0 to {len(layers)}")


def native_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 numbers in hardware."""
    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in checks)


def arithmetic() -> torch.autocast:
    """Multiply in bfloat16 where the processor can, two to three times as fast; else everything in fp32.

    Weights, sums, caches and heads are not concerned. A step's facts tell which it was.
    """
    return torch.autocast("cpu", torch.bfloat16, enabled=native_bfloat16())


def run_layers(layers: nn.ModuleList, hidden: Tensor, mask: Tensor) -> Tensor:
    """Return the layers' output [B, L, H], fp32; mask [B, L] is true on real tokens."""
    wide = mask[:, None, None, :]
    with arithmetic():
        for layer in layers:
            hidden = layer(hidden, wide)
    return hidden.float()


class LowerLayers(nn.Module):
    """Embeddings and the first `freeze` layers, never trained. The word table keeps its stored precision."""

    def __init__(self, folder: Path, freeze: int) -> None:
        super().__init__()
        model = AutoModel.from_pretrained(folder, dtype="auto")
        _check_layers(model, freeze)
        self.table = model.get_input_embeddings().weight.detach()
        model.set_input_embeddings(None)
        self.embeddings = model.embeddings.float()
        self.layer = model.encoder.layer[:freeze].float()
        self.requires_grad_(False).eval()

    def forward(self, ids: Tensor, mask: Tensor, segments: Tensor | None) -> Tensor:
        """Return hidden states [B, L, H] for right-padded ids [B, L]; positions count from the left."""
        words = self.table[ids].float()
        hidden = self.embeddings(inputs_embeds=words, token_type_ids=segments)
        return run_layers(self.layer, hidden, mask)


class Encoder(nn.Module):
    """What heads stand on: a batch -> last hidden states [B, L, H]."""

    width: int

    def trained(self) -> dict[str, Tensor]:
        """Return the trainable tensors under the pretrained model's names."""
        raise NotImplementedError

    def set_dropout(self, probability: float) -> None:
        """Set the dropout of all layers; it acts in train mode only."""
        for module in self.modules():
            if type(module) is nn.Dropout:
                module.p = probability


class UpperLayers(Encoder):
    """Layers above the frozen ones; reads the cached hidden states of a batch."""

    def __init__(self, folder: Path, freeze: int) -> None:
        super().__init__()
        config = AutoConfig.from_pretrained(folder)
        with torch.device("meta"):
            model = AutoModel.from_config(config)
        _check_layers(model, freeze)
        self.first, self.width = freeze, int(config.hidden_size)
        self.layer = model.encoder.layer[freeze:].to_empty(device="cpu").float()
        with safe_open(folder / "model.safetensors", "pt") as file:
            load_trained(self, {name: file.get_tensor(name) for name in self.trained()})

    def forward(self, batch: Batch) -> Tensor:
        hidden = batch.hidden
        if hidden is None:
            raise DataError("features were made without freeze, but the step asks for frozen layers; redo them")
        return run_layers(self.layer, hidden, batch.mask)

    def trained(self) -> dict[str, Tensor]:
        return {self._outer_name(name): value for name, value in self.layer.state_dict().items()}

    def _outer_name(self, name: str) -> str:
        index, rest = name.split(".", 1)
        return f"{_PREFIX}{self.first + int(index)}.{rest}"


class WholeModel(Encoder):
    """The whole model from token ids, everything trained."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.model = AutoModel.from_pretrained(folder, dtype=torch.float32)
        self.width = int(self.model.config.hidden_size)

    def forward(self, batch: Batch) -> Tensor:
        segments = {} if batch.segments is None else {"token_type_ids": batch.segments}
        with arithmetic():
            out = self.model(input_ids=batch.ids, attention_mask=batch.mask.long(), **segments)
        return out.last_hidden_state.float()

    def trained(self) -> dict[str, Tensor]:
        return self.model.state_dict()


def load_trained(encoder: Encoder, tensors: Mapping[str, Tensor]) -> None:
    """Copy tensors of the model's names into the encoder, in place.

    Raises DataError when a trainable tensor is absent, as after another freeze or another model.
    """
    with torch.no_grad():
        for name, value in encoder.trained().items():
            if name not in tensors or tensors[name].shape != value.shape:
                raise DataError(f"checkpoint does not fit the model: tensor {name!r} is missing or of another shape")
            value.copy_(tensors[name])


def load_encoder(pretrained: Path, tuned: Path | None, freeze: int | None) -> Encoder:
    """Return a fresh encoder: pretrained weights, overlaid by a finished phase's where one is given.

    `pretrained` and `tuned` are step folders; freeze None trains everything.
    """
    folder = pretrained / "model"
    encoder: Encoder = WholeModel(folder) if freeze is None else UpperLayers(folder, freeze)
    if tuned is not None:
        with safe_open(tuned / "encoder.safetensors", "pt") as file:
            load_trained(encoder, {name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    return encoder
