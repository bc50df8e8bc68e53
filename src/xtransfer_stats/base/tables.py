"""Tables that a user writes, held against a model: what is wrong is said by key, value and remedy.

A recipe, an analysis, a claim, an entry of a task: each is a `UserTable`, read by `checked`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.usertext import DEEPEST, shown

LARGEST = 2**63 - 1  # of a whole number: what TOML promises, and what frames and seeds can hold
MOST_TOLD = 5  # problems of one table
_ALTERNATIVE = re.compile(r"(constrained-)?(int|float|str|bool)$|literal\[")  # how pydantic names one of several types
_PLAIN = dict.fromkeys(("model_type", "dict_type"), "give a table") | {"tuple_type": "give a list"}
_Model = TypeVar("_Model", bound=BaseModel)


class UserTable(BaseModel):
    """A table that a user writes: unknown keys are refused, numbers are finite, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        """True and false would count as 1 and 0."""
        annotation = cls.model_fields[info.field_name or ""].annotation
        named = isinstance(value, Mapping) and get_origin(annotation) is dict
        parts = value.values() if named else value if isinstance(value, list | tuple) else (value,)
        if any(isinstance(part, bool) for part in parts) and bool not in (annotation, *get_args(annotation)):
            raise PydanticCustomError("truth", "true and false stand for no value here")
        return value


def check_known(what: str, names: Iterable[str], valid: Iterable[str]) -> None:
    """Raise ValueError naming the first unknown name and the nearest known one."""
    choice = sorted(valid)
    for name in names:
        if name not in choice:
            near = resources.nearest(name, choice)
            raise ValueError(f"unknown {what} {shown(name)}: {near}known: {', '.join(choice)}")


def checked(model: type[_Model], table: Any, where: str) -> _Model:
    """Validate a table that a user wrote; raises RecipeError with every problem. `where` names the table in it."""
    strange = next(_strange(table), None)
    if strange:
        raise RecipeError(f"{where}: {strange}")
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise RecipeError(f"{where}: {problems(error, model)}") from None


def problems(error: ValidationError, model: type[BaseModel], place: tuple[str, ...] = ()) -> str:
    """What a model found wrong, in sentences; `place`: the keys above its table."""
    found = error.errors(include_url=False)
    sentences = [_sentence(problem, model, place) for problem in found[:MOST_TOLD]]
    return "; ".join([*sentences, *([f"and {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else [])])


def _strange(table: Any) -> Iterator[str]:
    """What no table has, by key: numbers that nothing can hold, tables within tables without end."""
    left: list[tuple[tuple[str, ...], Any]] = [((), table)]
    while left:
        place, value = left.pop()
        inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
        if inner and len(place) >= DEEPEST:
            yield f"{'.'.join(place[:3])}…: nested more than {DEEPEST} deep"
            return
        if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
            yield f"{'.'.join(place)} = {shown(value)}: a whole number is at most {LARGEST:,}"
        left += [((*place, str(key)), part) for key, part in inner]


def _sentence(problem: Any, model: type[BaseModel], above: tuple[str, ...]) -> str:
    """One problem that pydantic found, as key, value and remedy."""
    place = [str(part) for part in problem["loc"] if not _ALTERNATIVE.match(str(part))]
    key = ".".join([*above, *place])
    if problem["type"] == "extra_forbidden":
        valid = _keys(model, place[:-1])
        return f"unknown key {shown(key)}: {resources.nearest(place[-1], valid)}Known here: {', '.join(valid)}"
    message = _PLAIN.get(problem["type"], problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "value_error":
        return message if not place or place[-1] in message else f"{key}: {message}"
    if problem["type"] == "missing":
        return f"the key {key!r} is missing: add it"
    given = shown(problem["input"])
    return f"{f'{key} = {given}' if key else given}: {message[0].lower()}{message[1:]}"


def _keys(model: type[BaseModel], place: list[str]) -> list[str]:
    """Valid keys of the table at `place` in a model; names of the user's and numbers in a list lead no further."""
    for part in place:
        field = model.model_fields.get(part)
        model = (field and _table_in(field.annotation)) or model
    return list(model.model_fields)


def _table_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is, or holds as its entries."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _table_in(one))), None)
