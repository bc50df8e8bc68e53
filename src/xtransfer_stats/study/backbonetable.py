"""The backbone's table of a recipe: which pretrained encoder, how it is frozen and read, how long texts may be."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from xtransfer_stats.base.places import expanded, nameable
from xtransfer_stats.base.tables import UserTable, check_known, problems
from xtransfer_stats.study.adapters import RANK, SCALE, Adapter
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS, TARGET_TRAININGS
from xtransfer_stats.tasks.task import Family

_BESIDE = 6  # tokens of a window, at least, that are special or context that the last one has not
Name = Annotated[str, Field(min_length=1), AfterValidator(nameable)]
MOST_BACKBONES = 24  # of a study: all pairs of them are compared
# Keys that a backbone may have of its own.
OWN = ("freeze", "max_length", "retrieval_layer", "retrieval_pooling", "adapter_targets")


class TextLength(UserTable):
    """How long the texts of a task may be, and by how much the windows of a longer passage overlap, in sub-words."""

    max_length: int | None = Field(None, ge=8, le=8192)
    stride: int | None = Field(None, ge=0, le=8192)


class Backbone(UserTable):
    """The pretrained encoder; freeze is the number of frozen lower layers, or "none" to train everything.

    Where sentences are retrieved without training for it (BUCC, Tatoeba), they are compared by the output of
    `retrieval_layer`, the n-th layer counted from 1 (default: the last), as `retrieval_pooling` puts tokens together.
    Phang et al.'s layer 13 is 13 here; jiant, which counts the embeddings as the first, says 14. Mewsli-X and
    LAReQA are not concerned: their encoders were trained for what the last layer says.
    A model that reads from left to right has its last token where others have the mean.
    `by_task` gives texts of an intermediate task, a target training or a target task another length and stride.
    adapter "lora" trains matrices of `adapter_rank` (8) beside the linear parts called `adapter_targets` (those of the
    family, study.adapters), their product times `adapter_alpha` (twice the rank) over the rank; all else stays.
    A list as `model` is a study of several backbones: the first is `model`, the rest `others`; `by_model` gives one of
    them, by its name, keys of its own.
    """

    model: Name
    others: tuple[Name, ...] = Field((), max_length=MOST_BACKBONES - 1)
    revision: str | None = None
    freeze: Annotated[int, Field(ge=0)] | Literal["none"] = "none"
    max_length: int = Field(128, ge=8, le=8192)
    retrieval_layer: int | None = Field(None, ge=1)
    retrieval_pooling: Literal["mean", "cls", "last"] = "mean"
    adapter: Literal["none", "lora"] = "none"
    adapter_rank: int | None = Field(None, ge=1, le=4096)
    adapter_alpha: float | None = Field(None, gt=0, le=1e6)
    adapter_targets: tuple[str, ...] = Field((), max_length=100)
    by_task: dict[str, TextLength] = Field(default_factory=dict)
    by_model: dict[str, dict[str, Any]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, values: Any) -> Any:
        names = values.get("model") if isinstance(values, Mapping) else None
        if not isinstance(names, list | tuple):
            return values
        if not names:
            raise ValueError("model = []: name a backbone, or several")
        if not all(isinstance(name, str) and name for name in names):
            raise ValueError(f"model = {list(names)!r}: each backbone is a name: a folder, or an id on the hub")
        if len(names) > MOST_BACKBONES:
            raise ValueError(f"model: {len(names)} backbones; a study has {MOST_BACKBONES} at most")
        return {**values, "model": names[0], "others": tuple(names[1:])}

    @model_validator(mode="after")
    def _told_apart(self) -> "Backbone":
        seen: dict[Path | str, str] = {}
        for name in self.models:
            place = expanded(name, "model")
            one = place.resolve() if place.is_dir() else name
            if one in seen:
                raise ValueError(f"model = {name!r} twice ({seen[one]!r}): each backbone of a study is another one")
            seen[one] = name
        if self.others and self.revision is not None:
            raise ValueError(
                f"revision = {self.revision!r} is of one backbone: state the commits of several in [source.revisions]"
            )
        check_known("backbone in by_model", self.by_model, self.models)
        for name, own in self.by_model.items():
            check_known(f"key in by_model.{name}", own, OWN)
        self.each()  # what by_model states is validated with all else
        return self

    @model_validator(mode="after")
    def _layer_is_kept(self) -> "Backbone":
        layer, freeze = self.retrieval_layer, self.freeze
        if layer is not None and freeze != "none" and layer < freeze:
            raise ValueError(
                f"retrieval_layer = {layer}: of the frozen layers only the last one's output is kept; "
                f"choose {freeze} or more, or a lower freeze"
            )
        return self

    @field_validator("by_task")
    @classmethod
    def _tasks(cls, table: dict[str, TextLength]) -> dict[str, TextLength]:
        check_known("task", tuple(table), {**INTERMEDIATE_TASKS, **TARGET_TRAININGS, **TARGET_TASKS})
        return table

    @model_validator(mode="after")
    def _strides_fit(self) -> "Backbone":
        for name, own in self.by_task.items():
            if own.stride is None:
                continue
            tables: tuple[Mapping[str, Any], ...] = (TARGET_TRAININGS, INTERMEDIATE_TASKS, TARGET_TASKS)
            known = next(table[name] for table in tables if name in table)
            if known.family is not Family.SPAN_QA:
                raise ValueError(
                    f"by_task.{name}.stride = {own.stride}: only question answering has windows; leave it out"
                )
            most = (own.max_length or self.max_length) // 2 - _BESIDE  # a question takes half a window at most
            if own.stride > most:
                raise ValueError(
                    f"by_task.{name}.stride = {own.stride}: windows of {own.max_length or self.max_length} tokens "
                    f"overlap by {max(most, 0)} at most; choose 0 to {max(most, 0)}, or a greater max_length"
                )
        return self

    @model_validator(mode="after")
    def _adapter_fits(self) -> "Backbone":
        stated = {"rank": self.adapter_rank, "alpha": self.adapter_alpha, "targets": self.adapter_targets or None}
        names = [f"adapter_{name} = {value}" for name, value in stated.items() if value is not None]
        if self.adapter == "none" and names:
            raise ValueError(f'{names[0]} goes with an adapter: set adapter = "lora", or leave it out')
        if self.adapter == "lora" and self.freeze != "none":
            raise ValueError(
                f'adapter = "lora" with freeze = {self.freeze}: adapters stand in all layers of a model that is frozen '
                'whole; set freeze = "none"'
            )
        return self

    @property
    def lora(self) -> Adapter | None:
        """The adapter that is trained, or None."""
        if self.adapter == "none":
            return None
        rank = self.adapter_rank or RANK
        return Adapter(rank, self.adapter_alpha or float(SCALE * rank), self.adapter_targets)

    @property
    def models(self) -> tuple[str, ...]:
        """The study's backbones, in the order of its recipe."""
        return (self.model, *self.others)

    def each(self, revisions: Mapping[str, str] = MappingProxyType({})) -> "tuple[Backbone, ...]":
        """The table of every backbone alone, with its own keys; of several each has its commit of `revisions`.

        Raises ValueError where a backbone's own keys do not go with the others.
        """
        if not (self.others or self.by_model):
            return (self,)
        common = self.model_dump(exclude={"others", "by_model"})
        tables = []
        for name in self.models:
            commit = {"revision": revisions.get(name)} if self.others else {}
            try:
                tables.append(
                    Backbone.model_validate({**common, "model": name, **commit, **self.by_model.get(name, {})})
                )
            except ValidationError as error:
                raise ValueError(f"backbone {name!r}: {problems(error, Backbone)}") from None
        return tuple(tables)

    def length_of(self, *names: str | None) -> dict[str, int]:
        """max_length, and stride where one is stated, of the first of the names that has its own, else of all."""
        own = next((self.by_task[name] for name in names if name in self.by_task), TextLength())
        stride = {} if own.stride is None else {"stride": own.stride}
        return {"max_length": own.max_length or self.max_length, **stride}

    def lengths(self) -> Iterator[tuple[str, int]]:
        """Every max_length that is stated, by its key."""
        yield "max_length", self.max_length
        for name, own in self.by_task.items():
            if own.max_length is not None:
                yield f"by_task.{name}.max_length", own.max_length

    def representation(self) -> dict[str, Any]:
        """How sentences are compared without training, as far as it is not the default."""
        layer: dict[str, Any] = {} if self.retrieval_layer is None else {"layer": self.retrieval_layer}
        return layer | ({} if self.retrieval_pooling == "mean" else {"pooling": self.retrieval_pooling})
