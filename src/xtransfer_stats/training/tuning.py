"""The two trained phases: one encoder on several intermediate tasks, or on one target task."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from xtransfer_stats.base import seeds
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training import checkpoints
from xtransfer_stats.training.backbone import Encoder, WholeModel, load_encoder
from xtransfer_stats.training.chance import collapse_facts
from xtransfer_stats.training.course import Course, Given, task_shares
from xtransfer_stats.training.devices import device_of
from xtransfer_stats.training.evaluate import load_head
from xtransfer_stats.training.features import Features, read_features
from xtransfer_stats.training.loop import History, Part, Progress, Work, fit
from xtransfer_stats.training.polyglot import Polyglot, make, masked_lm
from xtransfer_stats.training.precision import Precision, choose_precision
from xtransfer_stats.training.search import search

Inputs = Mapping[str, Path]


@dataclass(frozen=True)
class Tuned:
    """A finished training: the encoder, the courses with their heads, and how it went."""

    encoder: Encoder
    courses: list[Course | Polyglot]
    history: History


@dataclass(frozen=True)
class Tuning:
    """What a training starts from; it can start anew, as a search for the learning rate does."""

    given: list[Given]
    encoder: Callable[[], Encoder]
    seed: int
    continues: Path | None = None  # a target step whose head is taken over

    def train(self, settings: Settings, progress: Progress) -> Tuned:
        """Train a fresh encoder with new heads on all courses."""
        encoder = self.encoder()
        encoder.set_dropout(settings.dropout)
        _checkpoint_gradients(encoder, settings)
        courses = [make(given, encoder, settings, self.seed) for given in self.given]
        if self.continues:
            load_head(courses[0].head, self.continues)
        modules = [encoder, *(course.head for course in courses)]
        length = settings.length([len(course.items) for course in courses], [g.batch_size for g in self.given])
        work = Work(modules, self._mixed(courses, encoder, settings), _dev(courses, encoder, settings.dev_examples),
                    length, encoder.precision)  # fmt: skip
        return Tuned(encoder, courses, fit(work, settings, self.seed, progress))

    def _mixed(
        self, courses: list[Course | Polyglot], encoder: Encoder, settings: Settings
    ) -> Callable[[], Iterator[Part]]:
        """Each step draws a task with probability proportional to min(size, cap)."""
        shares = task_shares([len(course.given.train.examples) for course in courses], settings.max_size_cap)
        draws = seeds.generator(self.seed, "tasks")
        return lambda: courses[int(draws.choice(len(courses), p=shares))].parts(encoder)


def _dev(courses: list[Course | Polyglot], encoder: Encoder, limit: int) -> Callable[[], dict[str, float]]:
    return lambda: {name: value for course in courses for name, value in course.dev(encoder, limit).items()}


def _checkpoint_gradients(encoder: Encoder, settings: Settings) -> None:
    if not settings.gradient_checkpointing:
        return
    if not isinstance(encoder, WholeModel):
        raise DataError(
            'gradient_checkpointing = true is for a model trained whole: set freeze = "none", or leave it out '
            "(frozen layers keep no activations)"
        )
    encoder.checkpoint_gradients()


def _same_family(found: Features, family: str, name: str) -> Features:
    if found.family != Family(family):
        raise DataError(f"task {name!r}: features are of family {found.family}, the step asks for {family}")
    return found


def precision_of(args: Mapping[str, Any]) -> Precision:
    """The precision and device of a step. Raises DataError where the machine has not what was asked for."""
    return choose_precision(args.get("settings", {}).get("precision", "auto"), device_of(args))


def write_encoder(encoder: Encoder, pretrained: Path, out: Path) -> None:
    """Write the trained layers in the precision in which the pretrained model is stored."""
    config = json.loads((pretrained / "model" / "config.json").read_text(encoding="utf-8"))
    kind = getattr(torch, config.get("dtype") or "float32")
    tensors = {name: value.detach().to("cpu", kind).clone() for name, value in encoder.trained().items()}
    save_file(tensors, out / "encoder.safetensors")


def _write_history(history: History, out: Path) -> dict[str, Any]:
    facts = history.facts()
    (out / "training.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return {key: value for key, value in facts.items() if key != "rows"}


def intermediate(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Train one encoder on several English tasks at once, each with a new head of its own and its own batch size.

    Dev score: the tasks' mean. Where args name a checkpoint, its encoder is taken instead.
    """
    precision = precision_of(args)
    if "checkpoint" in args:
        encoder = load_encoder(inputs["pretrained"], None, args["freeze"])
        facts = checkpoints.take_over(encoder, args, inputs["pretrained"])
        write_encoder(encoder, inputs["pretrained"], out)
        progress(1, 1)
        return facts
    settings = Settings.read(args["settings"])
    given = [_task(task, inputs, settings, args.get("translated", ())) for task in args["tasks"]]
    if "mlm" in args:
        given.append(_mlm(args["mlm"], inputs))
    tuning = Tuning(
        given, lambda: load_encoder(inputs["pretrained"], None, args["freeze"], precision), int(args["seed"])
    )
    tuned, facts = search(tuning.train, settings, progress)
    write_encoder(tuned.encoder, inputs["pretrained"], out)
    return _write_history(tuned.history, out) | facts


