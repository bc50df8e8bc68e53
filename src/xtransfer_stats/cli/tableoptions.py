"""The options that say of a table which columns are what, for the commands that take them beside their own."""

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xtransfer_stats.cli import options

if TYPE_CHECKING:
    from xtransfer_stats.exchange.scoreframe.asked import Asked

SeedOption = Annotated[str | None, typer.Option("--seed", help="Column of a table that holds its seeds.")]
# Name of an option's parameter -> what it is, and its default; a command's parameter `asked` gathers them.
OPTIONS: dict[str, tuple[Any, Any]] = {
    "condition": (options.ConditionOption, None),
    "baseline": (options.BaselineOption, None),
    "draw": (options.DrawOption, None),
    "seed": (SeedOption, None),
    "column": (options.ColumnOption, None),
    "label": (options.LabelOption, None),
    "unpaired": (options.UnpairedOption, False),
    "better": (options.BetterOption, None),
    "unit": (options.UnitOption, None),
}
GATHERED = "asked"


def takes_table(command: Callable[..., None]) -> Callable[..., None]:
    """The command with OPTIONS behind its own; its parameter `asked`, when called, gives what they say.

    It is called by who reads a table: pandas comes with it, and help or a list needs none.
    """

    @wraps(command)
    def gathered(**given: Any) -> None:
        said = {name: given.pop(name) for name in OPTIONS}
        command(**given, **{GATHERED: partial(_asked, **said)})

    own = [one for one in inspect.signature(command).parameters.values() if one.name != GATHERED]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in OPTIONS.items()
    ]
    gathered.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    gathered.__annotations__ = {one.name: one.annotation for one in (*own, *added)}
    return gathered


def _asked(*, column: list[str] | None, label: list[str] | None, **said: Any) -> "Asked":
    from xtransfer_stats.exchange.scoreframe.asked import asked_of

    return asked_of(**said, columns=options.pairs("column", column), labels=options.pairs("label", label))
