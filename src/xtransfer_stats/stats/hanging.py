"""On which single target task or language the interaction hangs: its leave-one-out range, as the answer says it."""

from collections.abc import Iterable, Sequence

import pandas as pd

from xtransfer_stats.base.formats import signed, tasks
from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.results import OF_PAIR
from xtransfer_stats.stats.core.rows import Row
from xtransfer_stats.stats.core.termtable import INTERACTION, THESE

KINDS = ("target task", "language")
MOST_NAMED = 3
MOST_TOLD = 6  # of the interactions of several pairs of benchmarks


def hanging(rows: Iterable[Row], influence: pd.DataFrame, conditions: Conditions = COUNTS) -> str:
    """One sentence: the interactions' range when target tasks are left out, one at a time, and what turns a verdict.

    rows: of the result frame. influence: with the columns of stats.core.results. Verdicts are uncorrected: below zero,
    above zero, neither. "" where no target task can be left out. Interactions of several pairs are called by name.
    """
    interactions = [row for row in rows if row["term"] == INTERACTION and row["scope"] == THESE]
    whose = {id(row): _whose(row, influence, conditions) for row in interactions}
    ranges = [(whose[id(row)], limits) for row in interactions if (limits := _range(row, influence))]
    if not ranges:
        return ""
    turned = [(whose[id(row)], _turned(row, influence, kind)) for row in interactions for kind in KINDS]
    turns = [(name, text) for name, text in turned if text]
    if OF_PAIR in influence:
        told = [f"{name} is {limits}" for name, limits in ranges]
        hangs = [f"{name}: {text}" for name, text in turns]
        subject = ""
    else:
        told = [f"{limits} {name}" for name, limits in ranges]
        hangs = [f"{name} {text}" if len(interactions) > 1 else text for name, text in turns]
        subject = "it is " if conditions.counted else "the difference is "
    rest = _some(hangs) if turns else _steady(interactions)
    return f"Without one target task at a time {subject}{_some(told)}{f'; {rest}' if rest else ''}."


def _whose(row: Row, influence: pd.DataFrame, conditions: Conditions) -> str:
    """Which interaction a row is: its name where pairs are several, else its condition, "at 3 tasks", "for lora"."""
    if OF_PAIR in influence:
        return str(row["contrast"])
    return f"at {tasks(row['n_tasks'])}" if conditions.counted else conditions.where(row["n_tasks"])


def _some(parts: Sequence[str]) -> str:
    more = f"; and so on for {len(parts) - MOST_TOLD} more" if len(parts) > MOST_TOLD else ""
    return f"{'; '.join(parts[:MOST_TOLD])}{more}"


def _of(row: Row, influence: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The influence of single levels of a kind on the interaction of a row."""
    own = influence[(influence["kind"] == kind) & (influence["n_tasks"] == row["n_tasks"])]
    return own[own[OF_PAIR] == row["contrast"]] if OF_PAIR in own else own


def _range(row: Row, influence: pd.DataFrame) -> str:
    left = _of(row, influence, "target task")["estimate"]
    return f"{signed(left.min())} to {signed(left.max())}" if len(left) else ""


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
