"""How a training is optimised: one definition for recipes and for the loop, in the paper's terms."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from xtransfer_stats.base.tables import UserTable, checked

# Settings that came after the first stores: part of a step only where they differ from their default, so that
# steps made before they existed keep their keys.
_LATER = ("epochs", "accumulation", "gradient_checkpointing", "precision", "early_stopping", "learning_rates")


class Settings(UserTable):
    """Settings of one training.

    The length is `steps` or `epochs`, one of the two; an epoch passes each task once, a task above max_size_cap as
    if it had that many items. steps and evaluate_every are optimiser steps; batch_size is the examples of one,
    worked through in `accumulation` parts; warmup is a share of the steps, patience is evaluations without a better
    dev score; max_size_cap bounds a task's size when tasks are drawn; dev_examples are scored at each evaluation;
    max_answer_length is in sub-words. gradient_checkpointing recomputes activations (whole model only).
    precision is that of the encoder's products: auto, bf16, fp16, fp32. early_stopping keeps the weights that are best
    on the English dev split, on the target languages' (a target training), or the last (none).
    learning_rates are searched in turn, and the best on dev is kept, instead of learning_rate.
    """

    steps: int | None = Field(300, ge=1, le=10**9)
    epochs: float | None = Field(None, gt=0, le=10**6)
    batch_size: int = Field(16, ge=1, le=10**6)
    accumulation: int = Field(1, ge=1)
    gradient_checkpointing: bool = False
    precision: Literal["auto", "bf16", "fp16", "fp32"] = "auto"
    learning_rate: float = Field(1e-4, gt=0)
    learning_rates: tuple[float, ...] | None = Field(None, max_length=100)
    weight_decay: float = Field(0.01, ge=0)
    warmup: float = Field(0.1, ge=0, le=1)
    clip: float = Field(1.0, gt=0)
    evaluate_every: int = Field(100, ge=1)
    early_stopping: Literal["english", "target", "none"] = "english"
    patience: int = Field(5, ge=1)
    dropout: float = Field(0.1, ge=0, lt=1)
    max_size_cap: int = Field(131072, ge=1)
    max_answer_length: int = Field(30, ge=1)
    dev_examples: int = Field(256, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _one_length(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        lengths = [name for name in ("steps", "epochs") if values.get(name) is not None]
        if len(lengths) == 2:
            raise ValueError(f"steps = {values['steps']} and epochs = {values['epochs']}: give one of the two")
        if not lengths and "steps" in values:
            raise ValueError("neither steps nor epochs is set: give one of the two")
        return {**values, "steps": None} if lengths == ["epochs"] else values

    @field_validator("learning_rates")
    @classmethod
    def _rates(cls, rates: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if rates is not None and (not rates or min(rates) <= 0 or len(set(rates)) < len(rates)):
            raise ValueError(f"learning_rates = {list(rates)}: give different rates above 0")
        return rates

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.accumulation > self.batch_size:
            raise ValueError(
                f"accumulation = {self.accumulation} is more than batch_size = {self.batch_size}, which it divides"
            )
        return self

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Return the settings of a step; raises RecipeError naming the keys that are wrong."""
        return checked(cls, values, "settings")

    def args(self) -> dict[str, Any]:
        """The settings as a step's arguments, plain JSON values."""
        fields = type(self).model_fields
        values = self.model_dump(mode="json")
        return {key: value for key, value in values.items() if key not in _LATER or value != fields[key].default}

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """The settings with some replaced and checked anew; one of steps and epochs drives out the other.

        Raises pydantic's ValidationError.
        """
        current = self.model_dump()
        for name, other in (("steps", "epochs"), ("epochs", "steps")):
            if values.get(name) is not None:
                current.pop(other)
        return type(self)(**{**current, **values})

    def length(self, sizes: Sequence[int], batch_sizes: Sequence[int]) -> int:
        """Optimiser steps of a training on tasks of these sizes, each drawn in batches of its own size."""
        if self.epochs is None:
            return int(self.steps or 0)
        tasks = zip(sizes, batch_sizes, strict=True)
        one_pass = sum(math.ceil(min(size, self.max_size_cap) / batch) for size, batch in tasks)
        return max(1, round(self.epochs * one_pass))
