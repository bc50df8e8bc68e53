"""The tables of a comparison: what differs, effects, average scores, target tasks, languages."""

from dataclasses import replace

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes
from xtransfer_stats.report.panel import Column, Panel, panel
from xtransfer_stats.report.tables.columns import ADJUSTED_P, RESULT, STARRED, P, has_stars
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.comparison.compare import Comparison
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE, A, B
from xtransfer_stats.stats.core.termtable import HEADLINE, LANGUAGE, LEVEL, TASK

KEYS = ["term", "contrast"]
SIDES = (
    Column("A [95 %]", "text_a", align="r"),
    Column("B [95 %]", "text_b", align="r"),
    replace(STARRED, head=f"B {formats.MINUS} A [95 %]"),
    P,
)


def tables(comparison: Comparison) -> dict[str, Table]:
    """Every table that has rows, by file name; those of tasks and languages have a panel a count."""
    tasks, languages = Column("target task", "target_task"), Column("language")
    every = (
        _differs(comparison),
        _side_by_side(comparison, "effects", "Effects, steps and interaction", *HEADLINE),
        _side_by_side(comparison, "levels", "Average scores", LEVEL),
        _side_by_side(comparison, "tasks", "Effect on each target task", TASK, by=tasks),
        _side_by_side(comparison, "languages", "Effect in each language within target tasks", LANGUAGE, by=languages),
    )
    return {table.name: table for table in every if any(one.rows for one in table.panels)}


def by_side(comparison: Comparison, *terms: str) -> pd.DataFrame:
    """The differences of these terms in the terms' order, with A's and B's own beside.

    text, text_a, text_b: `est [lo, hi]`; estimate_a, estimate_b: points.
    """
    rows = _rows(comparison, *terms)
    texts = [
        formats.estimate(*bounds) for bounds in zip(rows["estimate"], rows["conf_low"], rows["conf_high"], strict=True)
    ]
    rows = rows.assign(text=texts, rank=rows["term"].map(terms.index))
    whole = rows[rows["side"] == DIFFERENCE].sort_values("rank", kind="stable").drop(columns="rank")
    for side, letter in ((A, "a"), (B, "b")):
        own = rows[rows["side"] == side][[*KEYS, "text", "estimate"]]
        whole = whole.merge(own, on=KEYS, how="left", validate="one_to_one", suffixes=("", f"_{letter}"))
    return whole


def tests(comparison: Comparison, *terms: str) -> str:
    """Test and df method of the differences of these terms."""
    rows = _rows(comparison, *terms)
    return f"Error of the difference: {'; '.join(sorted(set(rows[rows['side'] == DIFFERENCE]['method'])))}."


def _differs(comparison: Comparison) -> Table:
    """What the two studies are, fact by fact."""
    a, b = comparison.a.name, comparison.b.name
    columns = (
        Column("", "fact"),
        *(Column(f"{side}: {name}", side.lower(), _or_dash, "n") for side, name in (("A", a), ("B", b))),
    )
    grid = panel(comparison.differs, columns)
    return Table("differs", "The two studies", f"What {a} (A) and {b} (B) are.", (grid,), comparison.differs)


def _or_dash(fact: str) -> str:
    return fact or formats.NONE


def _side_by_side(comparison: Comparison, name: str, title: str, *terms: str, by: Column | None = None) -> Table:
    """A's and B's numbers and their difference, in one grid of results, or in a grid a count of what `by` names."""
    rows = by_side(comparison, *terms)
    if by is None:
        panels = [_panel(rows, RESULT)]
    else:
        counts = comparison.counts
        panels = [_panel(rows[rows["n_tasks"] == count], by, formats.count_of_tasks(count)) for count in counts]
    bare = "" if has_stars(rows) else f" {notes.NO_STARS}"
    caption = (
        f"{title}: {comparison.a.name} (A), {comparison.b.name} (B) and B less A. {notes.INTERVAL_NOTE} "
        f"{tests(comparison, *terms)} {_size(comparison)}{bare}"
    )
    return Table(name, title, caption, tuple(panels), _rows(comparison, *terms), has_stars(rows))


def _panel(rows: pd.DataFrame, names: Column, title: str = "") -> Panel:
    return panel(rows, (names, *SIDES, *([ADJUSTED_P] if has_stars(rows) else [])), title)


def _size(comparison: Comparison) -> str:
    """Seeds, runs and cells of both."""
    sides = (("A", comparison.a.facts), ("B", comparison.b.facts))
    sizes = [f"{side} {len(facts.seeds)} seeds, {facts.n_runs} runs" for side, facts in sides]
    return f"{'; '.join(sizes)}; {comparison.n_cells} cells in both."


def _rows(comparison: Comparison, *terms: str) -> pd.DataFrame:
    """The result rows of all three sides in full precision."""
    return comparison.results[comparison.results["term"].isin(terms)]
