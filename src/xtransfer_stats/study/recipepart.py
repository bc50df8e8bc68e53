"""What the tables of a recipe share: unknown keys refused, and what is wrong said by key, value and remedy."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError

_Model = TypeVar("_Model", bound=BaseModel)


class RecipePart(BaseModel):
    """A table of a recipe: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def check_known(what: str, names: Iterable[str], valid: Iterable[str]) -> None:
    """Raise ValueError naming the first unknown name and the nearest known one."""
    choice = sorted(valid)
    for name in names:
        if name not in choice:
            raise ValueError(f"unknown {what} {name!r}: {resources.nearest(name, choice)}known: {', '.join(choice)}")


def checked(model: type[_Model], table: Mapping[str, Any], where: str) -> _Model:
    """Validate a table that a user wrote; raises RecipeError with every problem. `where` names the table in it."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        sentences = (_sentence(problem, model) for problem in error.errors())
        raise RecipeError(f"{where}: {'; '.join(sentences)}") from None


def _sentence(problem: Any, model: type[BaseModel]) -> str:
    """One problem that pydantic found, as key, value and remedy."""
    place = [str(part) for part in problem["loc"]]
    key = ".".join(place)
    if problem["type"] == "extra_forbidden":
        valid = _keys(model, place[:-1])
        return f"unknown key {key!r}: {resources.nearest(place[-1], valid)}Known here: {', '.join(valid)}"
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "value_error":
        return message
    if problem["type"] == "missing":
        return f"the key {key!r} is missing: add it"
    return f"{key} = {problem['input']!r}: {message[0].lower()}{message[1:]}"


def _keys(model: Any, place: list[str]) -> list[str]:
    """Valid keys of the table at `place` in a model."""
    for part in place:
        if isinstance(model, tuple):  # a table's entry, by a name of the user's
            model = model[-1]
        else:
            annotation = model.model_fields[part].annotation
            model = annotation if hasattr(annotation, "model_fields") else get_args(annotation)
    return list(model.model_fields)
