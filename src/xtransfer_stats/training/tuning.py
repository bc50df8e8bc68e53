"""The two trained phases: one encoder on several intermediate tasks, or on one target task."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from xtransfer_stats import seeds
from xtransfer_stats.errors import DataError
from xtransfer_stats.settings import Settings
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.backbone import Encoder, load_encoder
from xtransfer_stats.training.batches import collate, training_batches
from xtransfer_stats.training.evaluate import dev_score, load_head
from xtransfer_stats.training.features import Features, read_features
from xtransfer_stats.training.heads import HEADS, Head, Item
from xtransfer_stats.training.loop import History, Progress, fit

Inputs = Mapping[str, Path]


@dataclass
class Course:
    """One task under training: its data, its head, and the endless order of its batches."""

    name: str
    train: Features
    dev: Features
    head: Head
    items: list[Item]
    batches: Iterator[np.ndarray]

    def facts(self, settings: Settings) -> dict[str, Any]:
        """Return what head.json must tell so that the head can be rebuilt and its answers read."""
        return {
            "family": str(self.train.family),
            "labels": list(self.head.labels),
            "unanswerable": any("answers" in e and not e["answers"] for e in self.train.examples),
            "max_answer_length": settings.max_answer_length,
        }

    def loss(self, encoder: Encoder) -> Tensor:
        """Return the mean loss of the next batch."""
        units = [unit for place in next(self.batches) for unit in self.items[place]]
        batch = collate(self.train, units)
        return self.head.loss(encoder(batch), batch, self.train)


def _course(name: str, train: Features, dev: Features, width: int, settings: Settings, seed: int) -> Course:
    head = HEADS[train.family](width, train.labels)
    head.reset(torch.Generator().manual_seed(seeds.integer(seed, "head", name)))
    head.dropout.p = settings.dropout
    items = head.items(train)
    if not items:
        raise DataError(f"task {name!r}: no training example has a label or a candidate among those given")
    longest = np.array([max(train.lengths[unit] for unit in item) for item in items])
    order = seeds.generator(seed, "order", name)
    return Course(name, train, dev, head, items, training_batches(longest, settings.batch_size, order))


def _same_family(found: Features, family: str, name: str) -> Features:
    if found.family != Family(family):
        raise DataError(f"task {name!r}: features are of family {found.family}, the step asks for {family}")
    return found


def task_shares(sizes: list[int], cap: int) -> np.ndarray:
    """Return the probability of each task: proportional to min(size, cap)."""
    bounded = np.minimum(sizes, cap).astype(float)
    return bounded / bounded.sum()


def _train(courses: list[Course], encoder: Encoder, settings: Settings, seed: int, progress: Progress) -> History:
    encoder.set_dropout(settings.dropout)
    sizes = [len(course.train.examples) for course in courses]
    shares = task_shares(sizes, settings.max_size_cap)
    draws = seeds.generator(seed, "tasks")

    def loss() -> Tensor:
        return courses[int(draws.choice(len(courses), p=shares))].loss(encoder)

    def dev() -> dict[str, float]:
        return {c.name: dev_score(encoder, c.head, c.dev, settings.dev_examples, c.facts(settings)) for c in courses}

    modules = [encoder, *(course.head for course in courses)]
    return fit(modules, loss, dev, settings, seed, progress)


def _write_encoder(encoder: Encoder, pretrained: Path, out: Path) -> None:
    """Write the trained layers in the precision in which the pretrained model is stored."""
    config = json.loads((pretrained / "model" / "config.json").read_text(encoding="utf-8"))
    kind = getattr(torch, config.get("dtype") or "float32")
    tensors = {name: value.detach().to(kind).clone() for name, value in encoder.trained().items()}
    save_file(tensors, out / "encoder.safetensors")


def _write_history(history: History, out: Path) -> dict[str, Any]:
    facts = history.facts()
    (out / "training.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return {key: value for key, value in facts.items() if key != "rows"}


def intermediate(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Train one encoder on several English tasks at once, each with a new head of its own.

    Each step draws a task with probability proportional to min(size, cap); dev score: the tasks' mean.
    """
    settings, seed = Settings.read(args["settings"]), int(args["seed"])
    encoder = load_encoder(inputs["pretrained"], None, args["freeze"])
    courses = []
    for task in args["tasks"]:
        name = task["name"]
        train, dev = (
            _same_family(read_features(inputs[f"{role}/{name}"]), task["family"], name) for role in ("train", "dev")
        )
        courses.append(_course(name, train, dev, encoder.width, settings, seed))
    history = _train(courses, encoder, settings, seed, progress)
    _write_encoder(encoder, inputs["pretrained"], out)
    return _write_history(history, out)


def target(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Train the intermediate phase's encoder (or the pretrained one) and a new head on one English task.

    A training that continues another one starts from that one's encoder and head.
    """
    settings, seed, name = Settings.read(args["settings"]), int(args["seed"]), args["training"]
    encoder = load_encoder(inputs["pretrained"], inputs.get("encoder"), args["freeze"])
    train, dev = (_same_family(read_features(inputs[role]), args["family"], name) for role in ("train", "dev"))
    course = _course(name, train, dev, encoder.width, settings, seed)
    if "continues" in args:
        load_head(course.head, inputs["encoder"])
    history = _train([course], encoder, settings, seed, progress)
    _write_encoder(encoder, inputs["pretrained"], out)
    save_file({key: value.contiguous() for key, value in course.head.state_dict().items()}, out / "head.safetensors")
    (out / "head.json").write_text(json.dumps(course.facts(settings), ensure_ascii=False, indent=1), encoding="utf-8")
    return _write_history(history, out)
