"""A part of a step's batch, under way to its loss."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from torch import Tensor

from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.hardware import sent
from xtransfer_stats.training.heads import Head


@dataclass(frozen=True)
class Part:
    """Some of a batch's items, what their loss compares with, and their share of the whole batch's mean loss."""

    batch: Batch
    gold: Tensor
    share: float
    head: Head
    encoder: Encoder

    def sent(self) -> "Part":
        """Return the part on the encoder's device, under way to it where that is a GPU."""
        device = self.encoder.precision.device
        return replace(self, batch=self.batch.to(device), gold=sent(self.gold, device))

    def loss(self) -> Tensor:
        """Return the mean loss of the part's items."""
        return self.head.loss(self.encoder(self.batch), self.batch, self.gold)

    def tensors(self) -> list[Tensor]:
        """Return all that `loss` reads, but for weights and `likeness`."""
        return [*self.batch.tensors(), self.gold]

    def likeness(self) -> Hashable:
        """Return what parts have in common whose losses are computed alike, from tensors of the same shapes."""
        shapes = tuple((tuple(one.shape), one.dtype) for one in self.tensors())
        return id(self.head), self.head.structure(self.batch), self.share, shapes
