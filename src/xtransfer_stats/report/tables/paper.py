"""The table that a paper prints: of every condition both means, their difference, its interval and its p."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select
from xtransfer_stats.report.panel import Column
from xtransfer_stats.report.tables.columns import BOUNDS, Listing, P, number, starred
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.termtable import EFFECT, LANGUAGE, TASK

DIFFERENCE = "difference [95 %]"
TOLERANCE = 1e-6  # sums in another order differ in the last digits
MODELLED = "Differences are the model's, which weighs the runs: they need not be those of the means."
CAPTION = "Mean score of the runs that are compared, and its difference from {baseline}"


def _adjusted(p: float) -> str:
    return "" if p != p else formats.p_value(p)


def _rows(term: str, key: str, least: int) -> Callable[[Analysis], pd.DataFrame]:
    """Effects with their two means; none where fewer than `least` values of the key tell them apart."""

    def rows(analysis: Analysis) -> pd.DataFrame:
        effects = select.these(select.rows(analysis, term))
        if analysis.sides.empty or effects[key].nunique() < least:
            return effects.iloc[:0]
        return effects.merge(analysis.sides, on="id").sort_values(
            [key, "n_tasks"], key=partial(_in_order, effects), kind="stable", ignore_index=True
        )

    return rows


def _in_order(effects: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Names by first sight, numbers as they are."""
    if pd.api.types.is_numeric_dtype(values):
        return values
    places = {name: place for place, name in enumerate(dict.fromkeys(effects[str(values.name)]))}
    return values.map(places)


def _told_apart(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows without a name that all of them share: that of the only benchmark."""
    return rows if rows[key].nunique() > 1 else rows.assign(**{key: ""})


def _remark(rows: pd.DataFrame) -> str:
    """What is said where some difference is not that of the means beside it."""
    if rows.empty:
        return ""
    apart = (rows["treated"] - rows["baseline"] - rows["estimate"]).abs().max()
    return MODELLED if apart > TOLERANCE else ""


def _paper(title: str, caption: str, term: str, key: str, head: str, least: int) -> Listing:
    columns = (
        Column(head, key, optional=True),
        Column("{unit}", "n_tasks", formats.count_of_tasks),
        number("mean, {baseline}", "baseline"),
        number("{treated mean}", "treated"),
        Column(DIFFERENCE, (*BOUNDS, "p_adjusted"), starred, "r"),
        P,
        Column("adjusted p", "p_adjusted", _adjusted, "r", optional=True),
    )
    shown = partial(_told_apart, key=key)
    return Listing(
        title, f"{CAPTION}{caption}. {{size}}.", columns, _rows(term, key, least), shown, (term,), remark=_remark
    )


PAPER = _paper("Means and differences", "", EFFECT, "benchmark", "benchmark", 1)
PAPER_TASKS = _paper(
    "Means and differences by target task", ", on each target task", TASK, "target_task", "target task", 2
)
PAPER_LANGUAGES = _paper(
    "Means and differences by language",
    ", in each language within its target tasks",
    LANGUAGE,
    "language",
    "language",
    2,
)
