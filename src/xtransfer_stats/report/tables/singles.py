"""The tables of single intermediate tasks: the grid of Phang et al., the best of each column, sets beside members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes
from xtransfer_stats.report.panel import Column, Panel, panel
from xtransfer_stats.report.tables.columns import ADJUSTED_P, BOUNDS, INTERVAL, STARRED, Listing, number
from xtransfer_stats.stats.core.conditions import COUNTS
from xtransfer_stats.stats.singles.scores import AVERAGE, EACH


@dataclass(frozen=True)
class PerBenchmark(Listing):
    """A listing with a panel a benchmark, made by `grid` of its rows where that is given."""

    grid: Callable[[pd.DataFrame, str], Panel] | None = None

    def panels(self, analysis: Any, frame: pd.DataFrame) -> tuple[Panel, ...]:
        """The grids of the table; none where the study trains no task alone."""
        parts = frame.groupby("benchmark", sort=False) if len(frame) else ()
        return tuple(
            self.grid(rows, str(name)) if self.grid else panel(rows, self.columns, str(name)) for name, rows in parts
        )


def ordered(rows: pd.DataFrame) -> list[str]:
    """Intermediate tasks of one benchmark's gains, by their gain on its average, the largest first."""
    averages = rows[rows["target_task"] == AVERAGE]
    return averages.sort_values("estimate", ascending=False, kind="stable")["intermediate_task"].tolist()


def _grid(rows: pd.DataFrame, title: str) -> Panel:
    """A row an intermediate task, a column a target task, the average last."""
    targets = list(dict.fromkeys(rows["target_task"]))
    keys = zip(rows["intermediate_task"], rows["target_task"], strict=True)
    texts = dict(zip(keys, STARRED.cells(rows), strict=True))
    lines = tuple((task, *(texts[task, target] for target in targets)) for task in ordered(rows))
    return Panel(("trained on alone", *targets), lines, "l" + "r" * len(targets), title)


def _agreed(named: float, seeds: int) -> str:
    return formats.NONE if named != named else f"{named:.0f} of {seeds}"


def _probability(value: float) -> str:
    return formats.NONE if value != value else formats.probability(value)


def _target(name: str) -> str:
    return "each target task's own best, mean" if name == EACH else name


SINGLES = PerBenchmark(
    "Single intermediate tasks",
    "Gain of each intermediate task trained alone over the baseline of its seed, by target task, in points with 95 "
    f"% intervals, seed-paired t. {notes.STAR_LEVELS}; Holm over all cells of a benchmark, its averages a family of "
    "their own. The file has intervals that hold for the whole family too. {size}, and the runs on single tasks.",
    (),  # a column a target task: the grid makes them
    attrgetter("singles.gains"),
    grid=_grid,
)
BEST = PerBenchmark(
    "Best single task",
    "The best single task for each target task. Plain: its gain on the scores that chose it, which is too high. Gain: "
    "on each seed that of the task which the other seeds choose; its 95 % interval is of the truly best task. P(best): "
    "from draws of all tasks' means. May be best: the fewest tasks that hold the best with 95 % of the probability. "
    "{size}, and the runs on single tasks.",
    (
        Column("target task", "target_task", _target),
        Column("best", "best", lambda name: name or formats.NONE),
        Column("P(best)", "prob_best", _probability, "r"),
        Column("chosen by", ("chosen_by", "n_seeds"), _agreed, "r"),
        Column("gain [95 %]", BOUNDS, formats.estimate, "r"),
        number("plain", "plain"),
        Column("may be best", "may_be_best", align="n"),
    ),
    attrgetter("singles.best"),
)
SETS = PerBenchmark(
    "Sets beside their single tasks",
    "Gain over the baseline of sets, of their members alone (mean), and of the member that the other seeds choose; a "
    "set less that member with the 95 % interval of a set less its truly best member, and Holm's p over the counts; a "
    "set less the mean of its members. {size}, and the runs on single tasks.",
    (
        Column("set of", "n_tasks", COUNTS.called),
        number("gain", "set_gain"),
        number("members", "member_gain"),
        number("best member", "best_member_gain"),
        Column(f"set less best member: {INTERVAL}", BOUNDS, formats.estimate, "r"),
        ADJUSTED_P,
        Column(
            "set less mean of members [95 %]",
            ("over_members", "over_members_low", "over_members_high"),
            formats.estimate,
            "r",
        ),
    ),
    attrgetter("singles.sets"),
)
SINGLE_TABLES: Mapping[str, Listing] = MappingProxyType(
    {"singles": SINGLES, "best_single": BEST, "sets_and_singles": SETS}
)
