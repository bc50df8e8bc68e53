"""The head of multilingual masked language modelling, which is trained beside intermediate tasks."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, gelu

from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.features import Features
from xtransfer_stats.training.heads import Head, Item


class Filler(Head):
    """A dense layer, GELU, a layer norm, and the pieces' own embeddings as output weights, with a bias each.

    Only pieces that are gold somewhere are candidates. `outputs` is not defined: the family is trained
    beside others and decides nothing.
    """

    pieces: Tensor
    table: Tensor

    def __init__(self, pieces: Tensor, table: Tensor) -> None:
        """pieces: sorted ids [V]; table: their embeddings [V, H], not trained here."""
        super().__init__(table.shape[1], labels=[])
        self.transform, self.norm = nn.Linear(table.shape[1], table.shape[1]), nn.LayerNorm(table.shape[1])
        self.bias = nn.Parameter(torch.zeros(len(pieces)))
        self.register_buffer("pieces", pieces, persistent=False)
        self.register_buffer("table", table.float(), persistent=False)

    def reset(self, generator: torch.Generator) -> None:
        """Initialise the weights from the generator; the layer norm starts as it is made."""
        super().reset(generator)
        with torch.no_grad():
            self.norm.weight.fill_(1.0)

    def items(self, features: Features) -> list[Item]:
        """Every unit that has a chosen token."""
        marked = features.marks.numpy() >= 0
        counts = np.add.reduceat(marked, features.offsets)
        return [(unit,) for unit in np.flatnonzero(counts).tolist()]

    def loss(self, hidden: Tensor, batch: Batch, features: Features) -> Tensor:
        chosen = batch.marks >= 0
        states = self.norm(gelu(self.transform(self.dropout(hidden[chosen]))))
        gold = torch.searchsorted(self.pieces, batch.marks[chosen])
        return cross_entropy(states @ self.table.T + self.bias, gold)


def gold_pieces(parts: list[Features]) -> Tensor:
    """Ids of all pieces that are gold in some part, sorted."""
    found = torch.cat([part.marks for part in parts]).unique()
    return found[found >= 0].long()
