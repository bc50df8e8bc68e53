"""The two trained phases: one encoder on several intermediate tasks, or on one target task.

A target training tells what a model without knowledge scores, and whether it ended there.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch.nn import ModuleList

from xtransfer_stats.base import seeds
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.metrics.scoring import stopping_score
from xtransfer_stats.study.adapters import Adapter
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.checkpoints import load_encoder, load_head, take_over, write_encoder, write_head
from xtransfer_stats.training.features import Features, Inputs, Progress, read_features
from xtransfer_stats.training.hardware import precision_of, worth_compiling
from xtransfer_stats.training.loop import History, Objective, fit
from xtransfer_stats.training.losses import Diverged
from xtransfer_stats.training.maskedlm import masked_lm
from xtransfer_stats.training.parts import Part
from xtransfer_stats.training.recording import recordable
from xtransfer_stats.training.tasktraining import TaskData, TaskTraining


@dataclass(frozen=True)
class Tuned:
    """A finished training: the encoder, the tasks with their heads, and how it went."""

    encoder: Encoder
    tasks: list[TaskTraining]
    history: History


@dataclass(frozen=True)
class Tuning:
    """What a training starts from; it can start anew, as a search for the learning rate does."""

    tasks: list[TaskData]
    encoder: Callable[[], Encoder]
    seed: int
    continues: Path | None = None  # a target step whose head is taken over

    def best(self, settings: Settings, progress: Progress) -> tuple[Tuned, dict[str, Any]]:
        """Train at each learning rate in turn; return the best on dev (the first of equal ones) and every rate's score.

        Without a list the rate is settings.learning_rate, and there are no facts. A rate at which the training diverges
        has no dev score; raises Diverged where all do.
        """
        if settings.learning_rates is None:
            return self.train(settings, progress), {}
        rates, scores, best = settings.learning_rates, [], None
        for number, rate in enumerate(rates):

            def within(done: int, total: int, number: int = number) -> None:
                progress(number * total + done, len(rates) * total)

            try:
                tuned = self.train(settings.model_copy(update={"learning_rate": rate}), within)
            except Diverged as error:
                scores.append({"learning_rate": rate, "dev": None, "diverged": str(error)})
                continue
            scores.append({"learning_rate": rate, "dev": tuned.history.best_score})
            if best is None or tuned.history.best_score > best[1].history.best_score:
                best = rate, tuned
        if best is None:
            raise Diverged("; ".join(str(score["diverged"]) for score in scores) or "learning_rates is empty")
        return best[1], {"learning_rate": best[0], "search": scores}

    def train(self, settings: Settings, progress: Progress) -> Tuned:
        """Train a fresh encoder with new heads on all tasks."""
        encoder = self.encoder()
        encoder.set_dropout(settings.dropout)
        if settings.gradient_checkpointing:
            encoder.checkpoint_gradients()
        tasks = [TaskTraining(data, encoder, settings, self.seed) for data in self.tasks]
        if self.continues:
            load_head(tasks[0].head, self.continues)
        steps = settings.length([task.size for task in tasks], [data.batch_size for data in self.tasks])
        if worth_compiling(encoder.precision.device, steps):
            encoder.fuse_layers()
        objective = Objective(
            ModuleList([encoder, *(task.head for task in tasks)]),
            self._mixed(tasks, encoder, settings),
            lambda: {name: score for task in tasks for name, score in task.dev(encoder).items()},
            steps,
            encoder.precision,
            recordable(encoder, settings),
        )
        return Tuned(encoder, tasks, fit(objective, settings, self.seed, progress))

    def _mixed(self, tasks: list[TaskTraining], encoder: Encoder, settings: Settings) -> Callable[[], Iterator[Part]]:
        """Each step draws a task with probability proportional to min(size, cap)."""
        sizes = np.array([min(len(data.train.examples), settings.max_size_cap) for data in self.tasks], dtype=float)
        draws = seeds.generator(self.seed, "tasks")
        return lambda: tasks[int(draws.choice(len(tasks), p=sizes / sizes.sum()))].parts(encoder)


def intermediate(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Train one encoder on several English tasks at once, each with a new head of its own and its own batch size.

    Dev score: the tasks' mean. Where args name a checkpoint, its encoder is taken instead.
    """
    pretrained, precision = inputs["pretrained"], precision_of(args)
    if "checkpoint" in args:
        encoder = load_encoder(pretrained, None, args["freeze"], precision)
        facts = take_over(encoder, args, pretrained)
        write_encoder(encoder, pretrained, out)
        progress(1, 1)
        return facts
    settings = Settings.read(args["settings"])
    tasks = [_task(task, inputs, settings, args.get("translated", ())) for task in args["tasks"]]
    if "mlm" in args:
        mlm = args["mlm"]
        splits = {code: _features(inputs, f"mlm/{code}", Family.MASKED_LM, "mlm") for code in mlm["languages"]}
        tasks.append(masked_lm(splits, mlm["alpha"], mlm["batch_size"], pretrained))
    adapter, seed = Adapter.read(args), int(args["seed"])
    tuning = Tuning(tasks, lambda: load_encoder(pretrained, None, args["freeze"], precision, adapter, seed), seed)
    tuned, facts = tuning.best(settings, progress)
    write_encoder(tuned.encoder, pretrained, out)
    return _write_history(tuned.history, out) | facts | _adapter_facts(tuned.encoder, adapter)


