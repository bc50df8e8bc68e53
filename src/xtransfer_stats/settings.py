"""How a training is optimised: one definition for recipes and for the loop, in the paper's terms."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xtransfer_stats.errors import RecipeError


class Settings(BaseModel):
    """Settings of one training.

    steps and evaluate_every are optimiser steps, batch_size examples, warmup a share of the steps, patience
    evaluations without a better dev score; max_size_cap bounds a task's size when tasks are drawn;
    dev_examples are scored at each evaluation; max_answer_length is in sub-words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: int = Field(300, ge=1)
    batch_size: int = Field(16, ge=1)
    learning_rate: float = Field(1e-4, gt=0)
    weight_decay: float = Field(0.01, ge=0)
    warmup: float = Field(0.1, ge=0, le=1)
    clip: float = Field(1.0, gt=0)
    evaluate_every: int = Field(100, ge=1)
    patience: int = Field(5, ge=1)
    dropout: float = Field(0.1, ge=0, lt=1)
    max_size_cap: int = Field(131072, ge=1)
    max_answer_length: int = Field(30, ge=1)
    dev_examples: int = Field(256, ge=1)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Return the settings of a step; raises RecipeError naming the first key that is wrong."""
        try:
            return cls(**values)
        except ValidationError as error:
            problem = error.errors()[0]
            key = ".".join(map(str, problem["loc"]))
            what = "unknown key" if problem["type"] == "extra_forbidden" else problem["msg"]
            raise RecipeError(f"settings: {what} {key!r}; the keys are {', '.join(cls.model_fields)}") from None
