"""The recipe's target phase."""

from typing import Any

from pydantic import Field, field_validator, model_validator

from xtransfer_stats.study.recipepart import Part, known
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.tasks.target import TARGET_TRAININGS


class Target(Part):
    """The target phase; `by_training` overrides settings for one target training."""

    settings: Settings = Settings()
    by_training: dict[str, dict[str, Any]] = Field(default_factory=dict)

    @field_validator("by_training")
    @classmethod
    def _trainings(cls, table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        known("target training", tuple(table), TARGET_TRAININGS)
        return table

    def settings_of(self, training: str) -> Settings:
        """The settings of one target training."""
        return self.settings.with_values(self.by_training.get(training, {}))

    @model_validator(mode="after")
    def _overrides(self) -> "Target":
        for training in self.by_training:
            self.settings_of(training)
        return self
