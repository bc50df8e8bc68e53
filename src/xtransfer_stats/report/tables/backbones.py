"""The tables of several backbones: what differs, each one's effects and their differences, target tasks, languages."""

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.base.models import short_names
from xtransfer_stats.report import notes
from xtransfer_stats.report.panel import Column, panel
from xtransfer_stats.report.tables.columns import ADJUSTED_P, DF, RESULT, STARRED, P, has_stars
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.comparison.backbones.backbones import BackboneEffects
from xtransfer_stats.stats.core.termtable import HEADLINE, LANGUAGE, LEVEL, TASK

WHOSE = Column("backbone", "whose")
COLUMNS = (RESULT, WHOSE, STARRED, P, ADJUSTED_P, DF)


def tables(found: BackboneEffects) -> dict[str, Table]:
    """Every table that has rows, by file name."""
    every = (
        _results(found, "effects", "Effects, steps and interaction", *HEADLINE),
        _results(found, "levels", "Average scores", LEVEL),
        _results(found, "tasks", "Effect on each target task", TASK),
        _results(found, "languages", "Effect in each language within target tasks", LANGUAGE),
        _differs(found),
    )
    return {table.name: table for table in every if any(one.rows for one in table.panels)}


def rows_of(found: BackboneEffects, *terms: str) -> pd.DataFrame:
    """The rows of these terms, results together, each backbone before the differences; `whose` names it in words."""
    rows = found.results[found.results["term"].isin(terms)]
    order = {name: place for place, name in enumerate(dict.fromkeys(rows["contrast"]))}
    ranks = rows.assign(rank=rows["contrast"].map(order), apart=rows["minus"] != "")
    whole = ranks.sort_values(["rank", "apart"], kind="stable").drop(columns=["rank", "apart"])
    return whole.assign(whose=whose(found, whole))


def whose(found: BackboneEffects, rows: pd.DataFrame) -> list[str]:
    """Of each row the backbone, or "b − a" of a difference, by their short names."""
    called = short_names(found.names)
    return [
        f"{called[b]} {formats.MINUS} {called[a]}" if a else called[b]
        for b, a in zip(rows["backbone"], rows["minus"], strict=True)
    ]


def error_of(found: BackboneEffects) -> str:
    """How the differences' errors were got."""
    return f"Error of a difference: {'; '.join(sorted(set(found.differences['method'])))}."


def _results(found: BackboneEffects, name: str, title: str, *terms: str) -> Table:
    rows = rows_of(found, *terms)
    bare = "" if has_stars(rows) else f" {notes.NO_STARS}"
    caption = (
        f"{title}, by backbone and their differences. {notes.INTERVAL_NOTE} {error_of(found)} {_size(found)}{bare}"
    )
    return Table(name, title, caption, (panel(rows, COLUMNS),), rows.drop(columns="whose"), has_stars(rows))


def _differs(found: BackboneEffects) -> Table:
    called = short_names(found.names)
    columns = (Column("", "fact"), *(Column(called[name], name, _or_dash, "n") for name in found.names))
    grid = panel(found.differs, columns)
    return Table("differs", "The backbones", "What the study is from each backbone.", (grid,), found.differs)


def _or_dash(fact: str) -> str:
    return fact or formats.NONE


def _size(found: BackboneEffects) -> str:
    sizes = [
        f"{name} {len(facts.seeds)} seeds, {facts.n_runs} runs"
        for name, facts in zip(short_names(found.names).values(), found.facts, strict=True)
    ]
    return f"{'; '.join(sizes)}; {found.n_cells} cells in all."
