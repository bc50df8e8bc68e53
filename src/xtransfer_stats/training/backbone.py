"""The encoder of a step: the whole model, or frozen layers run once and upper layers trained on their output.

Here frozen in part: models of plain layers, which read packed batches too. Any other: `training.halves`.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.architecture import load, plain
from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.hardware import Precision
from xtransfer_stats.training.packing import prepare
from xtransfer_stats.training.stack import Stack

_DROPOUTS = ("dropout", "attention_dropout")  # as numbers of a module that drops in its own forward pass


def check_freeze(freeze: int, stack: Stack) -> None:
    """Raise DataError for a number of frozen layers that the model does not have."""
    if not stack.layers:
        raise DataError(f'freeze = {freeze}: {stack.unlisted}; set freeze = "none" to train the whole model')
    if not 0 <= freeze <= stack.depth:
        raise DataError(f"freeze = {freeze}: the model has {stack.depth} layers; choose 0 to {stack.depth}")


def run_layers(layers: Iterable[nn.Module], hidden: Tensor, batch: Batch, precision: Precision, packs: bool) -> Tensor:
    """Return the layers' output [B, L, H], fp32, for the batch's hidden states below them; `packs`: without padding."""
    if packs and batch.packing is not None:
        row = batch.packing.pack(hidden)
        told = {"bounds": batch.packing.bounds, "longest": batch.packing.longest}
        with precision.autocast():
            for layer in layers:
                row = layer(row, None, **told)
        return batch.packing.unpack(row.float(), hidden)
    wide = batch.mask[:, None, None, :]
    with precision.autocast():
        for layer in layers:
            hidden = layer(hidden, wide)
    return hidden.float()


class LowerLayers(nn.Module):
    """Embeddings and the first `freeze` layers, never trained. The word table keeps its stored precision."""

    def __init__(self, folder: Path, freeze: int, precision: Precision) -> None:
        super().__init__()
        self.precision = precision
        model = AutoModel.from_pretrained(folder, dtype="auto")
        check_freeze(freeze, Stack(model))
        self.table = model.get_input_embeddings().weight.detach().to(self.precision.device)
        self.width = int(model.config.hidden_size)
        model.set_input_embeddings(None)
        self.embeddings = model.embeddings.float()
        self.layer = model.encoder.layer[:freeze].float()
        self.packs = prepare(list(self.layer), precision)
        self.requires_grad_(False).eval().to(self.precision.device)

    def forward(self, batch: Batch) -> Tensor:
        """Return hidden states [B, L, H] for right-padded ids [B, L]; positions count from the left."""
        words = self.table[batch.ids].float()
        hidden = self.embeddings(inputs_embeds=words, token_type_ids=batch.segments)
        return run_layers(self.layer, hidden, batch, self.precision, self.packs)


class Encoder(nn.Module):
    """What heads stand on: `depth` layers that give hidden states of a `width`; `packs`: they read no padding."""

    width: int
    depth: int
    precision: Precision
    packs = False
    pooling = "mean"  # which of a text's states stand for it, where nothing else is asked for
    kept: torch.dtype | None = None  # the precision of its tensors on disk, where that is not the pretrained model's

    def forward(self, batch: Batch, layer: int | None = None) -> Tensor:
        """Return the batch's hidden states [B, L, H] fp32, the last or those after `layer` layers (from 1).

        Raises DataError for a layer that is not there.
        """
        raise NotImplementedError

    def check_layer(self, layer: int, lowest: int = 1) -> None:
        """Raise DataError for a layer whose output cannot be had."""
        if not lowest <= layer <= self.depth:
            frozen = f"{lowest} layers are frozen and only the last one's output is kept; " * (lowest > 1)
            raise DataError(f"retrieval_layer = {layer}: {frozen}choose {lowest} to {self.depth}")

    def trained(self) -> dict[str, Tensor]:
        """Return the trainable tensors under the pretrained model's names."""
        raise NotImplementedError

    def table(self) -> nn.Module | None:
        """Return the word table where it is trained."""
        return None

    def layers(self) -> Sequence[nn.Module]:
        """Return the layers, where `run_layers` runs them, else none."""
        raise NotImplementedError

    def fuse_layers(self) -> None:
        """Have torch's compiler write kernels for the layers' training, one set for all layers and batch shapes."""
        # fp32 was asked for, and is not to be rounded to TensorFloat32
        warnings.filterwarnings("ignore", message="TensorFloat32 tensor cores", category=UserWarning)
        for layer in self.layers():
            layer.compile(dynamic=True)

    def checkpoint_gradients(self) -> None:
        """Keep no activations of the forward pass: they are computed again for the gradients.

        Raises DataError where layers are frozen.
        """
        raise DataError(
            'gradient_checkpointing = true is for a model trained whole: set freeze = "none", or leave it out '
            "(frozen layers keep no activations)"
        )

    def set_dropout(self, probability: float) -> None:
        """Set the dropout of all layers; it acts in train mode only."""
        for module in self.modules():
            if type(module) is nn.Dropout:
                module.p = probability
            for name in _DROPOUTS:
                if isinstance(getattr(module, name, None), float):
                    setattr(module, name, probability)


