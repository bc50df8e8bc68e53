"""The recipe's source: where examples come from."""

from pathlib import Path
from typing import Any

from pydantic import Field

from xtransfer_stats.study.recipepart import Part


class SourceChoice(Part):
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
