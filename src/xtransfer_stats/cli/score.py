"""`xstats score`: official scores of any system's predictions."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xtransfer_stats.base.formats import number, p_value
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import ERR, OUT, Grid, for_machines, say

if TYPE_CHECKING:
    from xtransfer_stats.exchange.leaderboard import Leaderboard, TaskScores

METRICS = ("accuracy", "exact_match", "f1", "precision", "recall", "map@20")


@app.command(
    epilog="**Examples**\n\n"
    "`xstats score --predictions ours --labels gold --benchmark xtreme` a table\n\n"
    "`xstats score --predictions ours --labels gold --benchmark xtreme-r --json > scores.json` for machines\n\n"
    "`xstats score --predictions ours --labels gold --benchmark xtreme --against theirs` and paired differences"
)
def score(
    predictions: Annotated[Path, typer.Option(help="Folder of predictions: TASK/test-LANGUAGE.tsv or .json.")],
    labels: Annotated[Path, typer.Option(help="Folder of gold labels, laid out alike.")],
    benchmark: Annotated[str, typer.Option(help="xtreme or xtreme-r.")],
    against: Annotated[
        Path | None, typer.Option(help="Another system's predictions: differences with errors over test examples.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores for machines.")] = False,
) -> None:
    """Score any system's predictions in the leaderboard's layout, as the official scripts do."""
    from xtransfer_stats.verbs.catalogue import score

    board = score(predictions, labels, benchmark, against=against)
    say(*board.notes, console=ERR)
    if as_json:
        for_machines(board.plain())
        return
    _show(board)
    if board.differences:
        _show_differences(board)


def _show(board: "Leaderboard") -> None:
    """A row a task, its languages below, then groups and the benchmark."""
    from xtransfer_stats.exchange.leaderboard import NEWER, OLDER

    grid = Grid(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in ("task", "lang"):
        grid.add_column(column, no_wrap=True)
    for column in ("average", *METRICS):
        grid.add_column(column, justify="right", no_wrap=True)
    for name, task in board.tasks.items():
        _add(grid, name, task)
        if task.by_older_rule:
            _add(grid, OLDER, task.by_older_rule)
    for name, value in board.groups.items():
        grid.add_row(name, "", _average(value))
    grid.add_row(board.benchmark, "", _average(board.average), style="bold")
    OUT.print(grid)
    if any(task.older for task in board.tasks.values()):
        say(f"Plain tags (UD-POS) are scored by {NEWER}; the leaderboard's first figures are those of {OLDER}.")
    gaps = {name: " ".join(board.tasks[name].missing) for name in board.missing}
    say(*(f"No average of {name}: no predictions for {languages}" for name, languages in gaps.items()))


def _show_differences(board: "Leaderboard") -> None:
    """A row a difference, the benchmark's first."""
    grid = Grid(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in ("against", "lang"):
        grid.add_column(column, no_wrap=True)
    for column in ("difference", "95 % interval", "p", "adjusted p", "examples"):
        grid.add_column(column, justify="right", no_wrap=True)
    for one in board.differences:
        interval = f"[{number(one.conf_low)}, {number(one.conf_high)}]"
        tests = (p_value(one.p_value), p_value(one.p_adjusted))
        name = one.task or board.benchmark
        grid.add_row(name, one.language, number(one.estimate), interval, *tests, f"{one.n_examples:,}")
    OUT.print(grid)
    say("Errors are over test examples, paired by example: another training of either system may differ by more.")


def _add(grid: Grid, name: str, task: "TaskScores") -> None:
    """A row of a task, and one each of its languages."""
    grid.add_row(name, "", _average(task.average), *_values(task.means), style="bold")
    for language, values in task.languages.items():
        grid.add_row("", language, "", *_values(values))


def _average(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _values(metrics: Mapping[str, float]) -> list[str]:
    return [f"{metrics[name]:.2f}" if name in metrics else "" for name in METRICS]
