"""The condition, where no column is called so: the one thing that varies and that nothing else tells."""

import re
from collections.abc import Callable

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few
from xtransfer_stats.exchange.imports import nameparts
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.melted import NAMED, SOURCE
from xtransfer_stats.exchange.imports.told import JOINT, Dimensions
from xtransfer_stats.exchange.imports.vocabulary import TIMES
from xtransfer_stats.exchange.scoreframe.headings import BACKBONE, CONDITION, LANGUAGE, METRIC, SEED, TASK
from xtransfer_stats.exchange.scoreframe.names import plain


def conditions(told: Dimensions, wishes: Wishes) -> None:
    """The condition, where no column names it: the one thing that varies and is told by nothing else."""
    named = not told.lacks(CONDITION)
    if named and CONDITION in (*wishes.columns, *wishes.constants):
        return
    several = named and told.frame[CONDITION].nunique() > 1
    if several and not (_names_runs(told, told.frame[CONDITION]) and _tells_more(told)):
        return
    constant = told.frame[CONDITION].iloc[0] if named and not several else ""
    chosen = _chosen(told)
    if chosen is None:
        if constant:
            return
        sources = told.frame[SOURCE].unique()
        folders = [
            values.iloc[0]
            for name, values in told.spare.items()
            if name.startswith("folder ") and values.nunique() == 1
        ]
        name = JOINT.join(filter(None, folders)) or (
            sources[0].rsplit("/", 1)[-1].split(".")[0] if len(sources) == 1 else "all"
        )
        told.frame[CONDITION] = name
        told.notes.append(
            f"One condition alone, called {name!r}: nothing in the results names another. set condition=NAME "
            "calls it otherwise."
        )
        return
    column, values = chosen
    told.used = re.split(", | and ", column)
    if constant and told.lacks(BACKBONE):
        told.frame[BACKBONE] = constant
    told.frame[CONDITION] = values
    told.found[CONDITION] = column


def _chosen(told: Dimensions) -> tuple[str, pd.Series] | None:
    """What is the condition among the columns without a meaning; raises DataError where several could be."""
    varied = {name: values for name, values in told.spare.items() if _may_be(told, name, values)}
    varied = {name: values for name, values in varied.items() if not _names_runs(told, values)} or varied
    if NAMED in varied:
        return NAMED, varied[NAMED]
    of_path = {name: values for name, values in varied.items() if _in_path(name)}
    of_table = {name: values for name, values in varied.items() if name not in of_path}
    texts = {name: values for name, values in of_table.items() if pd.to_numeric(values, errors="coerce").isna().any()}
    for group in (texts, of_table):
        if group:
            return _with_place(told, *_finest(group), of_path)
    if of_path:
        joined = pd.DataFrame(of_path).agg(lambda row: JOINT.join(part for part in row if part), axis=1)
        return ", ".join(of_path), joined
    return None


def _with_place(told: Dimensions, name: str, values: pd.Series, of_path: dict[str, pd.Series]) -> tuple[str, pd.Series]:
    """A condition of a table, with its file before it where several files have the same levels for the same cells."""
    cells = told.frame[[SEED, TASK, LANGUAGE, METRIC]].assign(condition=values)
    if not of_path or not cells.duplicated().any():
        return name, values
    parts = pd.DataFrame({**of_path, name: values})
    return " and ".join(parts), parts.agg(lambda row: JOINT.join(part for part in row if part), axis=1)


def _in_path(name: str) -> bool:
    return name.startswith(("folder ", "file name", "sheet", "table"))


def _may_be(told: Dimensions, column: str, values: pd.Series) -> bool:
    """Whether a column could be the condition: it varies, is no time stamp, and says not what another column says."""
    names = values.unique()
    if (
        len(names) < 2
        or plain(column.split(JOINT)[-1]) in TIMES
        or all(nameparts.STAMP.search(name) or not name for name in names)
    ):
        return False
    for name in (SEED, TASK, LANGUAGE, METRIC):
        other = told.frame[name]
        if other.nunique() > 1 and _one_to_one(values, other):
            return False
    runs = told.frame[[SEED, TASK, LANGUAGE, METRIC]].assign(value=values)
    cells = [TASK, LANGUAGE, METRIC]
    # A name of its own for every run is its identity; with one run a condition the two are the same.
    each = runs.groupby([*cells, "value"]).size().max() == 1 and runs.groupby([*cells, SEED]).size().max() > 1
    return not (each and told.frame[SEED].nunique() > 1 and len(names) > told.frame[SEED].nunique() * 2)


def _tells_more(told: Dimensions) -> bool:
    """Whether a column of the tables says what several runs have in common, where the one called a name does not."""
    spare = {name: values for name, values in told.spare.items() if not _in_path(name) and _may_be(told, name, values)}
    return any(name != told.found.get(CONDITION) and not _names_runs(told, values) for name, values in spare.items())


def _names_runs(told: Dimensions, values: pd.Series) -> bool:
    """Whether a column names single runs, as ids and output folders do: each of its values has one of several seeds."""
    seeds = told.frame[SEED]
    return seeds.nunique() > 1 and bool((seeds.groupby(values).nunique() == 1).all())


def _one_to_one(one: pd.Series, other: pd.Series) -> bool:
    pairs = pd.DataFrame({"one": one.to_numpy(), "other": other.to_numpy()}).drop_duplicates()
    return bool(not pairs["one"].duplicated().any() and not pairs["other"].duplicated().any())


def _finest(group: dict[str, pd.Series]) -> tuple[str, pd.Series]:
    """The column that tells all others of a group; raises DataError where none does."""
    determines: Callable[[pd.Series, pd.Series], bool] = lambda one, other: bool(  # noqa: E731
        (pd.DataFrame({"a": one, "b": other}).groupby("a")["b"].nunique() <= 1).all()
    )
    for name, values in group.items():
        if all(determines(values, other) for other in group.values()):
            return name, values
    names = list(group)
    raise DataError(
        f"columns {few(names, 6)} vary, and each could be the condition: say which by map condition={names[0]}, "
        "or join "
        f"them by map condition={'+'.join(names[:2])}",
        ["map"],
    )
