"""The tables of a comparison: what differs, effects, average scores, target tasks, languages."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes
from xtransfer_stats.report.comparison.select import by_side
from xtransfer_stats.report.table import Panel, Table
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE
from xtransfer_stats.stats.comparison.result import Comparison

LESS = f"B {formats.MINUS} A [95 %]"


def differs(found: Comparison) -> Table:
    """What the two studies are, fact by fact."""
    rows = [(row.fact, row.a or formats.NONE, row.b or formats.NONE) for row in found.differs.itertuples()]
    caption = f"What {found.a.name} (A) and {found.b.name} (B) are."
    panel = Panel(("", f"A: {found.a.name}", f"B: {found.b.name}"), tuple(rows), "lnn")
    return Table("differs", "The two studies", caption, (panel,), found.differs)


def effects(found: Comparison) -> Table:
    """Interaction, effects and steps."""
    return _table(found, "effects", "Effects, steps and interaction", ("effect", "step", "interaction"))


def levels(found: Comparison) -> Table:
    """Average scores at the baseline and at each count."""
    return _table(found, "levels", "Average scores", ("level",))


def tasks(found: Comparison) -> Table:
    """Effect on each target task."""
    return _by_count(found, "tasks", "Effect on each target task", "task effect", "target_task")


def languages(found: Comparison) -> Table:
    """Effect in each language."""
    return _by_count(found, "languages", "Effect in each language", "language effect", "language")


TABLES: Mapping[str, Callable[[Comparison], Table]] = MappingProxyType(
    {"differs": differs, "effects": effects, "levels": levels, "tasks": tasks, "languages": languages}
)


def _table(found: Comparison, name: str, title: str, terms: tuple[str, ...]) -> Table:
    rows = by_side(found, *terms)
    panel = _panel("result", rows["contrast"], rows)
    return Table(name, title, _caption(found, title, terms), (panel,), _frame(found, terms), _starred(rows))


def _by_count(found: Comparison, name: str, title: str, term: str, key: str) -> Table:
    rows = by_side(found, term)
    panels = []
    for count in found.counts:
        part = rows[rows["n_tasks"] == count]
        panels.append(_panel(key.replace("_", " "), part[key], part, formats.count_of_tasks(count)))
    return Table(name, title, _caption(found, title, (term,)), tuple(panels), _frame(found, (term,)), _starred(rows))


def _panel(head: str, names: pd.Series, rows: pd.DataFrame, title: str = "") -> Panel:
    lines = [
        (name, row.text_a, row.text_b, row.text + formats.stars(row.p_adjusted), *_tests(row, _starred(rows)))
        for name, row in zip(names, rows.itertuples(), strict=True)
    ]
    header = (head, "A [95 %]", "B [95 %]", LESS, "p", "adjusted p")
    width = len(lines[0])
    return Panel(header[:width], tuple(lines), "lrrrrr"[:width], title)


def _tests(row: Any, adjusted: bool) -> tuple[str, ...]:
    values = (row.p_value, row.p_adjusted) if adjusted else (row.p_value,)
    return tuple(formats.p_value(value) for value in values)


def _caption(found: Comparison, title: str, terms: tuple[str, ...]) -> str:
    whose = f"{title}: {found.a.name} (A), {found.b.name} (B) and B less A. {notes.INTERVAL_NOTE}"
    bare = "" if _differences(found, terms)["p_adjusted"].notna().any() else f" {notes.NO_STARS}"
    return f"{whose} {tests(found, *terms)} {size(found)}{bare}"


def tests(found: Comparison, *terms: str) -> str:
    """Test and df method of the differences of these terms."""
    return f"Error of the difference: {'; '.join(sorted(set(_differences(found, terms)['method'])))}."


def _differences(found: Comparison, terms: tuple[str, ...]) -> pd.DataFrame:
    return found.results[(found.results["side"] == DIFFERENCE) & found.results["term"].isin(terms)]


def size(found: Comparison) -> str:
    """Seeds, runs and cells of both."""
    told = [f"{name} {len(s.facts.seeds)} seeds, {s.facts.n_runs} runs" for name, s in (("A", found.a), ("B", found.b))]
    return f"{'; '.join(told)}; {found.n_cells} cells in both."


def _frame(found: Comparison, terms: tuple[str, ...]) -> pd.DataFrame:
    """The rows of all three sides in full precision."""
    return found.results[found.results["term"].isin(terms)]


def _starred(rows: pd.DataFrame) -> bool:
    return bool(rows["p_adjusted"].notna().any())
