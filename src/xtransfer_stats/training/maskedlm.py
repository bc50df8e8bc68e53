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
from transformers import AutoConfig

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.features import Features
from xtransfer_stats.training.heads import Head, MaskedHead, at
from xtransfer_stats.training.ownmaskedhead import FILE, OwnMaskedHead, table_name
from xtransfer_stats.training.tasktraining import TaskData

CHOSEN, MASKED, REPLACED = 0.15, 0.8, 0.1


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


class MaskedPieceHead(MaskedHead):
    """A new head: a dense layer, GELU, a layer norm, the pieces' own embeddings as output weights, with a bias each.

    Only pieces that are gold somewhere are candidates.
    """

    table: Tensor

    def __init__(self, width: int, pieces: Tensor, table: Tensor) -> None:
        """width: of the hidden states; pieces: sorted ids [V]; table: their embeddings [V, E], not trained here."""
        super().__init__(width)
        self.transform, self.norm = nn.Linear(width, table.shape[1]), nn.LayerNorm(table.shape[1])
        self.bias = nn.Parameter(torch.zeros(len(pieces)))
        self.pieces = pieces
        self.register_buffer("table", table.float(), persistent=False)

    def reset(self, generator: torch.Generator) -> None:
        """Initialise the weights from the generator; the layer norm starts as it is made."""
        super().reset(generator)
        with torch.no_grad():
            self.norm.weight.fill_(1.0)

    def gold(self, batch: Batch, features: Features) -> Tensor:
        """Return the places of the chosen tokens, and which pieces stood there, [2, chosen]."""
        places, pieces = self.chosen(batch)
        return torch.stack([places, torch.searchsorted(self.pieces, pieces)])

    def loss(self, hidden: Tensor, batch: Batch, gold: Tensor) -> Tensor:
        """Return the mean cross entropy over the chosen tokens."""
        states = self.norm(gelu(self.transform(self.dropout(at(hidden, gold[0])))))
        return cross_entropy(states @ self.table.T + self.bias, gold[1])


def masked_lm(splits: Mapping[str, Features], alpha: float, batch_size: int, pretrained: Path) -> TaskData:
    """Masked language modelling as a task in several languages, with no dev split.

    Its head is the checkpoint's own where it brings one, else a new one, tied to the pretrained word table.
    """
    marks = torch.cat([split.marks for split in splits.values()])
    pieces = torch.unique(marks[marks >= 0]).long()

    def new_head(encoder: Encoder) -> Head:
        if (pretrained / FILE).is_file():
            return OwnMaskedHead(pretrained, encoder.table() or _stored_table(pretrained))
        return MaskedPieceHead(encoder.width, pieces, _stored_table(pretrained).weight[pieces].detach())

    (code, first), *rest = splits.items()
    return TaskData(f"mlm/{code}", first, {}, batch_size, dict(rest), alpha, new_head)


def _stored_table(pretrained: Path) -> nn.Embedding:
    """The pretrained word table, not trained."""
    name = table_name(AutoConfig.from_pretrained(pretrained / "model"))
    with safe_open(pretrained / "model" / "model.safetensors", "pt") as file:
        if name not in file.keys():  # noqa: SIM118
            raise DataError(f"variant 'mlm': the backbone's file has no tensor {name!r} to tie the output to")
        return nn.Embedding.from_pretrained(file.get_tensor(name).float(), freeze=True)
