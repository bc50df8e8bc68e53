"""On which single target task or language the interaction hangs: its leave-one-out range, as the answer says it."""

from collections.abc import Iterable

import pandas as pd

from xtransfer_stats.base.formats import signed, tasks
from xtransfer_stats.stats.core.rows import Row
from xtransfer_stats.stats.core.termtable import INTERACTION, THESE

KINDS = ("target task", "language")
MOST_NAMED = 3


def hanging(rows: Iterable[Row], influence: pd.DataFrame) -> str:
    """One sentence: the interactions' range when target tasks are left out, one at a time, and what turns a verdict.

    rows: of the result frame. influence: with the columns of stats.core.results. Verdicts are uncorrected: below zero,
    above zero, neither. "" where no target task can be left out.
    """
    interactions = [row for row in rows if row["term"] == INTERACTION and row["scope"] == THESE]
    ranges = [_range(row, influence) for row in interactions]
    if not any(ranges):
        return ""
    where = {row["n_tasks"]: f"at {tasks(row['n_tasks'])} " if len(interactions) > 1 else "" for row in interactions}
    turned = [(row, _turned(row, influence, kind)) for row in interactions for kind in KINDS]
    turns = [f"{where[row['n_tasks']]}{text}" for row, text in turned if text]
    rest = "; ".join(turns) if turns else _steady(interactions)
    return f"Without one target task at a time it is {'; '.join(filter(None, ranges))}{f'; {rest}' if rest else ''}."


def _of(row: Row, influence: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The influence of single levels of a kind on the interaction of a row."""
    return influence[(influence["kind"] == kind) & (influence["n_tasks"] == row["n_tasks"])]


def _range(row: Row, influence: pd.DataFrame) -> str:
    left = _of(row, influence, "target task")["estimate"]
    return f"{signed(left.min())} to {signed(left.max())} at {tasks(row['n_tasks'])}" if len(left) else ""


def _turned(row: Row, influence: pd.DataFrame, kind: str) -> str:
    left = _of(row, influence, kind)
    turned = left[left["changes_verdict"].astype(bool)]
    if turned.empty:
        return ""
    most = turned.loc[turned["change"].abs().idxmax()]
    # A sign is spoken of where the whole study's own is told from zero.
    signs = bool((turned["estimate"] * row["estimate"] < 0).any() and row["conf_low"] * row["conf_high"] > 0)
    what = "its sign and its verdict (uncorrected) hang" if signs else "its verdict (uncorrected) hangs"
    only = f"one {kind}" if len(turned) == 1 else f"each of {len(turned)} {kind}s"
    others = [str(name) for name in turned["level"] if name != most["level"]][: MOST_NAMED - 1]
    more = f" (as without {', '.join(others)})" if others else ""
    return f"{what} on {only}: without {most['level']} it is {signed(most['estimate'])}{more}"


def _steady(interactions: list[Row]) -> str:
    """What is said where nothing turns; nothing where no verdict is known."""
    known = [row for row in interactions if row["p_value"] == row["p_value"]]
    return "no single target task or language turns its verdict" if known else ""
