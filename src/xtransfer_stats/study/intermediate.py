"""The recipe's intermediate phase: its tasks, their settings, and checkpoints that stand in for a training.

Beside plain English training stand the paper's two alternatives. mlm: multilingual masked language modelling as one
more task of every set (Phang et al. 2020, section on multilingual MLM, read in the draft: language sampling exponent
0.3, batch 8, learning rate 5e-6). translated: the intermediate tasks' training data in other languages beside English.
Which tasks, languages and system the paper took was not read: here every task of a set, and a language is drawn for
each batch, all alike, so that the number of steps stays that of the English study.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from xtransfer_stats.base.places import nameable
from xtransfer_stats.base.tables import UserTable, check_known
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, NINE, XTREME_R
from xtransfer_stats.tasks.codes import canonical

Variant = Literal["none", "mlm", "translated"]


class _WithLanguages(UserTable):
    languages: tuple[str, ...] = ()

    @field_validator("languages")
    @classmethod
    def _languages(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        codes = tuple(dict.fromkeys(canonical(name) or name for name in names))
        check_known("language", codes, XTREME_R)
        return codes


class Mlm(_WithLanguages):
    """Multilingual MLM: its languages (default: the study's), each drawn in proportion to its size ** alpha."""

    alpha: float = Field(0.3, ge=0, le=1)
    batch_size: int = Field(8, ge=1, le=10**6)
    learning_rate: float | None = Field(None, gt=0)

    def args(self, languages: tuple[str, ...]) -> dict[str, Any]:
        """What a step is told of it."""
        return {"languages": list(languages), "alpha": self.alpha, "batch_size": self.batch_size}


class Translated(_WithLanguages):
    """Training data in other languages: had from the source, or made from the English ones by a model.

    `source` is another source of them, `model` an encoder-decoder, in whose name {language} stands for the code.
    """

    languages: tuple[str, ...] = ("de", "es", "fr", "ru")
    source: str | None = None
    model: str | None = None


class TaskSettings(UserTable):
    """What one intermediate task has of its own: its batch size always, the rest where it is trained alone."""

    batch_size: int | None = Field(None, ge=1, le=10**6)
    epochs: float | None = Field(None, gt=0, le=10**6)
    learning_rate: float | None = Field(None, gt=0)


class Intermediate(UserTable):
    """The intermediate phase: the tasks that sets are drawn from.

    `by_task` gives tasks a batch size, and sets of one task epochs and a learning rate. `checkpoints` names a model
    that stands in for the training of a set: {"mnli+qqp": folder or hub id}. `mlm` and `translated` belong to the
    study's variants of these names.
    """

    tasks: tuple[str, ...] = NINE
    settings: Settings = Settings()
    by_task: dict[str, TaskSettings] = Field(default_factory=dict)
    checkpoints: dict[str, Annotated[str, AfterValidator(nameable)]] = Field(default_factory=dict)
    mlm: Mlm = Mlm()
    translated: Translated = Translated()

    @field_validator("by_task")
    @classmethod
    def _own(cls, table: dict[str, TaskSettings]) -> dict[str, TaskSettings]:
        check_known("intermediate task", tuple(table), INTERMEDIATE_TASKS)
        return table

    @field_validator("checkpoints")
    @classmethod
    def _sets(cls, table: dict[str, str]) -> dict[str, str]:
        for name in table:
            check_known("intermediate task", tuple(name.split("+")), INTERMEDIATE_TASKS)
        return {"+".join(sorted(name.split("+"))): place for name, place in table.items()}

    @model_validator(mode="after")
    def _stops(self) -> "Intermediate":
        if self.settings.early_stopping == "target":
            raise ValueError(
                'intermediate.settings.early_stopping = "target": target languages are dev data of the target phase '
                'alone; choose "english" or "none"'
            )
        for name in self.by_task:
            self.settings_of((name,))
        return self

    def settings_of(self, task_set: tuple[str, ...], variant: Variant = "none") -> Settings:
        """The settings of a set's training: with one task, its own ones come first, and MLM's rate before all."""
        own: dict[str, Any] = {}
        if len(task_set) == 1 and task_set[0] in self.by_task:
            own = {key: value for key, value in self.by_task[task_set[0]].model_dump().items() if value is not None}
        if variant == "mlm" and self.mlm.learning_rate:
            own["learning_rate"] = self.mlm.learning_rate
        if "learning_rate" in own:
            own["learning_rates"] = None
        return self.settings.with_values(own) if own else self.settings

    def batch_size_of(self, task: str) -> int | None:
        """The task's own batch size; None for that of the settings."""
        return self.by_task[task].batch_size if task in self.by_task else None

    @field_validator("tasks")
    @classmethod
    def _tasks(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        check_known("intermediate task", names, INTERMEDIATE_TASKS)
        if len(set(names)) < len(names):
            raise ValueError(f"intermediate tasks {shown(names)} name one twice")
        return names
