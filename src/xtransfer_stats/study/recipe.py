"""The validated recipe: what to train, on what, how often; its smaller tables stand here too."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from xtransfer_stats.base import resources
from xtransfer_stats.study.intermediate import Intermediate
from xtransfer_stats.study.recipepart import RecipePart, check_known, checked
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.study.studypart import StudyPart
from xtransfer_stats.tasks.catalogue import TARGET_TRAININGS


class Costs(RecipePart):
    """What the estimate of a dry run assumes of machine, model and data.

    The peak is that of one A100 in bf16, dense, as its data sheet gives it; `utilisation` the share of it that
    trainings and evaluations reach. `parameters` are those of a backbone that data/backbones.toml does not know,
    `examples` those of a split whose size was not read.
    """

    accelerator: str = "A100, bf16"
    peak_tflops: float = Field(312.0, gt=0)
    utilisation: float = Field(0.35, gt=0, le=1)
    parameters: int | None = Field(None, ge=1)
    examples: int = Field(10_000, ge=1)
    choices: int = Field(4, ge=2)
    token_bytes: int = Field(8, ge=1)
    prediction_bytes: int = Field(200, ge=1)


class Backbone(RecipePart):
    """The pretrained encoder; freeze is the number of frozen lower layers, or "none" to train everything.

    Where sentences are retrieved without training for it (BUCC, Tatoeba), they are compared by the output of
    `retrieval_layer`, the n-th layer counted from 1 (default: the last), as `retrieval_pooling` puts tokens together.
    Phang et al.'s layer 13 is 13 here; jiant, which counts the embeddings as the first, says 14. Mewsli-X and
    LAReQA are not concerned: their encoders were trained for what the last layer says.
    """

    model: str
    revision: str | None = None
    freeze: int | Literal["none"] = "none"
    max_length: int = Field(128, ge=8, le=8192)
    retrieval_layer: int | None = Field(None, ge=1)
    retrieval_pooling: Literal["mean", "cls"] = "mean"

    @model_validator(mode="after")
    def _layer_is_kept(self) -> "Backbone":
        layer, freeze = self.retrieval_layer, self.freeze
        if layer is not None and freeze != "none" and layer < freeze:
            raise ValueError(
                f"retrieval_layer = {layer}: of the frozen layers only the last one's output is kept; "
                f"choose {freeze} or more, or a lower freeze"
            )
        return self

    def representation(self) -> dict[str, Any]:
        """How sentences are compared without training, as far as it is not the default."""
        layer: dict[str, Any] = {} if self.retrieval_layer is None else {"layer": self.retrieval_layer}
        return layer | ({} if self.retrieval_pooling == "mean" else {"pooling": self.retrieval_pooling})


class SourceChoice(RecipePart):
    """Where examples come from, and at most how many of each split are used.

    `name` is embedded, hub, or a directory; `by_dataset` names another source for single data sets; `revisions`
    pins repositories of the hub, models and data alike, to commits.
    """

    name: str = "embedded"
    by_dataset: dict[str, str] = Field(default_factory=dict)
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
        return {"kind": "files", "directory": str(Path(name).expanduser().resolve())}


class TargetPhase(RecipePart):
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
            self.settings_of(training)
        return self


class Recipe(RecipePart):
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

    def cells(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """benchmark -> target task -> languages, as restricted by this study."""
        return self.study.cells()


def load_recipe(name: str | Path, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Recipe:
    """Read a recipe by path or shipped name and override keys: {"study": {"seeds": 5}}.

    Raises RecipeError naming key, value and remedy.
    """
    path = resources.find("runners", name)
    table = resources.read_toml(path)
    for part, values in (overrides or {}).items():
        table[part] = {**table.get(part, {}), **values}
    return parse_recipe(table, path.name)


def parse_recipe(table: Mapping[str, Any], where: str) -> Recipe:
    """Validate a recipe's table; raises RecipeError. `where` names it in messages."""
    return checked(Recipe, table, where)
