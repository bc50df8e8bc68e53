"""Commits written into a recipe's file; every other byte of it stays as it is."""

import re
import tomllib
from collections.abc import Mapping

from xtransfer_stats.base.errors import RecipeError

TABLE = "source.revisions"
_HEADER = re.compile(r"\s*\[\s*(?P<name>[^\[\]]+?)\s*\]\s*(#.*)?")


def with_pins(text: str, revisions: Mapping[str, str], backbone: str | None) -> str:
    """The recipe's text with these entries of [source.revisions], and backbone.revision where one is given.

    Raises RecipeError when the text states the revisions in a way that cannot be edited line by line.
    """
    ends = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += ends
    for name, commit in revisions.items():
        _put(lines, TABLE, f'"{name}"', commit, ends)
    if backbone:
        _put(lines, "backbone", "revision", backbone, ends)
    edited = "".join(lines)
    _check(edited, revisions, backbone)
    return edited


def _put(lines: list[str], table: str, key: str, value: str, ends: str) -> None:
    """Set one key of a table: its line is replaced, or a line is added at the table's end, or table and line."""
    line = f'{key} = "{value}"'
    first, last = _section(lines, table)
    if first is None:
        lines += [ends, f"[{table}]{ends}", line + ends]
        return
    known = re.compile(rf"(\s*{re.escape(key)}\s*=\s*)(\"[^\"]*\"|'[^']*')(.*)", re.DOTALL)
    for place in range(first, last):
        match = known.fullmatch(lines[place])
        if match:
            lines[place] = f'{match[1]}"{value}"{match[3]}'
            return
    while last > first and not lines[last - 1].strip():
        last -= 1
    lines.insert(last, line + ends)


def _section(lines: list[str], table: str) -> tuple[int | None, int]:
    """First line after a table's header and the line after its last; None without such a header."""
    headers = [
        (place, match["name"]) for place, line in enumerate(lines) if (match := _HEADER.fullmatch(line.rstrip()))
    ]
    for number, (place, name) in enumerate(headers):
        if name.replace(" ", "") == table:
            return place + 1, headers[number + 1][0] if number + 1 < len(headers) else len(lines)
    return None, len(lines)


def _check(text: str, revisions: Mapping[str, str], backbone: str | None) -> None:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(
            f"the commits cannot be written into this recipe ({error}): state them as a table [{TABLE}], a line for "
            "each repository, and issue the command again"
        ) from None
    written = table.get("source", {}).get("revisions", {})
    if not revisions.items() <= written.items() or (backbone and table["backbone"].get("revision") != backbone):
        raise RecipeError(f"the commits cannot be written into this recipe: state them as a table [{TABLE}]")
