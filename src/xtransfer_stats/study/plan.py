"""From a recipe to the graph of steps: pretrained -> intermediate -> target training -> evaluations.

Steps that runs or benchmarks share come out with the same key, so they exist once: XQuAD and MLQA
score one SQuAD training, untrained retrieval from the pretrained encoder is scored once for all seeds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from xtransfer_stats.base import seeds
from xtransfer_stats.study import protocol
from xtransfer_stats.study.checkpoints import check_used, identity
from xtransfer_stats.study.design import Run, runs
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.study.step import Step
from xtransfer_stats.study.versions import Versions, asked, name_of
from xtransfer_stats.tasks.intermediate import INTERMEDIATE_TASKS, MLM
from xtransfer_stats.tasks.target import TARGET_TASKS, TARGET_TRAININGS
from xtransfer_stats.tasks.task import Family, TargetTask, TrainingTask


@dataclass(frozen=True)
class Plan:
    """The steps of a study in an order in which each stands after its parents.

    `scores` maps (run name, target task) to the evaluation steps and the languages that each scores. `versions` are
    those of its data sets, under the names of study.versions.
    """

    recipe: Recipe
    runs: tuple[Run, ...]
    steps: Mapping[str, Step]
    scores: Mapping[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]]
    versions: Mapping[str, str] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Step]:
        """The plan's steps of one kind."""
        return [step for step in self.steps.values() if step.kind == kind]


def make_plan(recipe: Recipe, version: Versions = asked) -> Plan:
    """Return the whole graph of a study; nothing is read or trained. `version` tells that of a data set."""
    builder = _Builder(recipe, version)
    wanted = study_runs(recipe)
    if recipe.study.control != "overlap":
        check_used(recipe.intermediate.checkpoints, {run.set_name for run in wanted if run.task_set})
    scores = {
        (run.name, target): tuple(builder.evaluations(run, target)) for run in wanted for target in builder.targets
    }
    return Plan(recipe, tuple(wanted), builder.steps, scores, builder.versions)


def study_runs(recipe: Recipe) -> list[Run]:
    """The runs of a study; the overlap control has no encoder, hence one baseline run only."""
    study = recipe.study
    if study.control == "overlap":
        return [Run(0, 0, ())]
    return runs(recipe.intermediate.tasks, study.tasks, study.seeds, study.root_seed,
                sets=study.sets, cross=study.cross, baselines=study.baselines)  # fmt: skip


