"""A task whose training data are in several languages: one head, and a language drawn for each batch."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open

from xtransfer_stats.base import seeds
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.course import Course, Given, make_course
from xtransfer_stats.training.features import Features
from xtransfer_stats.training.filler import Filler, gold_pieces
from xtransfer_stats.training.heads import Head, Item
from xtransfer_stats.training.loop import Part

_TABLE = "embeddings.word_embeddings.weight"


@dataclass
class Polyglot:
    """Courses of one task in several languages; what the mixture of tasks sees is the first one's."""

    courses: list[Course]
    shares: np.ndarray
    draws: np.random.Generator

    @property
    def given(self) -> Given:
        """The first language's; in the variant "translated" that is English."""
        return self.courses[0].given

    @property
    def head(self) -> Head:
        """The head that all languages share."""
        return self.courses[0].head

    @property
    def items(self) -> list[Item]:
        """The first language's items: a pass is as long as the English study's."""
        return self.courses[0].items

    @property
    def facts(self) -> dict[str, Any]:
        """What head.json tells."""
        return self.courses[0].facts

    def parts(self, encoder: Encoder) -> Iterator[Part]:
        """Draw a language, then its next batch; see Course.parts."""
        yield from self.courses[int(self.draws.choice(len(self.courses), p=self.shares))].parts(encoder)

    def dev(self, encoder: Encoder, limit: int) -> dict[str, float]:
        """Scores of the first language's dev splits: English, or none (masked language modelling)."""
        return self.courses[0].dev(encoder, limit)


def make(given: Given, encoder: Encoder, settings: Settings, seed: int) -> Course | Polyglot:
    """Return the course of a task, or those of its languages; see make_course."""
    first = make_course(given, encoder, settings, seed)
    if not given.others:
        return first
    others = [
        make_course(
            replace(given, name=f"{given.name}/{code}", train=features, dev={}), encoder, settings, seed, first.head
        )
        for code, features in given.others.items()
    ]
    courses = [first, *others]
    shares = language_shares([len(course.given.train.examples) for course in courses], given.alpha)
    return Polyglot(courses, shares, seeds.generator(seed, "languages", given.name))


def language_shares(sizes: list[int], alpha: float) -> np.ndarray:
    """Return the probability of each language, proportional to size ** alpha (0: all alike)."""
    weights = np.asarray(sizes, dtype=float) ** alpha
    return weights / weights.sum()


def masked_lm(parts: dict[str, Features], alpha: float, batch_size: int, pretrained: Path) -> Given:
    """Multilingual masked language modelling as a task: no dev split, a head tied to the pretrained word table.

    Raises DataError for a model whose word table is not found.
    """
    pieces = gold_pieces(list(parts.values()))
    with safe_open(pretrained / "model" / "model.safetensors", "pt") as file:
        if _TABLE not in file.keys():  # noqa: SIM118
            raise DataError(
                f"variant 'mlm': the backbone has no tensor {_TABLE!r} to tie the output to; choose a BERT-like encoder"
            )
        table = file.get_tensor(_TABLE)[pieces]
    (code, first), *rest = parts.items()
    return Given(f"mlm/{code}", first, {}, batch_size, dict(rest), alpha, lambda: Filler(pieces, table))
