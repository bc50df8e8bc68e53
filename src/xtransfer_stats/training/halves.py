"""Any model frozen in part: its lower layers run once, its upper ones trained on their output.

Both by the model's own forward pass, which begins with the frozen layers or goes on from what they gave.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.adapters import Adapter
from xtransfer_stats.training.adapted import AdaptedModel
from xtransfer_stats.training.architecture import load, plain
from xtransfer_stats.training.backbone import Encoder, LowerLayers, UpperLayers, WholeModel, check_freeze
from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.hardware import Precision
from xtransfer_stats.training.stack import Stack

READING = "reading.json"  # beside a pretrained model's folder where its texts are read otherwise than by a mean


def encoder_of(
    folder: Path, freeze: int | None, precision: Precision, adapter: Adapter | None = None, seed: int = 0
) -> Encoder:
    """Return the trainable encoder of a pretrained model's folder; freeze None trains everything, or an adapter."""
    if adapter is not None:
        encoder: Encoder = AdaptedModel(folder, adapter, seed, precision)
    elif freeze is None:
        encoder = WholeModel(folder, precision)
    else:
        upper: Callable[..., Encoder] = UpperLayers if plain(AutoConfig.from_pretrained(folder)) else UpperStack
        encoder = upper(folder, freeze, precision)
    told = folder.parent / READING
    if told.is_file():
        encoder.pooling = json.loads(told.read_text(encoding="utf-8"))["pooling"]
    return encoder


def lower_of(folder: Path, freeze: int, precision: Precision) -> "LowerLayers | LowerStack":
    """Return the frozen layers of a pretrained model's folder."""
    lower = LowerLayers if plain(AutoConfig.from_pretrained(folder)) else LowerStack
    return lower(folder, freeze, precision)


class LowerStack(nn.Module):
    """Embeddings and the first `freeze` layers, never trained."""

    def __init__(self, folder: Path, freeze: int, precision: Precision) -> None:
        super().__init__()
        self.precision, self.freeze = precision, freeze
        self.model = load(folder, dtype=torch.float32)
        self.stack = Stack(self.model)
        check_freeze(freeze, self.stack)
        self.width = int(self.model.config.hidden_size)
        self.requires_grad_(False).eval().to(precision.device)

    def forward(self, batch: Batch) -> Tensor:
        """Return hidden states [B, L, H] for right-padded ids [B, L]."""
        segments = {} if batch.segments is None else {"token_type_ids": batch.segments}
        with self.precision.autocast():
            given = {"input_ids": batch.ids, "attention_mask": batch.mask.long(), **segments}
            return self.stack.below(self.freeze, lambda: self.model(**given)).float()


class UpperStack(Encoder):
    """Layers above the frozen ones, and what follows the last; reads the cached hidden states of a batch."""

    def __init__(self, folder: Path, freeze: int, precision: Precision) -> None:
        super().__init__()
        self.model = load(folder, dtype=torch.float32)
        self.stack = Stack(self.model)
        check_freeze(freeze, self.stack)
        self.first, self.depth, self.precision = freeze, self.stack.depth, precision
        self.width = int(self.model.config.hidden_size)
        self._drop_table()
        self.model.requires_grad_(False).eval()
        self.stack.pass_below(freeze, self._try)
        for module in self.stack.above(freeze, self._try):
            module.requires_grad_()

    def _drop_table(self) -> None:
        """Keep the word table's width alone: what it would give is never read."""
        table = self.model.get_input_embeddings()
        self.entry = int(table.weight.shape[1])
        table.weight = nn.Parameter(torch.empty(0), requires_grad=False)

    def _try(self) -> Any:
        """A forward pass over one short text."""
        return self._run(torch.ones(1, 2, dtype=torch.long))

    def _run(self, mask: Tensor) -> Any:
        nothing = torch.zeros(*mask.shape, self.entry, device=mask.device)
        return self.model(inputs_embeds=nothing, attention_mask=mask)

    def forward(self, batch: Batch, layer: int | None = None) -> Tensor:
        """As Encoder.forward; raises DataError also for features without cached hidden states."""
        if batch.hidden is None:
            raise DataError("features were made without freeze, but the step asks for frozen layers; redo them")
        if layer is not None:
            self.check_layer(layer, max(1, self.first))
        hidden, mask = batch.hidden.float(), batch.mask.long()
        if layer == self.first and layer != self.depth:
            return hidden
        with self.stack.entered(self.first, hidden), self.precision.autocast():
            if layer is None or layer == self.depth:
                return self._run(mask).last_hidden_state.float()
            return self.stack.below(layer, lambda: self._run(mask)).float()

    def trained(self) -> dict[str, Tensor]:
        """Return the tensors of the upper layers and of what follows them."""
        return {name: value.detach() for name, value in self.model.named_parameters() if value.requires_grad}
