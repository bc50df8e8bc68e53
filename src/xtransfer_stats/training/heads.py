"""One output layer a family: its loss on a training batch, and what it gives for each unit.

An item is what one place in a training batch holds, as a tuple of units: a sequence, the choices of an
example, or a query and its candidate.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.source import ASTRAY
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.features import Features

INITIAL_SD = 0.02  # of a new head's weights, as in BERT
_IGNORED = -100  # a label that cross_entropy leaves out of its mean
_SPOTS = 64  # tokens to be labelled: batches that are to be alike have a multiple of it
TEMPERATURE = 0.05  # of the contrastive loss over cosines
Item = tuple[int, ...]


def pool(hidden: Tensor, mask: Tensor) -> Tensor:
    """Return the mean over the tokens of the mask: [B, L, H], [B, L] -> [B, H]."""
    weights = mask[..., None].to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)


def last(hidden: Tensor, mask: Tensor) -> Tensor:
    """Return the state of the mask's last token: [B, L, H], [B, L] -> [B, H]."""
    places = torch.arange(mask.shape[1], device=mask.device) * mask
    return hidden[torch.arange(len(hidden), device=hidden.device), places.argmax(1)]


# How a text's states become one. A model that reads from left to right has told all by the last token alone.
POOLING: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mean": pool,
    "cls": lambda hidden, mask: hidden[:, 0],
    "last": last,
}


def at(hidden: Tensor, places: Tensor) -> Tensor:
    """Return the states of chosen tokens: [B, L, H], [T] places among all B * L -> [T, H]."""
    return hidden.flatten(0, 1).index_select(0, places)


def filled(gold: Tensor) -> Tensor:
    """Places of tokens and their labels, [2, N], with as many that no loss counts as makes N a multiple of 64."""
    more = gold.new_tensor([[0], [_IGNORED]]).expand(2, -gold.shape[1] % _SPOTS)
    return torch.cat([gold, more], 1)


