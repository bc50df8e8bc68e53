"""The validated recipe: what to train, on what, how often; all its tables but the intermediate one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from xtransfer_stats.base import resources
from xtransfer_stats.base.places import expanded, nameable
from xtransfer_stats.base.tables import UserTable, check_known, checked, problems
from xtransfer_stats.study.backbonetable import Backbone
from xtransfer_stats.study.intermediate import Intermediate, Variant
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.tasks.benchmarks import Tatoeba, benchmark_names, cells_of, undeclared
from xtransfer_stats.tasks.catalogue import TARGET_TASKS, TARGET_TRAININGS, XTREME_R
from xtransfer_stats.tasks.codes import canonical

Control = Literal["none", "random-init", "overlap"]
Keep = Literal["all", "intermediate", "scores"]  # whose weights stay once nothing of the plan needs them

LONGEST_NAME = 100  # characters of a study's name: it names folders and files, with more behind it
MOST_COUNTS = 100
MOST_RUNS, MOST_SETS = 5000, 1000  # of a study: as many steps as are planned in seconds


class StudyPart(UserTable):
    """Name, benchmarks and design.

    `collapsed` is fixed before anything runs: whether a run at chance level on its English dev data counts
    like any other, or is left out whole. `singles` trains each intermediate task alone too, for every seed.
    """

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    benchmarks: tuple[str, str]
    targets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    root_seed: int = Field(2005, ge=0)
    seeds: int = Field(5, ge=1, le=MOST_RUNS)
    tasks: tuple[int, ...] = Field((3,), max_length=MOST_COUNTS)
    sets: int = Field(1, ge=1, le=MOST_SETS)
    cross: int = Field(0, ge=0, le=MOST_SETS)
    baselines: int = Field(1, ge=1, le=MOST_SETS)
    singles: bool = False
    tatoeba: Tatoeba = "per-benchmark"
    control: Control = "none"
    variant: Variant = "none"
    keep: Keep = "all"
    collapsed: Literal["keep", "exclude"] = "keep"

    @field_validator("benchmarks")
    @classmethod
    def _benchmarks(cls, names: tuple[str, str]) -> tuple[str, str]:
        check_known("benchmark", names, benchmark_names())
        if names[0] == names[1]:
            raise ValueError(f"benchmarks = {names[0]!r} twice: the study compares two different ones")
        return names

    @field_validator("targets")
    @classmethod
    def _targets(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        check_known("target task", names, TARGET_TASKS)
        return names

    @field_validator("languages")
    @classmethod
    def _languages(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """Any common code of a language is taken; the catalogue's is kept."""
        spoken = XTREME_R.union(*(task.languages for task in TARGET_TASKS.values()))
        codes = tuple(dict.fromkeys(canonical(name) or name for name in names))
        check_known("language", codes, spoken)
        return codes

    @field_validator("tasks", mode="before")
    @classmethod
    def _counts(cls, counts: Any) -> Any:
        """The baseline 0 is always included, so it is neither needed nor kept among the counts."""
        if not isinstance(counts, list | tuple):
            return counts if isinstance(counts, bool) or not isinstance(counts, int | str) else (counts,)
        whole = all(isinstance(count, int) and not isinstance(count, bool) for count in counts)
        return tuple(sorted({count for count in counts if count != 0})) if whole else counts

    @model_validator(mode="after")
    def _has_cells(self) -> "StudyPart":
        replaced = undeclared(self.targets, self.tatoeba)
        if replaced:
            raise ValueError(
                f"targets name {replaced!r}, which tatoeba = {self.tatoeba!r} replaces in both benchmarks: "
                "name the other Tatoeba, or leave the key tatoeba out"
            )
        for benchmark, cells in self.cells().items():
            if not cells:
                raise ValueError(f"targets and languages leave no cell of {benchmark!r}: name one of its target tasks")
        if self.sets > 1 and self.cross:
            raise ValueError(f"sets = {self.sets} (nested) and cross = {self.cross} (factorial) exclude each other")
        if self.runs > MOST_RUNS:
            stated = f"seeds x (baselines + task counts x sets) are {self.runs:,} runs"
            raise ValueError(f"seeds = {self.seeds}: {stated}; a study has {MOST_RUNS:,} at most")
        return self

    @property
    def runs(self) -> int:
        """How many runs at most, without those on single tasks."""
        return self.seeds * (self.baselines + len(self.tasks) * max(self.sets, self.cross))

    def cells(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """benchmark -> target task -> languages, as restricted by this study."""
        return {
            name: cells_of(name, targets=self.targets, languages=self.languages, tatoeba=self.tatoeba)
            for name in self.benchmarks
        }


class Costs(UserTable):
    """What the estimate of a dry run assumes of machine, model and data.

    The peak is that of one A100 in bf16, dense, as its data sheet gives it; `utilisation` the share of it that
    trainings and evaluations reach. `parameters` are those of a backbone that data/backbones.toml does not know,
    `examples` those of a split whose size was not read.
    """

    accelerator: str = "A100, bf16"
    peak_tflops: float = Field(312.0, gt=0)
    utilisation: float = Field(0.35, gt=0, le=1)
    parameters: int | None = Field(None, ge=1, le=10**15)
    examples: int = Field(10_000, ge=1, le=10**15)
    choices: int = Field(4, ge=2, le=10**15)
    token_bytes: int = Field(8, ge=1, le=10**15)
    prediction_bytes: int = Field(200, ge=1, le=10**15)


class SourceChoice(UserTable):
    """Where examples come from, and at most how many of each split are used.

    `name` is embedded, hub, or a directory; `by_dataset` names another source for single data sets; `revisions`
    pins repositories of the hub, models and data alike, to commits.
    """

    name: Annotated[str, Field(min_length=1), AfterValidator(nameable)] = "embedded"
    by_dataset: dict[str, Annotated[str, Field(min_length=1), AfterValidator(nameable)]] = Field(default_factory=dict)
    revisions: dict[str, str] = Field(default_factory=dict)
    train: int | None = Field(None, ge=1)
    dev: int | None = Field(None, ge=1)
    test: int | None = Field(None, ge=1)

    def place(self, dataset: str, name: str | None = None) -> dict[str, Any]:
        """Where a data set is read (or where the source called `name` is), as sources.registry takes it."""
        name = name or self.by_dataset.get(dataset, self.name)
        if name == "embedded":
            return {"kind": "embedded"}
        if name == "hub":
            return {"kind": "hub", "revisions": dict(self.revisions)}
        return {"kind": "files", "directory": str(expanded(name, "source").resolve())}


class TargetPhase(UserTable):
    """The target phase; `by_training` overrides settings for one target training."""

    settings: Settings = Settings()
    by_training: dict[str, dict[str, Any]] = Field(default_factory=dict)

    @field_validator("by_training")
    @classmethod
    def _trainings(cls, table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        check_known("target training", tuple(table), TARGET_TRAININGS)
        return table

    def settings_of(self, training: str) -> Settings:
        """The settings of one target training."""
        return self.settings.with_values(self.by_training.get(training, {}))

    @model_validator(mode="after")
    def _overrides(self) -> "TargetPhase":
        for training in self.by_training:
            try:
                self.settings_of(training)
            except ValidationError as error:
                raise ValueError(problems(error, Settings, ("target", "by_training", training))) from None
        return self


class Recipe(UserTable):
    """A whole study, as a TOML file states it and options override it."""

    study: StudyPart
    backbone: Backbone
    source: SourceChoice = SourceChoice()
    intermediate: Intermediate = Intermediate()
    target: TargetPhase = TargetPhase()
    costs: Costs = Costs()

    @model_validator(mode="after")
    def _counts_fit(self) -> "Recipe":
        limit = len(self.intermediate.tasks)
        for count in self.study.tasks:
            if not 1 <= count <= limit:
                raise ValueError(
                    f"tasks = {count}: there are {limit} intermediate tasks; give counts from 1 to {limit}"
                )
        return self

    @model_validator(mode="after")
    def _adapter_fits(self) -> "Recipe":
        if self.backbone.adapter != "none" and self.intermediate.checkpoints:
            raise ValueError(
                f"adapter = {self.backbone.adapter!r}: intermediate.checkpoints are whole models, and an adapter's "
                'phase is an adapter; leave them out, or set adapter = "none"'
            )
        return self

    @model_validator(mode="after")
    def _backbones_fit(self) -> "Recipe":
        several, runs = len(self.backbone.models), self.study.runs
        if several == 1:
            return self
        listed = f"model = {list(self.backbone.models)!r}"
        if self.study.control == "overlap":
            raise ValueError(f"{listed}: the control 'overlap' compares texts and has no encoder; name one backbone")
        if self.intermediate.checkpoints:
            raise ValueError(
                f"{listed}: intermediate.checkpoints are trainings of one backbone; leave them out, or name one model"
            )
        if self.costs.parameters is not None:
            raise ValueError(
                f"{listed}: costs.parameters = {self.costs.parameters} is of one backbone; leave it out, as planning "
                "reads each one's own"
            )
        if runs * several > MOST_RUNS:
            raise ValueError(f"{listed}: {several} times {runs:,} runs; a study has {MOST_RUNS:,} at most")
        return self

    def parts(self) -> tuple["Recipe", ...]:
        """The study of every backbone alone: all else is the same, the seeds and task sets too."""
        tables = self.backbone.each(self.source.revisions)
        return tuple(self if one is self.backbone else self.model_copy(update={"backbone": one}) for one in tables)

    @model_validator(mode="after")
    def _singles_fit(self) -> "Recipe":
        study, held = self.study, len(self.intermediate.tasks)
        if not study.singles:
            return self
        if held < 2:
            raise ValueError(
                f"singles = true: there is {held} intermediate task; name two or more, or leave singles out"
            )
        if 1 in study.tasks:
            raise ValueError(
                "tasks = 1 draws single tasks, and singles = true trains each of them: leave one of them out"
            )
        if (runs := study.runs + study.seeds * held) > MOST_RUNS:
            stated = f"singles = true: with each of {held} tasks alone, seeds = {study.seeds} are"
            raise ValueError(f"{stated} {runs:,} runs; a study has {MOST_RUNS:,} at most")
        return self


def load_recipe(name: str | Path, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Recipe:
    """Read a recipe by path or shipped name and override keys: {"study": {"seeds": 5}}.

    Raises RecipeError naming key, value and remedy.
    """
    path = resources.find("runners", name)
    table = resources.read_toml(path)
    for part, values in (overrides or {}).items():
        own = table.get(part, {})
        if isinstance(own, Mapping):  # else `parse_recipe` says what it is instead of a table
            table[part] = {**own, **values}
    return parse_recipe(table, path.name)


def parse_recipe(table: Mapping[str, Any], where: str) -> Recipe:
    """Validate a recipe's table; raises RecipeError. `where` names it in messages."""
    return checked(Recipe, table, where)
