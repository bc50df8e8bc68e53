"""The file of a user's own entries: where it is, its tables, and how a mistake in it is told."""

import os
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.places import is_file
from xtransfer_stats.base.resources import nearest, read_toml
from xtransfer_stats.base.usertext import shown

FILE = "xstats-tasks.toml"
VARIABLE = "XSTATS_TASKS"
TABLES = ("intermediate", "training", "target")
Row = Mapping[str, Any]
Tables = tuple[str, Mapping[str, list[Row]]]  # the file's name, and its tables by theirs


def place() -> Path | None:
    """The file of own entries, None when there is none. Raises RecipeError when XSTATS_TASKS names no file."""
    named = os.environ.get(VARIABLE)
    if not named:
        own = Path(FILE)
        lies = own.exists() or own.is_symlink()
        check(own.is_file() or not lies, f"{FILE} is no file: it is a folder, a pipe, or a link to nowhere; move it")
        return own.resolve() if lies else None
    if not is_file(Path(named)):
        raise RecipeError(f"{VARIABLE}={shown(named)}: no file there: name a TOML file, or unset the variable")
    return Path(named).resolve()


@cache
def tables() -> Tables:
    """The tables of the user's file, none without one; read once, as the catalogue is made once."""
    path = place()
    return (FILE, {}) if path is None else tables_of(path)


def tables_of(path: Path) -> Tables:
    """A file's name and its tables of entries. Raises RecipeError for a table that is none of the catalogue's."""
    tables = read_toml(path)
    for name, rows in tables.items():
        check(
            name in TABLES,
            f"{path.name}: unknown table {shown(name)}: {nearest(name, TABLES)}Known: {', '.join(TABLES)}",
        )
        listed = isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows)
        check(listed, f"{path.name}: {name!r} is no list of tables: write [[{name}]]")
    return path.name, tables


def names(table: str) -> frozenset[str]:
    """Names of the own entries of one table."""
    return frozenset(str(row.get("name", "")) for row in tables()[1].get(table, ()))


def corpora() -> dict[str, str]:
    """Names that files of own entries go by, and the family of each."""
    families: dict[str, str] = {}
    for rows in tables()[1].values():
        for row in rows:
            held = row.get("files") or [row.get("dataset", row.get("name", ""))]
            families |= dict.fromkeys(map(str, held), str(row.get("family", "")))
    return families


def known(where: str, name: str, among: Collection[str]) -> None:
    """Raise RecipeError with the nearest known name where `name` is not among these."""
    hint = nearest(str(name), among)
    check(name in among, f"{where} {shown(name)} is unknown: {hint}Known: {', '.join(sorted(among))}")


def check(right: object, message: str) -> None:
    """Raise RecipeError where something is not right."""
    if not right:
        raise RecipeError(message)
