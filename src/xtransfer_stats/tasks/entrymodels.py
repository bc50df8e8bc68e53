"""What an entry of the catalogue may say, key by key: the types that data/tasks.toml and a user's own file are held to.

What the values mean, and which names there are, is judged in tasks.entries.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

from xtransfer_stats.base.tables import UserTable

Text = Annotated[str, Field(min_length=1)]
# It stands in names of folders and steps, beside + and : in names of task sets and scores, and between commas.
Name = Annotated[str, Field(pattern=r"^[^\W_][\w.-]*$", max_length=100)]


def _different(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"{twice!r} stands twice")
    return names


Different = Annotated[tuple[Text, ...], Field(max_length=10_000), AfterValidator(_different)]
# One text of codes with spaces between, or a list.
Languages = Annotated[str, Field(pattern=r"\S")] | Annotated[tuple[Text, ...], Field(min_length=1)]


class HubEntry(UserTable):
    """One repository of an entry's data (tasks.task.HubPart); `codes`: a table, or a standard's name."""

    repository: Text
    splits: dict[str, Text]
    config: str | None = None
    codes: Text | dict[str, Text] = Field(default_factory=dict)
    columns: dict[str, Text] = Field(default_factory=dict)
    language_column: str = ""
    language_prefix: dict[str, Text] = Field(default_factory=dict)
    languages: str | tuple[Text, ...] = ()
    candidates: str = ""


class TaskEntry(UserTable):
    """What all entries say; from `labels` on of their data (tasks.task.DataSet)."""

    name: Name
    family: str
    title: Text = "-"
    labels: Different = ()
    hub: tuple[HubEntry, ...] = ()
    files: tuple[Text, ...] = ()
    file_splits: dict[str, str] = Field(default_factory=dict)
    aside: tuple[Text, ...] = ()
    licence: str = ""
    restricted: str = ""
    sizes: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    note: str = ""


class IntermediateEntry(TaskEntry):
    """An intermediate task."""

    corpora: tuple[Text, ...] = ()


class TrainingEntry(IntermediateEntry):
    """What target tasks are trained on."""

    after: str | None = None


class TargetEntry(TaskEntry):
    """A target task."""

    benchmarks: Annotated[dict[Name, Languages], Field(min_length=1)]
    metrics: tuple[str, ...] = ()
    group: str = ""
    training: str | None = None
    dataset: Name = "-"
    normalisation: str = ""


MODELS: Mapping[str, type[TaskEntry]] = MappingProxyType(
    {"intermediate": IntermediateEntry, "training": TrainingEntry, "target": TargetEntry}
)
