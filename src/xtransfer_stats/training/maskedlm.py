"""Multilingual masked language modelling beside intermediate tasks: its masks, its head, its data.

Masks as in Devlin et al. 2019 (arXiv 1810.04805), section 3.1: 15 % of the tokens; of these 80 % become the mask,
10 % another token, 10 % stay. Drawn once, when a text is encoded, so frozen layers can be cached for this family like
for any other; XLM-R itself draws them anew in each pass.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, gelu

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.features import Features
from xtransfer_stats.training.heads import Head, Item, at, filled
from xtransfer_stats.training.tasktraining import TaskData

CHOSEN, MASKED, REPLACED = 0.15, 0.8, 0.1
_TABLE = "embeddings.word_embeddings.weight"


def masked(
    ids: list[int], special: set[int], used: np.ndarray, mask: int, random: np.random.Generator
) -> tuple[list[int], list[int]]:
    """Return what the encoder reads, and the piece that stood at each chosen token (-1 elsewhere).

    `used` are the pieces that may replace one; special tokens are never chosen.
    """
    places = [place for place, piece in enumerate(ids) if piece not in special]
    count = min(len(places), max(1, round(CHOSEN * len(places))))
    shown, gold = list(ids), [-1] * len(ids)
    for place in random.choice(places, count, replace=False) if places else ():
        gold[place], fate = ids[place], random.random()
        if fate < MASKED + REPLACED:
            shown[place] = mask if fate < MASKED else int(random.choice(used))
    return shown, gold


class MaskedPieceHead(Head):
    """A dense layer, GELU, a layer norm, and the pieces' own embeddings as output weights, with a bias each.

    Only pieces that are gold somewhere are candidates. It has no outputs: the family is trained beside others and
    decides nothing.
    """

    table: Tensor

    def __init__(self, pieces: Tensor, table: Tensor) -> None:
        """pieces: sorted ids [V]; table: their embeddings [V, H], not trained here."""
        super().__init__(table.shape[1], labels=[])
        self.transform, self.norm = nn.Linear(table.shape[1], table.shape[1]), nn.LayerNorm(table.shape[1])
        self.bias = nn.Parameter(torch.zeros(len(pieces)))
        self.pieces = pieces
        self.register_buffer("table", table.float(), persistent=False)

    def reset(self, generator: torch.Generator) -> None:
        """Initialise the weights from the generator; the layer norm starts as it is made."""
        super().reset(generator)
        with torch.no_grad():
            self.norm.weight.fill_(1.0)

    def items(self, features: Features) -> list[Item]:
        """Return every unit that has a chosen token."""
        marked = features.marks.numpy() >= 0
        counts = np.add.reduceat(marked, features.offsets)
        return [(unit,) for unit in np.flatnonzero(counts).tolist()]

    def gold(self, batch: Batch, features: Features) -> Tensor:
        """Return the places of the chosen tokens, and which pieces stood there, [2, chosen]."""
        marks = batch.marks.flatten()
        places = torch.nonzero(marks >= 0)[:, 0]
        return torch.stack([places, torch.searchsorted(self.pieces, marks[places])])

    def alike(self, gold: Tensor) -> Tensor:
        """As Head.alike."""
        return filled(gold)

    def loss(self, hidden: Tensor, batch: Batch, gold: Tensor) -> Tensor:
        """Return the mean cross entropy over the chosen tokens."""
        states = self.norm(gelu(self.transform(self.dropout(at(hidden, gold[0])))))
        return cross_entropy(states @ self.table.T + self.bias, gold[1])


def masked_lm(splits: Mapping[str, Features], alpha: float, batch_size: int, pretrained: Path) -> TaskData:
    """Masked language modelling as a task in several languages: no dev split, a head tied to the pretrained word table.

    Raises DataError for a model whose word table is not found.
    """
    marks = torch.cat([split.marks for split in splits.values()])
    pieces = torch.unique(marks[marks >= 0]).long()
    with safe_open(pretrained / "model" / "model.safetensors", "pt") as file:
        if _TABLE not in file.keys():  # noqa: SIM118
            raise DataError(
                f"variant 'mlm': the backbone has no tensor {_TABLE!r} to tie the output to; choose a BERT-like encoder"
            )
        table = file.get_tensor(_TABLE)[pieces]
    (code, first), *rest = splits.items()
    return TaskData(f"mlm/{code}", first, {}, batch_size, dict(rest), alpha, lambda: MaskedPieceHead(pieces, table))
