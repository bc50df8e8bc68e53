"""`xstats tasks` and `xstats languages` on the terminal."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xtransfer_stats.cli.show.show import table
from xtransfer_stats.exchange.leaderboard import AVERAGING
from xtransfer_stats.tasks.benchmarks import benchmark_names
from xtransfer_stats.tasks.listing import Row, entries, languages, listing

_OUT = Console(highlight=False)


def show_tasks(name: str | None, *, as_json: bool) -> None:
    """The whole catalogue, or the entries of one name in full."""
    if as_json:
        _print_json(entries(name) if name else {**listing(), "averaging": AVERAGING})
    elif name:
        for kind, row in entries(name).items():
            _OUT.print(f"[bold]{escape(row['title'])}[/bold] ({kind}{', yours' if row['yours'] else ''})")
            _in_full(row)
    else:
        _all(listing())


def show_languages(*, as_json: bool) -> None:
    """One row a language."""
    rows = languages()
    if as_json:
        _print_json(rows)
        return
    numbers = {name: str(number) for number, name in enumerate(benchmark_names(), start=1)}
    title = "Languages; benchmarks: " + ", ".join(f"{number} {name}" for name, number in numbers.items())
    shown = table(title, "code", "name", "family", "script", "in", "tasks", "which", right=("tasks",))
    for row in rows:
        where = " ".join(number for name, number in numbers.items() if name in row["benchmarks"])
        count = str(len(row["tasks"]))
        shown.add_row(row["code"], row["name"], row["family"], row["script"], where, count, " ".join(row["tasks"]))
    _OUT.print(shown)


def _all(rows: Mapping[str, list[Row]]) -> None:
    for kind, title in (("intermediate", "Intermediate tasks (English)"), ("trainings", "Trainings of target tasks")):
        _OUT.print(_trainings(title, rows[kind]))
    _OUT.print(_targets(rows["targets"]))
    _OUT.print(_spoken(rows["targets"]))
    licences = table("Licences", "data set", "licence")
    for name, licence in {row["name"]: row["data"]["licence"] for kind in rows.values() for row in kind}.items():
        licences.add_row(name, escape(licence))
    _OUT.print(licences)
    for line in AVERAGING.values():
        _OUT.print(line, markup=False, soft_wrap=True)
    _OUT.print("`xstats tasks NAME` shows one entry with its data sets and notes.", markup=False, soft_wrap=True)


def _trainings(title: str, rows: list[Row]) -> Table:
    shown = table(title, "name", "title", "family", "examples", "sources", right=("examples",))
    for row in rows:
        size = row["data"]["sizes"].get("train")
        shown.add_row(_name(row), row["title"], row["family"], f"{size:,}" if size else "unread", _sources(row))
    return shown


def _targets(rows: list[Row]) -> Table:
    shown = table("Target tasks", "name", "family", "metric", "trained on", "sources")
    for row in rows:
        shown.add_row(_name(row), row["family"], " ".join(row["metrics"]), row["training"] or "-", _sources(row))
    return shown


def _spoken(rows: list[Row]) -> Table:
    names = benchmark_names()
    shown = table("Languages of the target tasks in each benchmark", "name", *names, right=names)
    for row in rows:
        shown.add_row(_name(row), *(str(len(row["benchmarks"].get(name, ())) or "-") for name in names))
    return shown


def _sources(row: Row) -> str:
    return " ".join(row["sources"])


def _name(row: Row) -> str:
    return f"{row['name']} (yours)" if row["yours"] else row["name"]


def _in_full(row: Row, indent: int = 2) -> None:
    for key, value in row.items():
        if hasattr(value, "items"):
            _OUT.print(f"{' ' * indent}{key}:", markup=False) if value else None
            _in_full(value, indent + 2)
        elif value not in ((), [], "", None, False):
            _OUT.print(f"{' ' * indent}{key}: {_text(value)}", markup=False, soft_wrap=True)


def _text(value: Any) -> str:
    if (not hasattr(value, "append") and not hasattr(value, "index")) or hasattr(value, "upper"):
        return str(value)
    return "; ".join(json.dumps(part) if hasattr(part, "items") else str(part) for part in value)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
