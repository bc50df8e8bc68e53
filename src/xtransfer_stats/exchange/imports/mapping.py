"""The mapping: which column is what. Said by the user, found by the recogniser, kept in a TOML file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import Field

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.resources import nearest, read_toml
from xtransfer_stats.base.tables import UserTable, checked
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.scoreframe.headings import COLUMNS

HEADINGS = "headings"  # what a wide table's headings are, where they say nothing that is known
JOINED = "+"


class MappingTable(UserTable):
    """A mapping file: [columns] seed = "run_seed"; [constants] target_task = "panx"; [seeds], [scale], sheet."""

    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str | int | float] = Field(default_factory=dict)
    scale: dict[str, float] = Field(default_factory=dict)
    seed_from: str | None = None
    number_seeds: bool = False
    sheet: str | None = None


@dataclass(frozen=True)
class Wishes:
    """What the user decided: columns by what they are, constants, seeds, scale, sheet.

    columns: column of the frame -> heading of the file, or several joined by "+". scale: metric or target task ->
    factor; "" for all.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)
    seed_from: str | None = None
    number_seeds: bool = False
    sheet: str | None = None


def wishes(
    map: str | Path | Mapping[str, str] | None = None,
    constants: Mapping[str, Any] | None = None,
    scale: float | Mapping[str, float] | None = None,
    **more: Any,
) -> Wishes:
    """What arguments and mapping files decide. map: a file ending in .toml, "seed=run_seed,language=lang", or a dict.

    Arguments go before the file's. Raises RecipeError for an unknown column and a file that is no mapping.
    """
    table = MappingTable()
    columns = map if isinstance(map, Mapping) else {}
    if isinstance(map, Path) or (isinstance(map, str) and map.endswith(".toml")):
        path = Path(map)
        if not path.is_file():
            raise RecipeError(
                f"map {shown(str(map))}: no such file; `xstats import` writes one beside its output", ["map"]
            )
        table = checked(MappingTable, read_toml(path), path.name)
        columns = table.columns
    elif isinstance(map, str):
        columns = assigned(map.split(","), "map")
    _known(columns, (*COLUMNS, HEADINGS), "map")
    fixed = {name: str(text) for name, text in {**table.constants, **(constants or {})}.items()}
    _known(fixed, COLUMNS, "set")
    factors = dict(table.scale)
    if scale is not None:
        factors |= scale if isinstance(scale, Mapping) else {"": float(scale)}
    kept = {name: more.get(name) or getattr(table, name) for name in ("seed_from", "number_seeds", "sheet")}
    return Wishes(dict(columns), fixed, {"" if name == "all" else name: x for name, x in factors.items()}, **kept)


def assigned(texts: list[str], argument: str) -> dict[str, str]:
    """Names and values of "seed=run_seed"; raises RecipeError for what has no "="."""
    found = {}
    for text in texts:
        name, sign, held = text.partition("=")
        if not sign or not name.strip() or not held.strip():
            raise RecipeError(
                f"{argument} {shown(text)}: write COLUMN=WHAT such as seed=run_seed, or a file ending in .toml",
                [argument],
            )
        found[name.strip()] = held.strip()
    return found


def _known(names: Mapping[str, Any], known: tuple[str, ...], argument: str) -> None:
    for name in names:
        if name not in known:
            near = nearest(name, known)
            raise RecipeError(
                f"{argument} {shown(name)}: no column of the frame; {near}they are {', '.join(known)}", [argument]
            )


def written(places: tuple[str, ...], asked: Wishes, found: Mapping[str, str]) -> str:
    """A mapping as TOML: what was asked for and what was found, to be edited and given again by `--map`."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment(f"How `xstats import {' '.join(places)}` read its columns. Edit it and give it again:")
    )
    document.add(tomlkit.comment(f"xstats import {' '.join(places)} --map THIS-FILE"))
    for name in ("seed_from", "number_seeds", "sheet"):
        if held := getattr(asked, name):
            document[name] = held
    document["columns"] = {**found, **asked.columns}
    for name, held in (("constants", asked.constants), ("scale", {one or "all": x for one, x in asked.scale.items()})):
        if held:
            document[name] = dict(held)
    return tomlkit.dumps(document)
