"""`xstats score`: what it does and how it shows it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from xtransfer_stats.exchange.leaderboard import Leaderboard, score_benchmark

_METRICS = ("accuracy", "exact_match", "f1", "precision", "recall", "map@20")


def score(predictions: Path, labels: Path, benchmark: str, *, as_json: bool) -> None:
    """Score a folder of predictions; print a table or JSON, and on standard error what counts 0."""
    board = score_benchmark(predictions, labels, benchmark)
    out, err = Console(highlight=False), Console(stderr=True, highlight=False)
    for note in board.notes:
        err.print(note, markup=False, soft_wrap=True)
    if as_json:
        sys.stdout.write(json.dumps(board.plain(), indent=1, allow_nan=False) + "\n")
    else:
        _show(out, board)


def _show(out: Console, board: Leaderboard) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in ("task", "lang"):
        table.add_column(column, no_wrap=True)
    for column in ("average", *_METRICS):
        table.add_column(column, justify="right", no_wrap=True)
    for name, found in board.tasks.items():
        table.add_row(name, "", _average(found.average), *_values(found.means), style="bold")
        for language, values in found.languages.items():
            table.add_row("", language, "", *_values(values))
    for name, value in board.groups.items():
        table.add_row(name, "", _average(value))
    table.add_row(board.benchmark, "", _average(board.average), style="bold")
    out.print(table)
    for name in board.missing:
        languages = " ".join(board.tasks[name].missing)
        out.print(f"No average of {name}: no predictions for {languages}", markup=False, soft_wrap=True)


def _average(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _values(metrics: Mapping[str, float]) -> list[str]:
    return [f"{metrics[name]:.2f}" if name in metrics else "" for name in _METRICS]
