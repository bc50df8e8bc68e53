"""The steps of a study's runs, each made once; what a target task's protocol adds to its training and scoring."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from xtransfer_stats.base import seeds
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.models import identity
from xtransfer_stats.metrics.answers import SQUAD
from xtransfer_stats.sources.registry import source_at
from xtransfer_stats.study.design import Run
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.study.step import Step
from xtransfer_stats.study.versions import Versions, name_of
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, MLM, TARGET_TASKS, TARGET_TRAININGS
from xtransfer_stats.tasks.codes import in_language
from xtransfer_stats.tasks.task import Family, TargetTask, TrainingTask

# Retrieval that no training is made for: compared by the recipe's layer. Mewsli-X and LAReQA keep the last, on which
# their trainings put the loss (contrastive) or the head (SQuAD).
_UNTRAINED = (Family.SENTENCE_RETRIEVAL, Family.BITEXT_MINING)


def _lengths_of(task: TargetTask) -> tuple[str, ...]:
    """Names whose length of texts a target task's have: its own, and its training's where that is of its family."""
    training = TARGET_TRAININGS.get(task.training or "")
    return (task.name, training.name) if training and training.family is task.family else (task.name,)


@dataclass
class Builder:
    """Makes the steps of a study.

    `steps` are those made so far, parents before children. `versions` are those of the data sets that they read, under
    the names of study.versions. `label` begins the steps' names, where a study has several backbones.
    """

    recipe: Recipe
    version: Versions
    steps: dict[str, Step] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    label: str = ""

    def __post_init__(self) -> None:
        # Most runs need the same features, and all targets of a run its encoder: what is asked for again is not made
        # and hashed again.
        self.features, self.encoder, self.training = cache(self._features), cache(self._encoder), cache(self._training)
        self._settings = cache(self.recipe.target.settings_of)
        cells = self.recipe.study.cells().values()
        names = dict.fromkeys(target for tasks in cells for target in tasks)
        self.targets: dict[str, tuple[str, ...]] = {
            name: tuple(sorted({code for tasks in cells for code in tasks.get(name, ())})) for name in names
        }
        overlap, freeze = self.recipe.study.control == "overlap", self.recipe.backbone.freeze
        # The overlap control reads texts only, so nothing is run through the encoder for it.
        self.freeze = None if overlap or freeze == "none" else freeze
        adapter = self.recipe.backbone.lora
        # Part of trainings and evaluations alone: features are those of the model without it.
        self.adapter: dict[str, Any] = {"adapter": adapter.args()} if adapter and not overlap else {}
        control = {"control": "overlap"} if overlap else {}
        self.common: dict[str, Any] = {"freeze": self.freeze} | self.adapter | control

    @property
    def _bare(self) -> dict[str, Any]:
        """What evaluations of a model that was not trained have in common: no adapter."""
        return {name: value for name, value in self.common.items() if name != "adapter"}

    def _add(
        self,
        kind: str,
        name: str,
        args: Mapping[str, Any],
        parents: Mapping[str, Step],
        places: Mapping[str, Any] | None = None,
    ) -> Step:
        name = f"{self.label}: {name}" if self.label and kind != "pretrained" else name
        step = Step(kind, name, args, {role: parent.key for role, parent in parents.items()}, places or {})
        return self.steps.setdefault(step.key, step)

    def _seed(self, *names: object) -> int:
        return seeds.integer(self.recipe.study.root_seed, *names)

    @cached_property
    def pretrained(self) -> Step:
        """The encoder that every run begins with."""
        backbone, drawn = self.recipe.backbone, self.recipe.study.control == "random-init"
        args = {
            "model": backbone.model,
            "revision": backbone.revision,
            "control": "random-init" if drawn else "none",
            "seed": self._seed("random-init") if drawn else 0,
        }
        return self._add("pretrained", backbone.model, args, {})

    def _features(
        self,
        dataset: str,
        family: Family,
        split: str,
        language: str,
        source_name: str | None = None,
        model: str | None = None,
        lengths: tuple[str, ...] = (),
    ) -> Step:
        """One split; `model` is the one that puts the English split into the language.

        `lengths` are the names, before the data set's, whose own length of texts is taken.
        """
        source = self.recipe.source
        place = source.place(dataset, source_name)
        args = {
            "source": place["kind"],
            "dataset": dataset,
            "split": split,
            "language": language,
            "limit": getattr(source, split),
            "fingerprint": self._version(place, dataset),
            "family": family.value,
            "freeze": self.freeze,
        } | self.recipe.backbone.length_of(*lengths, dataset)
        places: dict[str, Any] = {"source": place}
        if model:
            name = in_language(model, language)
            args["translate"], where = identity(name, source.revisions.get(name))
            places |= where
        return self._add("features", f"{dataset}/{split}/{language}", args, {"pretrained": self.pretrained}, places)

    def _version(self, place: Mapping[str, Any], dataset: str) -> str:
        name = name_of(place, dataset)
        if name not in self.versions:
            self.versions[name] = self.version(place, dataset)
        return self.versions[name]

    def _english(self, task: TrainingTask, suffix: str = "") -> dict[str, Step]:
        """Training and held-back English features, by role; `suffix` ends the roles."""
        return {f"{split}{suffix}": self.features(task.name, task.family, split, "en") for split in ("train", "dev")}

    def _encoder(self, run: Run) -> Step | None:
        """The run's intermediate step; None for the baseline."""
        if not run.task_set:
            return None
        parents, phase, study = {"pretrained": self.pretrained}, self.recipe.intermediate, self.recipe.study
        if run.set_name in phase.checkpoints:
            return self._checkpoint(run.set_name, parents)
        tasks = [INTERMEDIATE_TASKS[name] for name in run.task_set]
        for task in tasks:
            parents |= self._english(task, f"/{task.name}")
        args = {
            "tasks": [self._share(task, alone=len(tasks) == 1) for task in tasks],
            "settings": phase.settings_of(run.task_set, study.variant).args(),
            "seed": self._seed("intermediate", run.seed, run.set_name),
            "freeze": self.freeze,
        } | self.adapter
        if study.variant == "mlm":
            self._add_mlm(args, parents)
        elif study.variant == "translated":
            self._add_translations(args, parents, tasks)
        return self._add("intermediate", f"s{run.seed}/{run.set_name}", args, parents)

    def _checkpoint(self, set_name: str, parents: Mapping[str, Step]) -> Step:
        """A finished model in the place of a set's training: the same for all seeds."""
        name = self.recipe.intermediate.checkpoints[set_name]
        model, places = identity(name, self.recipe.source.revisions.get(name))
        args = {"tasks": set_name.split("+"), "freeze": self.freeze} | model
        return self._add("intermediate", f"checkpoint/{set_name}", args, parents, places)

    def _share(self, task: TrainingTask, *, alone: bool) -> dict[str, Any]:
        """A task of a set; one alone has its batch size in the settings."""
        size = None if alone else self.recipe.intermediate.batch_size_of(task.name)
        return {"name": task.name, "family": task.family.value} | ({"batch_size": size} if size else {})

    def _add_mlm(self, args: dict[str, Any], parents: dict[str, Step]) -> None:
        """Text of every language beside the tasks; its learning rate comes before that of the settings."""
        mlm = self.recipe.intermediate.mlm
        languages = mlm.languages or tuple(sorted({code for codes in self.targets.values() for code in codes}))
        args["mlm"] = mlm.args(languages)
        parents |= {f"mlm/{code}": self.features(MLM.name, MLM.family, "train", code) for code in languages}

    def _add_translations(self, args: dict[str, Any], parents: dict[str, Step], tasks: list[TrainingTask]) -> None:
        """The tasks' training data in other languages."""
        table = self.recipe.intermediate.translated
        args["translated"] = list(table.languages)
        for task in tasks:
            for code in table.languages:
                step = self.features(task.name, task.family, "train", code, table.source, table.model)
                parents[f"train/{task.name}/{code}"] = step

    def _phases(self, run: Run) -> dict[str, Step]:
        """What a run's trainings and evaluations start from, by role."""
        encoder = self.encoder(run)
        return {"pretrained": self.pretrained} | ({"encoder": encoder} if encoder else {})

    def _training(self, run: Run, name: str) -> Step:
        """The run's target training of that name, after the one that it goes on from."""
        task, settings = TARGET_TRAININGS[name], self._settings(name)
        args = {
            "training": name,
            "family": task.family.value,
            "settings": settings.args(),
            # The seed's data order and head are the same at each count: that is what pairs the runs of a seed.
            "seed": self._seed("target", run.seed, run.replicate, name),
        } | self.common
        if "control" in args:
            args["seed"] = 0
        parents = self._phases(run) | self._english(task)
        if settings.early_stopping == "target" and "control" not in args:
            parents |= self._target_dev(task)
        if task.after:
            parents["encoder"] = self.training(run, task.after)
            args["continues"] = task.after
        return self._add("target", f"{name}/{run.name}", args, parents)

    def _target_dev(self, training: TrainingTask) -> dict[str, Step]:
        """Dev features, by role, of the target languages that a training is stopped by.

        Those of the target tasks that score the training and are of its own family. Raises DataError where there is no
        such split but in English.
        """
        source = self.recipe.source
        splits = [
            (task, language)
            for task in map(TARGET_TASKS.__getitem__, self.targets)
            if task.training == training.name and task.family is training.family
            for language in self.targets[task.name]
            if not source_at(source.place(task.dataset)).blocked(task.dataset, "dev", language)
        ]
        if all(language == "en" for _, language in splits):
            raise DataError(
                f'early_stopping = "target": no target task that scores the training {training.name!r} has a dev '
                "split in a language other than English; "
                f'set target.by_training.{training.name}.early_stopping to "english" or "none"'
            )
        return {
            f"dev/{task.name}/{language}": self.features(
                task.dataset, task.family, "dev", language, lengths=_lengths_of(task)
            )
            for task, language in splits
        }

    def evaluations(self, run: Run, target: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """One step a language; one step for all languages where their candidates form one pool."""
        task, languages = TARGET_TASKS[target], self.targets[target]
        groups = [languages] if task.family.pooled else [(language,) for language in languages]
        for group in groups:
            yield self._evaluation(run, task, group).key, group

    def _evaluation(self, run: Run, task: TargetTask, languages: tuple[str, ...]) -> Step:
        parents = self._phases(run)
        if task.training:
            parents["encoder"] = self.training(run, task.training)
        splits = ("dev", "test") if task.family is Family.BITEXT_MINING else ("test",)
        for split in splits:
            for language in languages:
                parents[f"{split}/{language}"] = self.features(
                    task.dataset, task.family, split, language, lengths=_lengths_of(task)
                )
        args = {
            "target": task.name,
            "family": task.family.value,
            "metrics": list(task.metrics),
            "languages": list(languages),
            "settings": self._scoring_settings(task),
            "head_family": TARGET_TRAININGS[task.training].family.value if task.training else None,
        }
        args |= self._scoring(task) | (self.common if "encoder" in parents else self._bare)
        name = f"{task.name}/{languages[0] if len(languages) == 1 else 'all'}/{run.name}"
        return self._add("evaluation", name, args, parents)

    def _scoring_settings(self, task: TargetTask) -> dict[str, Any]:
        """What an evaluation takes over of the training's settings; the precision where it is not chosen by device."""
        target = self.recipe.target
        settings = self._settings(task.training) if task.training else target.settings
        precision = {} if settings.precision == "auto" else {"precision": settings.precision}
        return {"max_answer_length": target.settings.max_answer_length} | precision

    def _scoring(self, task: TargetTask) -> dict[str, Any]:
        """Arguments that most evaluations have not: rules of answers, the representation of untrained retrieval."""
        rules: dict[str, Any] = {} if task.normalisation == SQUAD else {"normalisation": task.normalisation}
        representation = self.recipe.backbone.representation() if task.family in _UNTRAINED else {}
        return rules | ({"representation": representation} if representation else {})