class UpperLayers(Encoder):
    """Layers above the frozen ones; reads the cached hidden states of a batch."""

    def __init__(self, folder: Path, freeze: int, precision: Precision) -> None:
        super().__init__()
        config = AutoConfig.from_pretrained(folder)
        with torch.device("meta"):
            model = AutoModel.from_config(config)
        check_freeze(freeze, Stack(model))
        self.first, self.width, self.precision = freeze, int(config.hidden_size), precision
        self.depth = len(model.encoder.layer)
        self.layer = model.encoder.layer[freeze:].to_empty(device="cpu").float()
        self.packs = prepare(self.layers(), precision)
        with safe_open(folder / "model.safetensors", "pt") as file:
            load_trained(self, {name: file.get_tensor(name) for name in self.trained()})

    def forward(self, batch: Batch, layer: int | None = None) -> Tensor:
        """As Encoder.forward; raises DataError also for features without cached hidden states."""
        hidden = batch.hidden
        if hidden is None:
            raise DataError("features were made without freeze, but the step asks for frozen layers; redo them")
        if layer is not None:
            self.check_layer(layer, max(1, self.first))
        layers = self.layer if layer is None else self.layer[: layer - self.first]
        return run_layers(layers, hidden.float(), batch, self.precision, self.packs)

    def layers(self) -> Sequence[nn.Module]:
        """As Encoder.layers."""
        return list(self.layer)

    def trained(self) -> dict[str, Tensor]:
        """Return the upper layers' tensors."""
        layers = enumerate(self.layer, self.first)
        return {f"encoder.layer.{i}.{name}": value for i, one in layers for name, value in one.state_dict().items()}


class WholeModel(Encoder):
    """The whole model from token ids, everything trained."""

    def __init__(self, folder: Path, precision: Precision) -> None:
        super().__init__()
        self.model = load(folder, dtype=torch.float32)
        self.stack = Stack(self.model)
        self.width, self.precision = int(self.model.config.hidden_size), precision
        self.depth = int(self.model.config.num_hidden_layers)
        self.packs = bool(self.layers()) and prepare(self.layers(), precision)

    def forward(self, batch: Batch, layer: int | None = None) -> Tensor:
        """As Encoder.forward."""
        # The model's own forward looks whether a mask hides anything, and a GPU would be waited for.
        if batch.ids.device.type == "cuda" and self.layers():
            return self.by_layers(batch, layer)
        if layer is not None:
            self._check_output(layer)
        with self.precision.autocast():
            if layer is None or layer == self.depth:
                return self._run(batch).last_hidden_state.float()
            return self.stack.below(layer, lambda: self._run(batch)).float()

    def _run(self, batch: Batch) -> Any:
        segments = {} if batch.segments is None else {"token_type_ids": batch.segments}
        return self.model(input_ids=batch.ids, attention_mask=batch.mask.long(), **segments)

    def by_layers(self, batch: Batch, layer: int | None = None) -> Tensor:
        """What `forward` returns, by a plain model's embeddings and layers; nothing in it waits for a GPU."""
        if layer is not None:
            self.check_layer(layer)
        hidden = self.model.embeddings(input_ids=batch.ids, token_type_ids=batch.segments)
        return run_layers(self.layers()[:layer], hidden, batch, self.precision, self.packs)

    def table(self) -> nn.Module | None:
        """As Encoder.table."""
        return self.model.get_input_embeddings()

    def layers(self) -> Sequence[nn.Module]:
        """As Encoder.layers."""
        return list(self.model.encoder.layer) if plain(self.model.config) else []

    def _check_output(self, layer: int) -> None:
        if not self.stack.layers:
            raise DataError(f"retrieval_layer = {layer}: {self.stack.unlisted}; leave it out for the last layer's")
        self.check_layer(layer)

    def checkpoint_gradients(self) -> None:
        """As Encoder.checkpoint_gradients."""
        # transformers calls the second one by the first's name since 5.x
        names = ("activation_checkpointing_enable", "gradient_checkpointing_enable")
        next(getattr(self.model, name) for name in names if hasattr(self.model, name))({"use_reentrant": False})

    def trained(self) -> dict[str, Tensor]:
        """Return all tensors."""
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
