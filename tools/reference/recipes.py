"""The page of recipe keys: each with its type, bounds and default from the model, and what it does."""

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tools.reference import markdown
from tools.reference.recipewords import PARTS, WORDS
from xtransfer_stats.study.recipe import Recipe

ABOUT = (
    "A study is a TOML file; `xstats init` writes one with comments, `xstats run FILE --dry-run` says what it would "
    "do. A key that is left out has its default. A wrong key or value is refused with the nearest right one. How a "
    "study is drawn and stored: [design](../design.md)."
)


def page() -> str:
    """A table for each part of a recipe."""
    blocks = [markdown.head("Recipe keys", "src/xtransfer_stats/study/recipe.py", ABOUT)]
    for part, rows in tables().items():
        blocks += [f"## [{part}]", PARTS.get(part, ""), markdown.table(("key", "takes", "default", "does"), rows)]
    return markdown.page(*blocks)


def tables() -> dict[str, list[tuple[str, str, str, str]]]:
    """Rows by part, `study` to `costs`, with tables inside them as parts of their own."""
    return {part: [_row(part, *one) for one in _keys(model)] for part, model in _parts("", Recipe)}


def _parts(prefix: str, model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """Each table with its dotted name; what a key of one's own names is in capitals."""
    if prefix:
        yield prefix, model
    for name, field in model.model_fields.items():
        dotted = f"{prefix}.{name}" if prefix else name
        inner, named = _table(field.annotation)
        if inner is not None:
            yield from _parts(f"{dotted}.NAME" if named else dotted, inner)


def _table(kind: Any) -> tuple[type[BaseModel] | None, bool]:
    """The table that a key holds, and whether it holds one for each name."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind, False
    if get_origin(kind) is dict:
        return _table(get_args(kind)[1])[0], True
    return None, False


def _keys(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    return ((name, field) for name, field in model.model_fields.items() if _table(field.annotation)[0] is None)


def _row(part: str, name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    default = "required" if field.is_required() else _value(field.get_default(call_default_factory=True))
    return f"`{name}`", _takes(field.annotation) + _bounds(field.metadata), default, words_of(part, name)


def words_of(part: str, name: str) -> str:
    """What the key does; nothing where recipewords.py lacks it, which a test names. Both phases have one `settings`."""
    return WORDS.get(f"{'settings' if part.endswith('.settings') else part}.{name}", "")


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    if isinstance(value, tuple | list):
        return f"`[{', '.join(_value(one).strip('`') for one in value)}]`" if value else ""
    return "" if isinstance(value, Mapping) else f"`{value}`"


def _takes(kind: Any) -> str:
    """A type in words."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _takes(inner[0])
    if origin is Literal:
        return ", ".join(f'`"{one}"`' for one in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(_takes(one) for one in inner if one is not type(None))
    if origin in (tuple, list):
        listed = f"{_takes(inner[0])}s"
        return (
            f"two {listed}" if origin is tuple and len(inner) == 2 and inner[1] is not Ellipsis else f"list of {listed}"
        )
    if origin is dict:
        return f"table of {_takes(inner[1])}s" if inner[1] is not Any else "table"
    return {int: "whole number", float: "number", str: "text", bool: "true or false", dict: "table"}.get(kind, "table")


def _bounds(metadata: list[Any]) -> str:
    found = {name: getattr(one, name) for one in metadata for name in ("ge", "gt", "le", "lt") if hasattr(one, name)}
    words = {"ge": "from {}", "gt": "above {}", "le": "to {}", "lt": "below {}"}
    said = [words[name].format(f"{found[name]:,}") for name in ("ge", "gt", "le", "lt") if found.get(name) is not None]
    return f", {' '.join(said)}" if said else ""
