"""One task under training: its data, its head, and the order of its batches, in one language or several."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch

from xtransfer_stats.base import seeds
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.batches import Batch, collate, training_batches
from xtransfer_stats.training.distributed import process_group
from xtransfer_stats.training.evaluate import dev_score
from xtransfer_stats.training.features import Features
from xtransfer_stats.training.heads import HEADS, Head
from xtransfer_stats.training.parts import Part


@dataclass(frozen=True)
class TaskData:
    """What a task is trained on: its name, its training split, its dev splits by name, its own batch size.

    `others` are training splits in further languages; a language is drawn in proportion to its size ** alpha.
    `new_head` makes a head that needs more than the family's labels.
    """

    name: str
    train: Features
    dev: Mapping[str, Features]
    batch_size: int
    others: Mapping[str, Features] = field(default_factory=dict)
    alpha: float = 0.0
    new_head: Callable[[Encoder], Head] | None = None


class _Stream:
    """A training split with its items and an endless order of batches of them."""

    def __init__(self, name: str, features: Features, head: Head, batch_size: int, seed: int) -> None:
        self.features, self.items = features, head.items(features)
        if not self.items:
            raise DataError(f"task {name!r}: no training example has a label or a candidate among those given")
        longest = np.array([max(features.lengths[unit] for unit in item) for item in self.items])
        self.batches = training_batches(longest, batch_size, seeds.generator(seed, "order", name))

    def parts(self, count: int, alike: bool) -> Iterator[tuple[Batch, int]]:
        """Draw the next batch; yield it in `count` parts, each with its number of items; `alike`: as `collate`."""
        chosen = next(self.batches)
        for places in np.array_split(chosen, min(count, len(chosen))):
            # in the split's order choices begin at the same places, and batches are more alike
            units = [unit for place in (np.sort(places) if alike else places) for unit in self.items[place]]
            yield collate(self.features, units, alike), len(places)


class TaskTraining:
    """One task under training with a new head on the encoder's device; for each batch a language is drawn by its share.

    Raises DataError when nothing can be trained on.
    """

    def __init__(self, data: TaskData, encoder: Encoder, settings: Settings, seed: int) -> None:
        self.data, self.settings = data, settings
        head = data.new_head(encoder) if data.new_head else HEADS[data.train.family](encoder.width, data.train.labels)
        head.reset(torch.Generator().manual_seed(seeds.integer(seed, "head", data.name)))
        head.dropout.p, head.pooling = settings.dropout, encoder.pooling
        splits = {data.name: data.train} | {f"{data.name}/{code}": split for code, split in data.others.items()}
        self.streams = [_Stream(name, split, head, data.batch_size, seed) for name, split in splits.items()]
        self.shares = language_shares([len(split.examples) for split in splits.values()], data.alpha)
        self.draws = seeds.generator(seed, "languages", data.name)
        self.head = head.to(encoder.precision.device)

    @property
    def size(self) -> int:
        """Items of a pass. The first language's: with others it is as long as the English study's."""
        return len(self.streams[0].items)

    def parts(self, encoder: Encoder) -> Iterator[Part]:
        """Draw the next batch; yield its parts, on the encoder's device."""
        stream = self.streams[int(self.draws.choice(len(self.streams), p=self.shares))]
        parts = list(stream.parts(max(self.settings.accumulation, process_group().size), encoder.packs))
        weights = [self.head.weight(batch, items) for batch, items in parts]
        for (part, _), weight in process_group().mine(zip(parts, weights, strict=True)):
            if weight or len(parts) == 1:
                gold, share = self.head.gold(part, stream.features), weight / sum(weights) if len(parts) > 1 else 1.0
                yield Part(part, self.head.alike(gold) if encoder.packs else gold, share, self.head, encoder).sent()

    def dev(self, encoder: Encoder) -> dict[str, float]:
        """Return the score of each dev split, 0-100."""
        limit, facts = self.settings.dev_examples, self.facts
        return {name: dev_score(encoder, self.head, split, limit, facts) for name, split in self.data.dev.items()}

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What head.json must tell so that the head can be rebuilt and its answers read."""
        return {
            "family": str(self.data.train.family),
            "labels": list(self.head.labels),
            "unanswerable": any("answers" in e and not e["answers"] for e in self.data.train.examples),
            "max_answer_length": self.settings.max_answer_length,
        }


def language_shares(sizes: list[int], alpha: float) -> np.ndarray:
    """Return the probability of each language, proportional to size ** alpha (0: all alike)."""
    weights = np.asarray(sizes, dtype=float) ** alpha
    return weights / weights.sum()
