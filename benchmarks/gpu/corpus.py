"""Models of XLM-R's shapes with random weights, texts of random pieces, and the operations that training takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import XLMRobertaConfig, XLMRobertaModel

from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.features import Features

LABELS = ("a", "b", "c")
LONGEST = 512
SPREAD = 4  # shape of the gamma distribution of lengths: their sd is half their mean


@dataclass(frozen=True)
class Shape:
    """An encoder's sizes."""

    name: str
    vocabulary: int
    width: int
    layers: int
    heads: int

    def config(self) -> XLMRobertaConfig:
        """As transformers has it."""
        return XLMRobertaConfig(
            vocab_size=self.vocabulary, hidden_size=self.width, num_hidden_layers=self.layers,
            num_attention_heads=self.heads, intermediate_size=4 * self.width, max_position_embeddings=LONGEST + 2,
            type_vocab_size=1, pad_token_id=1, num_labels=len(LABELS),
        )  # fmt: skip

    def operations(self, lengths: Sequence[int]) -> float:
        """Floating-point operations of one training step on these texts; padding and recomputing do not count.

        A product of [m, k] and [k, n] takes 2mkn; forward and the two products of backward make three of them.
        A layer's weights have 12 width^2 numbers; each token's scores and sums over its text take 4 width * length.
        """
        tokens, pairs = float(np.sum(lengths)), float(np.sum(np.square(lengths)))
        return 3 * self.layers * (2 * 12 * self.width**2 * tokens + 4 * self.width * pairs)


SHAPES = {
    "cuda": (Shape("XLM-R large", 250002, 1024, 24, 16), Shape("XLM-R base", 250002, 768, 12, 12)),
    "cpu": (Shape("tiny", 1000, 64, 2, 2),),
}


def write_model(shape: Shape, folder: Path, device: torch.device) -> None:
    """Write a model with random weights as a folder that transformers reads."""
    with torch.device(device):
        XLMRobertaModel(shape.config()).save_pretrained(folder)


def texts(shape: Shape, count: int, mean: int, seed: int = 0) -> tuple[list[list[int]], list[int]]:
    """Return piece ids of texts of about a mean length, and a label each."""
    random = np.random.default_rng(seed)
    lengths = np.clip(random.gamma(SPREAD, mean / SPREAD, count).round().astype(int), 4, LONGEST)
    ids = [[0, *random.integers(5, shape.vocabulary - 1, n - 2).tolist(), 2] for n in lengths.tolist()]
    return ids, random.integers(0, len(LABELS), count).tolist()


def features(ids: list[list[int]], labels: list[int]) -> Features:
    """The texts as the product's features."""
    lengths = np.array([len(row) for row in ids], dtype=np.int64)
    examples: tuple[dict[str, Any], ...] = tuple(
        {"id": str(place), "label": LABELS[label]} for place, label in enumerate(labels)
    )
    return Features(
        family=Family.CLASSIFICATION, language="en", labels=LABELS, examples=examples, candidates=(),
        ids=torch.tensor([piece for row in ids for piece in row], dtype=torch.int32), segments=None,
        marks=torch.full((int(lengths.sum()),), -1, dtype=torch.int32), spans=None, hidden=None,
        offsets=np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths=lengths, owner=np.arange(len(ids)),
    )  # fmt: skip
