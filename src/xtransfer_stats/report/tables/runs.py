"""The table of what ran: every run with its seed, its condition and its scores."""

from xtransfer_stats.base import formats
from xtransfer_stats.report.panel import Column
from xtransfer_stats.report.tables.columns import Listing, number
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.core.results import Analysis


def runs(analysis: Analysis, size: str) -> Table:
    """What ran: every run with its seed, task count, task set and scores."""
    keys, conditions = ["run", "seed", "replicate", "n_tasks", "task_set"], analysis.facts.conditions
    wide = analysis.run_scores.pivot(index=keys, columns="benchmark", values="score")
    present = [name for name in analysis.facts.benchmarks if name in wide.columns]
    rows = wide[present].reset_index().sort_values(["n_tasks", "seed", "task_set", "replicate"])
    columns = (
        Column("run"),
        Column("seed", align="r"),
        Column("{unit}", "n_tasks", formats.count_of_tasks),
        *(
            [Column("{draw}", "task_set", lambda names: str(names) or formats.NONE, "n")]
            if conditions.counted or conditions.drawn
            else []
        ),
        *(number(name, name) for name in present),
    )
    caption = "The runs: average score on each benchmark, in {points on 0-100}.{Lower is better.} {size}."
    return Listing("Runs", caption, columns, lambda _: rows.reset_index(drop=True)).table("runs", analysis, size)
