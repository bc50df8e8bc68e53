"""The tables of several studies: what differs, each study's and the mean's results, how much studies differ."""

import numpy as np
import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes
from xtransfer_stats.report.panel import Column, panel
from xtransfer_stats.report.tables.columns import ADJUSTED_P, DF, RESULT, STARRED, P, has_stars, number
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.comparison.several.several import Several
from xtransfer_stats.stats.core.termtable import HEADLINE, TASK

KEYS = ["term", "contrast"]


def tables(found: Several) -> dict[str, Table]:
    """Every table by file name."""
    every = (
        _differs(found),
        _results(found, "effects", "Effects, steps and interaction", *HEADLINE),
        _results(found, "tasks", "Effect on each target task", TASK),
        _spread(found),
    )
    return {table.name: table for table in every}


def _differs(found: Several) -> Table:
    columns = (Column("", "fact"), *(Column(name, name, _or_dash, "n") for name in found.names))
    grid = panel(found.differs, columns)
    return Table("differs", "The studies", f"What {', '.join(found.names)} are.", (grid,), found.differs)


def _or_dash(fact: str) -> str:
    return fact or formats.NONE


def _results(found: Several, name: str, title: str, *terms: str) -> Table:
    """A row a study and one for the mean, by result."""
    rows = found.results[found.results["term"].isin(terms)]
    columns = (RESULT, Column("study", "side"), STARRED, P, ADJUSTED_P, DF, Column("scope", "scope"))
    order = rows["contrast"].map({one: place for place, one in enumerate(dict.fromkeys(rows["contrast"]))})
    shown = rows.iloc[np.argsort(order.to_numpy(), kind="stable")]
    bare = "" if has_stars(rows) else f" {notes.NO_STARS}"
    whose = f"{title}: each study and the mean over {found.factor} such as these."
    caption = f"{whose} {notes.INTERVAL_NOTE} {_size(found)}{bare}"
    return Table(name, title, caption, (panel(shown, columns),), rows, has_stars(rows))


def _spread(found: Several) -> Table:
    """How much the studies differ, and what a further one may give."""
    columns = (
        RESULT,
        Column("sd between [95 %]", ("tau", "tau_low", "tau_high"), formats.estimate, "r"),
        Column("share of variance [95 %]", ("share", "share_low", "share_high"), _shares, "r"),
        number("F", "statistic"),
        P,
        Column("a further one [95 %]", ("predict_low", "predict_high"), _limits, "r"),
    )
    title = f"How much {found.factor} differ"
    caption = (
        f"{title}: sd in points; share of the variance of one's result that is between {found.factor}; F of no "
        f"difference; prediction interval for one more. {_size(found)}"
    )
    return Table("spread", title, caption, (panel(found.spread, columns),), found.spread)


def _shares(share: float, low: float, high: float) -> str:
    return f"{formats.percent(share)} [{formats.percent(low)}, {formats.percent(high)}]"


def _limits(low: float, high: float) -> str:
    return formats.NONE if np.isnan(low) else f"[{formats.number(low)}, {formats.number(high)}]"


def _size(found: Several) -> str:
    """Seeds and runs of each study, cells of all."""
    sizes = [
        f"{name} {len(facts.seeds)} seeds, {facts.n_runs} runs"
        for name, facts in zip(found.names, found.facts, strict=True)
    ]
    return f"{'; '.join(sizes)}; {found.n_cells} cells in all."


def key_rows(found: Several) -> pd.DataFrame:
    """The headline of every study and of the mean, results together."""
    rows = found.results[found.results["term"].isin(HEADLINE)]
    return rows.sort_values("contrast", key=lambda names: names.map(list(dict.fromkeys(names)).index), kind="stable")
