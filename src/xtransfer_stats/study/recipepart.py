"""What the parts of a recipe share: strict models, and names held against the catalogue's."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from xtransfer_stats.base import resources


def known(what: str, names: tuple[str, ...], valid: Mapping[str, Any] | frozenset[str] | tuple[str, ...]) -> None:
    """Raise ValueError naming the first unknown name and the nearest known one."""
    for name in names:
        if name not in valid:
            raise ValueError(
                f"unknown {what} {name!r}: {resources.nearest(name, valid)}known: {', '.join(sorted(valid))}"
            )


class Part(BaseModel):
    """A table of a recipe: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