def _mlm(told: Mapping[str, Any], inputs: Inputs) -> Given:
    """Masked language modelling beside the tasks, in the languages that args["mlm"] names."""
    parts = {
        code: _same_family(read_features(inputs[f"mlm/{code}"]), Family.MASKED_LM, "mlm") for code in told["languages"]
    }
    return masked_lm(parts, told["alpha"], told["batch_size"], inputs["pretrained"])


def _task(task: Mapping[str, Any], inputs: Inputs, settings: Settings, languages: Sequence[str]) -> Given:
    """A task's English data, and its training data in the further languages."""
    name = task["name"]
    train, dev = (
        _same_family(read_features(inputs[f"{role}/{name}"]), task["family"], name) for role in ("train", "dev")
    )
    others = {
        code: _same_family(read_features(inputs[f"train/{name}/{code}"]), task["family"], name) for code in languages
    }
    return Given(name, train, {name: dev}, task.get("batch_size", settings.batch_size), others)


def target(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Train the intermediate phase's encoder (or the pretrained one) and a new head on one English task.

    A training that continues another one starts from that one's encoder and head. Early stopping on the target
    languages reads dev/LANGUAGE among the inputs; the dev score is the languages' mean.
    """
    settings, precision = Settings.read(args["settings"]), precision_of(args)
    given = _target_task(args, inputs, settings)
    before = inputs.get("encoder")
    tuning = Tuning([given], lambda: load_encoder(inputs["pretrained"], before, args["freeze"], precision),
                    int(args["seed"]), before if "continues" in args else None)  # fmt: skip
    tuned, facts = search(tuning.train, settings, progress)
    course = tuned.courses[0]
    write_encoder(tuned.encoder, inputs["pretrained"], out)
    tensors = {key: value.cpu().contiguous() for key, value in course.head.state_dict().items()}
    save_file(tensors, out / "head.safetensors")
    (out / "head.json").write_text(json.dumps(course.facts, ensure_ascii=False, indent=1), encoding="utf-8")
    facts |= collapse_facts(list(given.dev.values()), settings.dev_examples, tuned.history.best_score)
    return _write_history(tuned.history, out) | facts


def _target_task(args: Mapping[str, Any], inputs: Inputs, settings: Settings) -> Given:
    name, family = args["training"], args["family"]
    train = _same_family(read_features(inputs["train"]), family, name)
    roles = {name: "dev"}
    if settings.early_stopping == "target":
        roles = {role.removeprefix("dev/"): role for role in inputs if role.startswith("dev/")}
        if not roles:
            raise DataError(f"early_stopping = 'target' in {name!r}: no dev features of a target language were given")
    dev = {key: _same_family(read_features(inputs[role]), family, name) for key, role in roles.items()}
    return Given(name, train, dev, settings.batch_size)