class Head(nn.Module):
    """Base: a dropout and a linear layer on the encoder's hidden states [B, L, H]."""

    size = 0  # outputs of the linear layer; 0: none
    dense = False  # whether `outputs` are vectors [H], one a unit
    pooling = "mean"  # of POOLING, where one state stands for a text

    def __init__(self, width: int, labels: Sequence[str] = ()) -> None:
        super().__init__()
        self.labels = tuple(labels)
        self.place = {label: i for i, label in enumerate(self.labels)}
        size = self.size or len(self.labels)
        self.dropout = nn.Dropout(0.0)
        self.linear = nn.Linear(width, size) if size else nn.Identity()

    def reset(self, generator: torch.Generator) -> None:
        """Initialise the weights from the generator."""
        with torch.no_grad():
            for name, value in self.named_parameters():
                value.zero_() if name.endswith("bias") else value.normal_(0, INITIAL_SD, generator=generator)

    def items(self, features: Features) -> list[Item]:
        """Return the trainable items: here, each unit alone."""
        return [(unit,) for unit in range(len(features.lengths))]

    def weight(self, batch: Batch, items: int) -> int:
        """Return how many terms the mean of `loss` is over: here, the items."""
        return items

    def gold(self, batch: Batch, features: Features) -> Tensor:
        """Return what `loss` compares with, from a batch of whole items that is still on the processor.

        Raises DataError for a label that the head does not know.
        """
        raise NotImplementedError

    def alike(self, gold: Tensor) -> Tensor:
        """Return gold in one of few shapes; the loss is the same."""
        return gold

    def structure(self, batch: Batch) -> tuple[int, ...]:
        """Return what `loss` reads of a batch that stays on the processor: here, nothing."""
        return ()

    def loss(self, hidden: Tensor, batch: Batch, gold: Tensor) -> Tensor:
        """Return the mean loss of a batch, all on one device; nothing in it waits for a GPU."""
        raise NotImplementedError

    def outputs(self, hidden: Tensor, batch: Batch) -> list[np.ndarray]:
        """Return what is decided from, a NumPy value for each unit: here, its row of `_values`."""
        return list(self._values(hidden, batch).cpu().numpy())

    def _values(self, hidden: Tensor, batch: Batch) -> Tensor:
        """What the head computes for each unit, [B, ...]."""
        raise NotImplementedError

    def pooled(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Return the state that stands for each text, [B, H]."""
        return POOLING[self.pooling](hidden, mask)

    def _label(self, label: str) -> int:
        if label not in self.place:
            raise DataError(f"label {label!r} is not among the data set's labels {', '.join(self.labels)}")
        return self.place[label]


class Classifier(Head):
    """Pooling and a linear layer over the labels; outputs: logits [labels]."""

    def items(self, features: Features) -> list[Item]:
        """Return the units of labelled examples."""
        owners = features.owner.tolist()
        return [(u,) for u, owner in enumerate(owners) if features.examples[owner]["label"] is not None]

    def _values(self, hidden: Tensor, batch: Batch) -> Tensor:
        return self.linear(self.dropout(self.pooled(hidden, batch.mask)))

    def gold(self, batch: Batch, features: Features) -> Tensor:
        """Return the labels' places [B]."""
        return torch.tensor([self._label(features.examples[owner]["label"]) for owner in batch.owners])

    def loss(self, hidden: Tensor, batch: Batch, gold: Tensor) -> Tensor:
        """Return the cross entropy of the examples' labels."""
        return cross_entropy(self._values(hidden, batch), gold)


class Tagger(Head):
    """A linear layer on each token's first sub-word; outputs: rows (word, tag)."""

    def weight(self, batch: Batch, items: int) -> int:
        """Return the number of words."""
        return int((batch.marks >= 0).sum())

    def gold(self, batch: Batch, features: Features) -> Tensor:
        """Return the places of the words among the batch's tokens, and their tags, [2, words]."""
        rows, columns = np.nonzero(batch.marks.numpy() >= 0)
        words = batch.marks.numpy()[rows, columns].tolist()
        tags = [features.examples[owner]["tags"] for owner in batch.owners]
        gold = [self._label(tags[row][word]) for row, word in zip(rows.tolist(), words, strict=True)]
        return torch.tensor(np.stack([rows * batch.marks.shape[1] + columns, np.array(gold, dtype=np.int64)]))

    def alike(self, gold: Tensor) -> Tensor:
        """As Head.alike."""
        return filled(gold)

    def loss(self, hidden: Tensor, batch: Batch, gold: Tensor) -> Tensor:
        """Return the cross entropy of the words' tags."""
        return cross_entropy(self.linear(self.dropout(at(hidden, gold[0]))), gold[1])

    def outputs(self, hidden: Tensor, batch: Batch) -> list[np.ndarray]:
        """Return rows (word, most probable tag) of each unit."""
        rows = torch.stack([batch.marks, self.linear(hidden).argmax(-1)], -1).cpu().numpy()
        return [row[row[:, 0] >= 0] for row in rows]


class SpanReader(Head):
    """Start and end logits of each token; outputs: [L, 2], -inf outside the context but at the first token.

    The first token stands for "no answer here": in a window without the answer, and in the null score.
    """

    size = 2

    def items(self, features: Features) -> list[Item]:
        """Return the units of questions whose answer has a place, or that have none."""
        answers = (example["answers"] for example in features.examples)
        placed = [not golds or _first_placed(golds) is not None for golds in answers]
        return [(unit,) for unit, owner in enumerate(features.owner.tolist()) if placed[owner]]

    def _values(self, hidden: Tensor, batch: Batch) -> Tensor:
        allowed = batch.marks == 1
        allowed[:, 0] = True
        return self.linear(self.dropout(hidden)).masked_fill(~allowed[..., None], -torch.inf)

    def gold(self, batch: Batch, features: Features) -> Tensor:
        """Return first and last token of the answers [B, 2]."""
        return torch.tensor([_gold_span(features, int(unit)) for unit in batch.units])

    def loss(self, hidden: Tensor, batch: Batch, gold: Tensor) -> Tensor:
        """Return the mean cross entropy of first and last token."""
        logits = self._values(hidden, batch)
        return (cross_entropy(logits[..., 0], gold[:, 0]) + cross_entropy(logits[..., 1], gold[:, 1])) / 2

    def outputs(self, hidden: Tensor, batch: Batch) -> list[np.ndarray]:
        """Return both logits of each unit's tokens, without its padding."""
        lengths = batch.mask.sum(1).tolist()
        return [row[:n] for row, n in zip(super().outputs(hidden, batch), lengths, strict=True)]


def _first_placed(answers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((answer for answer in answers if answer["start"] != ASTRAY), None)


def _gold_span(features: Features, unit: int) -> tuple[int, int]:
    """Return first and last token of the first answer in the unit, (0, 0) when it is not wholly there."""
    answer = _first_placed(features.examples[features.owner[unit]]["answers"])
    if answer is None or features.spans is None:
        return 0, 0
    start, end = answer["start"], answer["start"] + len(answer["text"])
    begin = features.offsets[unit]
    spans = features.spans[begin : begin + features.lengths[unit]]
    first = np.flatnonzero((spans[:, 0] <= start) & (spans[:, 1] > start))
    last = np.flatnonzero((spans[:, 0] < end) & (spans[:, 1] >= end))
    return (int(first[-1]), int(last[-1])) if len(first) and len(last) else (0, 0)


class Chooser(Head):
    """One score a choice, softmax over an example's choices; outputs: a scalar."""

    size = 1

    def items(self, features: Features) -> list[Item]:
        """Return the choices of each labelled example."""
        units: dict[int, list[int]] = {}
        for unit, owner in enumerate(features.owner.tolist()):
            if features.examples[owner]["label"] is not None:
                units.setdefault(owner, []).append(unit)
        return [tuple(choices) for choices in units.values()]

    def _values(self, hidden: Tensor, batch: Batch) -> Tensor:
        return self.linear(self.dropout(self.pooled(hidden, batch.mask)))[:, 0]

    def gold(self, batch: Batch, features: Features) -> Tensor:
        """Return the right choice of each example, examples in order."""
        return torch.tensor([features.examples[owner]["label"] for owner in np.unique(batch.owners)])

    def structure(self, batch: Batch) -> tuple[int, ...]:
        """Return where each example's choices begin, and how many they are."""
        _, starts, counts = np.unique(batch.owners, return_index=True, return_counts=True)
        return *starts.tolist(), *counts.tolist()

    def loss(self, hidden: Tensor, batch: Batch, gold: Tensor) -> Tensor:
        """Return the mean over examples of the cross entropy of the right choice."""
        scores = self._values(hidden, batch)
        _, starts, counts = np.unique(batch.owners, return_index=True, return_counts=True)
        places = zip(starts.tolist(), counts.tolist(), gold, strict=True)
        return torch.stack([cross_entropy(scores[start : start + count], own) for start, count, own in places]).mean()


class Retriever(Head):
    """No layer of its own: the pooled hidden states at length 1, over the mention if one is marked.

    `pooling` "cls" takes the text's first token in any case. Training is contrastive: the other candidates of
    the batch are the negatives (of its part, where gradients are accumulated over parts).
    """

    dense = True

    def items(self, features: Features) -> list[Item]:
        """Return each query with its first right candidate, where that is among the split's."""
        count = len(features.examples)
        place = {name: count + j for j, name in enumerate(features.candidates)}
        golds = ((i, example["gold"]) for i, example in enumerate(features.examples))
        return [(i, place[gold[0]]) for i, gold in golds if gold and gold[0] in place]

    def _values(self, hidden: Tensor, batch: Batch) -> Tensor:
        marked = batch.marks == 1
        chosen = torch.where(marked.any(1, keepdim=True), marked, batch.mask)
        return normalize(self.pooled(hidden, chosen), dim=1)

    def gold(self, batch: Batch, features: Features) -> Tensor:
        """Return the candidate of each query, as its place among all owners."""
        return torch.from_numpy(batch.owners[1::2])

    def loss(self, hidden: Tensor, batch: Batch, gold: Tensor) -> Tensor:
        """Return the cross entropy of each query's candidate among the batch's, by their cosines."""
        vectors = self._values(hidden, batch)
        cosines = vectors[0::2] @ vectors[1::2].T
        own = torch.arange(len(gold), device=hidden.device)
        twins = (gold[:, None] == gold[None, :]) & (own[:, None] != own[None, :])
        return cross_entropy(cosines.masked_fill(twins, -torch.inf) / TEMPERATURE, own)


class MaskedHead(Head):
    """Base of heads that say which piece stood at a masked token, [tokens, pieces].

    They have no outputs: the family is trained beside others and decides nothing.
    """

    def items(self, features: Features) -> list[Item]:
        """Return every unit that has a chosen token."""
        marked = features.marks.numpy() >= 0
        counts = np.add.reduceat(marked, features.offsets)
        return [(unit,) for unit in np.flatnonzero(counts).tolist()]

    def chosen(self, batch: Batch) -> Tensor:
        """Return the places of the chosen tokens among all, and the pieces that stood there, [2, chosen]."""
        marks = batch.marks.flatten()
        places = torch.nonzero(marks >= 0)[:, 0]
        return torch.stack([places, marks[places]])

    def alike(self, gold: Tensor) -> Tensor:
        """As Head.alike."""
        return filled(gold)


HEADS: Mapping[Family, type[Head]] = {
    Family.CLASSIFICATION: Classifier,
    Family.TAGGING: Tagger,
    Family.SPAN_QA: SpanReader,
    Family.MULTIPLE_CHOICE: Chooser,
    Family.SENTENCE_RETRIEVAL: Retriever,
    Family.BITEXT_MINING: Retriever,
    Family.ENTITY_RETRIEVAL: Retriever,
    Family.ANSWER_RETRIEVAL: Retriever,
}