@dataclass
class _Builder:
    recipe: Recipe
    version: Versions
    steps: dict[str, Step] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cells = self.recipe.cells()
        names = dict.fromkeys(target for tasks in cells.values() for target in tasks)
        self.targets: dict[str, tuple[str, ...]] = {
            name: tuple(sorted({lang for tasks in cells.values() for lang in tasks.get(name, ())})) for name in names
        }
        overlap = self.recipe.study.control == "overlap"
        # The overlap control reads texts only, so nothing is run through the encoder for it.
        self.freeze = None if overlap or self.recipe.backbone.freeze == "none" else self.recipe.backbone.freeze
        self.common: dict[str, Any] = {"freeze": self.freeze} | ({"control": "overlap"} if overlap else {})

    def _add(
        self,
        kind: str,
        name: str,
        args: Mapping[str, Any],
        parents: Mapping[str, Step],
        places: Mapping[str, Any] | None = None,
    ) -> Step:
        step = Step(kind, name, args, {role: parent.key for role, parent in parents.items()}, places or {})
        return self.steps.setdefault(step.key, step)

    def _seed(self, *names: object) -> int:
        return seeds.integer(self.recipe.study.root_seed, *names)

    def pretrained(self) -> Step:
        backbone, control = self.recipe.backbone, self.recipe.study.control
        drawn = control == "random-init"
        args = {
            "model": backbone.model,
            "revision": backbone.revision,
            "control": "random-init" if drawn else "none",
            "seed": self._seed("random-init") if drawn else 0,
        }
        return self._add("pretrained", backbone.model, args, {})

    def features(
        self,
        dataset: str,
        family: Family,
        split: str,
        language: str,
        source_name: str | None = None,
        model: str | None = None,
    ) -> Step:
        """One split; `model` is the one that puts the English split into the language."""
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
            "max_length": self.recipe.backbone.max_length,
            "freeze": self.freeze,
        }
        places: dict[str, Any] = {"source": place}
        if model:
            name = model.format(language=language)
            args["translate"], where = identity(name, source.revisions.get(name))
            places |= where
        return self._add("features", f"{dataset}/{split}/{language}", args, {"pretrained": self.pretrained()}, places)

    def _version(self, place: Mapping[str, Any], dataset: str) -> str:
        name = name_of(place, dataset)
        if name not in self.versions:
            self.versions[name] = self.version(place, dataset)
        return self.versions[name]

    def _english(self, task: TrainingTask, prefix: str = "") -> dict[str, Step]:
        """Training and held-back English features, by role."""
        suffix = f"/{task.name}" if prefix else ""
        return {f"{split}{suffix}": self.features(task.name, task.family, split, "en") for split in ("train", "dev")}

    def encoder(self, run: Run) -> Step | None:
        """The run's intermediate step; None for the baseline."""
        if not run.task_set:
            return None
        parents, phase = {"pretrained": self.pretrained()}, self.recipe.intermediate
        if run.set_name in phase.checkpoints:
            return self._checkpoint(run.set_name, parents)
        tasks = [INTERMEDIATE_TASKS[name] for name in run.task_set]
        for task in tasks:
            parents |= self._english(task, prefix="task")
        args = {
            "tasks": [self._course(task, alone=len(tasks) == 1) for task in tasks],
            "settings": phase.settings_of(run.task_set, self.recipe.study.variant).args(),
            "seed": self._seed("intermediate", run.seed, run.set_name),
            "freeze": self.freeze,
        }
        more, found = self._variants[self.recipe.study.variant](tasks)
        return self._add("intermediate", f"s{run.seed}/{run.set_name}", args | more, parents | found)

    @property
    def _variants(self) -> Mapping[str, Callable[[list[TrainingTask]], tuple[dict[str, Any], dict[str, Step]]]]:
        return {"none": lambda tasks: ({}, {}), "mlm": self._mlm, "translated": self._translated}

    def _mlm(self, tasks: list[TrainingTask]) -> tuple[dict[str, Any], dict[str, Step]]:
        """Text of every language beside the tasks; its learning rate comes before that of the settings."""
        mlm = self.recipe.intermediate.mlm
        spoken = mlm.languages or tuple(sorted({code for codes in self.targets.values() for code in codes}))
        found = {f"mlm/{code}": self.features(MLM.name, MLM.family, "train", code) for code in spoken}
        return {"mlm": mlm.args(spoken)}, found

    def _translated(self, tasks: list[TrainingTask]) -> tuple[dict[str, Any], dict[str, Step]]:
        """The tasks' training data in other languages."""
        chosen = self.recipe.intermediate.translated
        found = {
            f"train/{task.name}/{code}": self.features(
                task.name, task.family, "train", code, chosen.source, chosen.model
            )
            for task in tasks
            for code in chosen.languages
        }
        return {"translated": list(chosen.languages)}, found

    def _course(self, task: TrainingTask, *, alone: bool) -> dict[str, Any]:
        """A task of a set; one alone has its batch size in the settings."""
        size = None if alone else self.recipe.intermediate.batch_size_of(task.name)
        return {"name": task.name, "family": task.family.value} | ({"batch_size": size} if size else {})

    def _checkpoint(self, set_name: str, parents: Mapping[str, Step]) -> Step:
        """A finished model in the place of a set's training: the same for all seeds."""
        name = self.recipe.intermediate.checkpoints[set_name]
        told, places = identity(name, self.recipe.source.revisions.get(name))
        args = {"tasks": set_name.split("+"), "freeze": self.freeze} | told
        return self._add("intermediate", f"checkpoint/{set_name}", args, parents, places)

    def _phases(self, run: Run) -> dict[str, Step]:
        encoder = self.encoder(run)
        return {"pretrained": self.pretrained()} | ({"encoder": encoder} if encoder else {})

    def training(self, run: Run, name: str) -> Step:
        task = TARGET_TRAININGS[name]
        settings = self.recipe.target.settings_of(name)
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
        """Dev features, by role, of the target languages that a training is stopped by."""
        splits = protocol.target_dev(self.recipe, self.targets, training)
        return {
            f"dev/{task.name}/{language}": self.features(task.dataset, task.family, "dev", language)
            for task, language in splits
        }

    def evaluations(self, run: Run, target: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """One step a language; one step for all languages where their candidates form one pool."""
        task, languages = TARGET_TASKS[target], self.targets[target]
        groups = [languages] if task.family.pooled else [(language,) for language in languages]
        for group in groups:
            step = self._evaluation(run, task, group)
            yield step.key, group

    def _evaluation(self, run: Run, task: TargetTask, languages: tuple[str, ...]) -> Step:
        parents = self._phases(run)
        if task.training:
            parents["encoder"] = self.training(run, task.training)
        splits = ("dev", "test") if task.family is Family.BITEXT_MINING else ("test",)
        for split in splits:
            for language in languages:
                parents[f"{split}/{language}"] = self.features(task.dataset, task.family, split, language)
        args = {
            "target": task.name,
            "family": task.family.value,
            "metrics": list(task.metrics),
            "languages": list(languages),
            "settings": protocol.scoring_settings(self.recipe, task),
            "head_family": TARGET_TRAININGS[task.training].family.value if task.training else None,
        }
        args |= protocol.scoring(self.recipe, task) | self.common
        name = f"{task.name}/{'+'.join(languages) if len(languages) == 1 else 'all'}/{run.name}"
        return self._add("evaluation", name, args, parents)
