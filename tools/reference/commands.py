"""The page of the command line: every command with its arguments, options and examples."""

import re
from itertools import groupby
from typing import Any

import typer

from tools.reference import markdown
from xtransfer_stats.cli import app

_EXAMPLE = re.compile(r"^`([^`]+)`(?: # (.+))?$", re.MULTILINE)
HEADING = "The same for every command: what PLACE is, `--json`, exit codes: [the command line](../commands.md)."


def page() -> str:
    """Every command in the order of `xstats --help`."""
    group = typer.main.get_command(app)
    blocks = [markdown.head("Commands and options", "src/xtransfer_stats/cli", HEADING), "## xstats", _options(group)]
    for name, command in group.commands.items():
        blocks += [f"## xstats {name}", _about(command), _examples(command), _arguments(command), _options(command)]
    return markdown.page(*blocks)


def _about(command: Any) -> str:
    paragraphs = re.split(r"\n\s*\n", (command.help or "").replace("\b", ""))
    return "\n\n".join(markdown.words(" ".join(part.split())) for part in paragraphs)


def _examples(command: Any) -> str:
    found = _EXAMPLE.findall(command.epilog or "")
    lines = [f"    {words}" + (f"  # {does}" if does else "") for words, does in found]
    return "\n".join(lines)


def _arguments(command: Any) -> str:
    rows = [
        (markdown.code(one.metavar or one.name.upper()), markdown.words(one.help or ""), _default(one))
        for one in command.params
        if one.param_type_name == "argument" and not one.hidden
    ]
    return markdown.table(("argument", "is", "default"), rows) if rows else ""


def _options(command: Any) -> str:
    """A table for each panel of --help, the unnamed one first."""
    shown = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    panels = sorted(shown, key=lambda one: _first(shown, one))
    blocks = []
    for panel, options in groupby(panels, key=lambda one: one.rich_help_panel or ""):
        blocks += [f"**{panel}**"] if panel else []
        blocks.append(markdown.table(("option", "takes", "does", "default"), map(_row, options)))
    return "\n\n".join(blocks)


def _first(shown: list[Any], option: Any) -> int:
    """Where the option's panel begins; -1 for those without one."""
    panel = option.rich_help_panel
    return -1 if panel is None else next(n for n, one in enumerate(shown) if one.rich_help_panel == panel)


def _row(option: Any) -> tuple[str, str, str, str]:
    names = ", ".join(markdown.code(name) for name in (*option.opts, *option.secondary_opts))
    return names, markdown.words(_takes(option)), markdown.words(option.help or ""), _default(option)


def _takes(option: Any) -> str:
    if option.is_flag:
        return ""
    kind = getattr(option.type_descriptor.annotation, "__name__", str(option.type_descriptor.annotation))
    words = {"str": "text", "int": "number", "float": "number", "Path": "path", "bool": ""}.get(kind, kind)
    low, high = option.min, option.max
    reach = f" {low:g} to {high:g}" if None not in (low, high) else f" from {low:g}" if low is not None else ""
    return f"{words}{reach}{', again and again' if option.multiple else ''}"


def _default(parameter: Any) -> str:
    if isinstance(parameter.show_default, str):
        return markdown.code(parameter.show_default)
    value = parameter.default
    if value in (None, False, (), []) or callable(value) or not parameter.show_default:
        return "required" if parameter.required else ""
    return markdown.code(", ".join(map(str, value)) if isinstance(value, list | tuple) else f"{value}")