def target(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Train the intermediate phase's encoder (or the pretrained one) and a new head on one English task.

    A training that continues another one starts from that one's encoder and head. Early stopping on the target
    languages reads dev/LANGUAGE among the inputs; the dev score is the languages' mean.
    """
    settings, precision = Settings.read(args["settings"]), precision_of(args)
    data = _target_task(args, inputs, settings)
    pretrained, before = inputs["pretrained"], inputs.get("encoder")
    adapter, seed = Adapter.read(args), int(args["seed"])
    tuning = Tuning(
        [data],
        lambda: load_encoder(pretrained, before, args["freeze"], precision, adapter, seed),
        seed,
        before if "continues" in args else None,
    )
    tuned, facts = tuning.best(settings, progress)
    write_encoder(tuned.encoder, pretrained, out)
    write_head(tuned.tasks[0].head, tuned.tasks[0].facts, out)
    facts |= collapse_facts(list(data.dev.values()), settings.dev_examples, tuned.history.best_score)
    return _write_history(tuned.history, out) | facts | _adapter_facts(tuned.encoder, adapter)


def _adapter_facts(encoder: Encoder, adapter: Adapter | None) -> dict[str, Any]:
    """What a manifest tells of adapters: how many parameters were trained, in which parts."""
    if adapter is None:
        return {}
    return {"adapter_parameters": sum(value.numel() for value in encoder.trained().values())}


def _write_history(history: History, out: Path) -> dict[str, Any]:
    facts = asdict(history)
    (out / "training.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return {key: value for key, value in facts.items() if key != "rows"}


def _features(inputs: Inputs, role: str, family: str, name: str) -> Features:
    features = read_features(inputs[role])
    if features.family != Family(family):
        raise DataError(f"task {name!r}: features are of family {features.family}, the step asks for {family}")
    return features


def _task(task: Mapping[str, Any], inputs: Inputs, settings: Settings, languages: Sequence[str]) -> TaskData:
    """A task's English data, and its training data in the further languages."""
    name, family = task["name"], task["family"]
    train, dev = (_features(inputs, f"{role}/{name}", family, name) for role in ("train", "dev"))
    others = {code: _features(inputs, f"train/{name}/{code}", family, name) for code in languages}
    return TaskData(name, train, {name: dev}, task.get("batch_size", settings.batch_size), others)


def _target_task(args: Mapping[str, Any], inputs: Inputs, settings: Settings) -> TaskData:
    name, family = args["training"], args["family"]
    train = _features(inputs, "train", family, name)
    roles = {name: "dev"}
    if settings.early_stopping == "target":
        roles = {role.removeprefix("dev/"): role for role in inputs if role.startswith("dev/")}
        if not roles:
            raise DataError(f"early_stopping = 'target' in {name!r}: no dev features of a target language were given")
    dev = {key: _features(inputs, role, family, name) for key, role in roles.items()}
    return TaskData(name, train, dev, settings.batch_size)


MARGIN = 2.0  # points above chance within which a training counts as collapsed
Decisions = Sequence[Any]


def _constant_labels(examples: Sequence[Mapping[str, Any]]) -> list[Decisions]:
    labels = Counter(e["label"] for e in examples if e["label"] is not None)
    most = max(sorted(labels), key=lambda label: labels[label], default="")
    return [[most] * len(examples)]


def _constant_tags(examples: Sequence[Mapping[str, Any]]) -> list[Decisions]:
    tags = Counter(tag for e in examples for tag in e["tags"] or ())
    most = max(sorted(tags), key=lambda tag: tags[tag], default="")
    return [[[most] * len(e["tokens"]) for e in examples]]


def _constant_answers(examples: Sequence[Mapping[str, Any]]) -> list[Decisions]:
    return [[""] * len(examples), [e["context"] for e in examples]]


_CONSTANT: Mapping[Family, Callable[[Sequence[Mapping[str, Any]]], list[Decisions]]] = {
    Family.CLASSIFICATION: _constant_labels,
    Family.TAGGING: _constant_tags,
    Family.SPAN_QA: _constant_answers,
    Family.MULTIPLE_CHOICE: _constant_labels,
}


def chance(features: Features, limit: int) -> float | None:
    """Return the dev score of the best constant answer on the first `limit` examples, 0-100.

    Classification: the most frequent label; multiple choice: the most frequent position, at least a random choice;
    tagging: the most frequent tag throughout; span QA: no answer, or the whole context, whichever scores more.
    None for retrieval, where no constant ranking is natural.
    """
    if features.family not in _CONSTANT:
        return None
    examples = features.examples[:limit]
    values = [stopping_score(features.family, examples, constant) for constant in _CONSTANT[features.family](examples)]
    if features.family is Family.MULTIPLE_CHOICE:
        values.append(100.0 * sum(1 / len(e["choices"]) for e in examples) / len(examples))
    return max(values)


def collapse_facts(splits: Sequence[Features], limit: int, best: float) -> dict[str, Any]:
    """Return facts of a training whose kept weights score `best` on these dev splits (mean): chance and collapsed.

    collapsed is None where chance is not defined.
    """
    values = [chance(split, limit) for split in splits]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or not known:
        return {"chance": None, "collapsed": None}
    level = sum(known) / len(known)
    return {"chance": level, "collapsed": best <= level + MARGIN}
