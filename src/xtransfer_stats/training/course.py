"""One task under training: its data, its head and the order of its batches; and how tasks are mixed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from xtransfer_stats.base import seeds
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.batches import Batch, collate, training_batches
from xtransfer_stats.training.evaluate import dev_score
from xtransfer_stats.training.features import Features
from xtransfer_stats.training.group import group
from xtransfer_stats.training.heads import HEADS, Head, Item
from xtransfer_stats.training.loop import Part


@dataclass(frozen=True)
class Given:
    """What a course is made of: a task's name, its training split, its dev splits by name, its own batch size.

    `others` are training splits in further languages; a language is drawn in proportion to its size ** alpha.
    `new_head` makes a head that needs more than the family's labels.
    """

    name: str
    train: Features
    dev: Mapping[str, Features]
    batch_size: int
    others: Mapping[str, Features] = field(default_factory=dict)
    alpha: float = 0.0
    new_head: Callable[[], Head] | None = None


@dataclass
class Course:
    """One task under training, with a new head and an endless order of batches."""

    given: Given
    head: Head
    items: list[Item]
    batches: Iterator[np.ndarray]
    accumulation: int
    facts: dict[str, Any]

    def parts(self, encoder: Encoder) -> Iterator[Part]:
        """Draw the next batch; yield the mean loss of each part and its share of the whole batch's mean."""
        batches = list(self._batches())
        weights = [self.head.weight(batch, items) for batch, items in batches]
        for (batch, _), weight in group().mine(zip(batches, weights, strict=True)):
            if weight or len(batches) == 1:
                moved = batch.to(encoder.precision.device)
                loss = self.head.loss(encoder(moved), moved, self.given.train)
                yield loss, weight / sum(weights) if len(batches) > 1 else 1.0

    def _batches(self) -> Iterator[tuple[Batch, int]]:
        chosen = next(self.batches)
        for places in np.array_split(chosen, min(max(self.accumulation, group().size), len(chosen))):
            units = [unit for place in places for unit in self.items[place]]
            yield collate(self.given.train, units), len(places)

    def dev(self, encoder: Encoder, limit: int) -> dict[str, float]:
        """Return the score of each dev split, 0-100."""
        splits = self.given.dev.items()
        return {name: dev_score(encoder, self.head, split, limit, self.facts) for name, split in splits}


def make_course(given: Given, encoder: Encoder, settings: Settings, seed: int, head: Head | None = None) -> Course:
    """Return a task with a new head (or the given one) on the encoder's device.

    Raises DataError when nothing can be trained on.
    """
    train = given.train
    head = head or _new_head(given, encoder, settings, seed)
    items = head.items(train)
    if not items:
        raise DataError(f"task {given.name!r}: no training example has a label or a candidate among those given")
    longest = np.array([max(train.lengths[unit] for unit in item) for item in items])
    order = training_batches(longest, given.batch_size, seeds.generator(seed, "order", given.name))
    return Course(given, head, items, order, settings.accumulation, _head_facts(train, head, settings))


def _new_head(given: Given, encoder: Encoder, settings: Settings, seed: int) -> Head:
    head = given.new_head() if given.new_head else HEADS[given.train.family](encoder.width, given.train.labels)
    head.reset(torch.Generator().manual_seed(seeds.integer(seed, "head", given.name)))
    head.dropout.p = settings.dropout
    return head.to(encoder.precision.device)


def _head_facts(train: Features, head: Head, settings: Settings) -> dict[str, Any]:
    """What head.json must tell so that the head can be rebuilt and its answers read."""
    return {
        "family": str(train.family),
        "labels": list(head.labels),
        "unanswerable": any("answers" in e and not e["answers"] for e in train.examples),
        "max_answer_length": settings.max_answer_length,
    }


def task_shares(sizes: list[int], cap: int) -> np.ndarray:
    """Return the probability of each task: proportional to min(size, cap)."""
    bounded = np.minimum(sizes, cap).astype(float)
    return bounded / bounded.sum()
