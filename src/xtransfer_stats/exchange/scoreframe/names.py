"""Names of a score frame by the catalogue: PAWS-X is pawsx, deu is de, `SQuAD1 + mnli` is mnli+squad1, acc accuracy."""

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import row_at
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import Unreadable, few, parsed_json
from xtransfer_stats.exchange.scoreframe.headings import metric_of
from xtransfer_stats.exchange.scoreframe.headings import plain as plain
from xtransfer_stats.exchange.scoreframe.values import is_gap, shown
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.isocodes import apart

TARGETS = MappingProxyType(
    {
        "wikiann": "panx",
        "wikiannner": "panx",
        "pos": "udpos",
        "upos": "udpos",
        "universaldependencies": "udpos",
        "tydiqagoldp": "tydiqa",
        "tydiqa": "tydiqa",
        "tydi": "tydiqa",
        "bucc": "bucc2018",
        "bucc18": "bucc2018",
        "mewsli": "mewslix",
        "xquadr": "lareqa",
    }
)
SETS = MappingProxyType({"squad": "squad1", "squadv1": "squad1", "squadv2": "squad2"})
BASELINE = ("", "baseline", "base", "none", "no", "null", "nan", "-", "0", "[]", "{}", "()")
SPLIT = re.compile(r"\s*[,;|&]\s*")
SHOWN = 4
HALF = re.compile(r"[\ud800-\udfff]")  # no text: no file but one of JSON can hold it


@cache
def _by_plain(kind: str) -> Mapping[str, str]:
    """Plain name -> the catalogue's, of target or intermediate tasks: also by title and by what others call them."""
    tasks: Mapping[str, Any] = TARGET_TASKS if kind == "target" else INTERMEDIATE_TASKS
    # ANLI+ is ANLI with MNLI and SNLI: a sign that `plain` drops may tell two data sets apart.
    others = {plain(task.title): name for name, task in tasks.items() if "+" not in task.title}
    known = {key: name for key, name in (TARGETS if kind == "target" else SETS).items() if name in tasks}
    return known | others | {plain(name): name for name in tasks}


def target(name: str) -> str | None:
    """The catalogue's name of a target task, by any common spelling; None for none."""
    if name in TARGET_TASKS:
        return name
    return _by_plain("target").get(plain(name.rsplit("/", 1)[-1]))


def targets(values: pd.Series) -> tuple[pd.Series, list[str]]:
    """The column target_task by the catalogue; raises DataError naming what it does not have, and the nearest."""
    known, said = renamed(values, "target_task", target, "the catalogue's names")
    strange = sorted(set(known) - TARGET_TASKS.keys())
    if strange:
        near = f"{strange[0]!r}: {nearest(strange[0], TARGET_TASKS)}"
        raise DataError(f"column target_task: {near}not in the catalogue: `xstats tasks` lists it")
    return known, said


def languages(values: pd.Series) -> tuple[pd.Series, list[str]]:
    """The column language by the catalogue's codes; what it does not know stays as it is, as two scripts of one do."""
    codes = apart(values.unique(), canonical)
    return renamed(values, "language", codes.get, "the catalogue's codes")


def renamed(values: pd.Series, name: str, known: Callable[[str], str | None], by: str) -> tuple[pd.Series, list[str]]:
    """The column with the names that are known in the place of others for them, and which these were."""
    written = {value: known(value) or value for value in values.unique()}
    others = [f"{shown(value)} is {found}" for value, found in written.items() if found != value]
    said = [f"Column {name} by {by}: {few(others, SHOWN)}."] if others else []
    return values.map(written), said


def text(values: pd.Series, name: str) -> pd.Series:
    """A column of names without blanks around them; raises DataError naming the row of one that is empty."""
    codes, cells = pd.factorize(values, use_na_sentinel=False)
    shorn = ["" if is_gap(cell) and not isinstance(cell, str) else str(cell).strip() for cell in cells]
    if "" in shorn:
        row = int(np.flatnonzero(codes == shorn.index(""))[0])
        raise DataError(f"column {name}: empty in {row_at(row)}; fill it in")
    broken = next((one for one in shorn if HALF.search(one)), None)
    if broken is not None:
        row = int(np.flatnonzero(codes == shorn.index(broken))[0])
        raise DataError(
            f"column {name}: {shown(broken)} in {row_at(row)} holds half of a pair of surrogates; mend the text"
        )
    return pd.Series(np.array(shorn, dtype=object)[codes], index=values.index).astype(str)


def sets(values: pd.Series) -> tuple[pd.Series, list[str]]:
    """The column task_set, members by the catalogue's names and in their order, "" for the baseline's.

    A set has no order, case or blanks. Raises DataError naming the row where a member stands twice.
    """
    cells = [value if value.__hash__ is not None else tuple(value) for value in values]
    spelled: dict[str, str] = {}
    written: dict[Any, str] = {}
    for row, cell in enumerate(cells):
        key = None if is_gap(cell) and not isinstance(cell, str) else cell
        if key not in written:
            members = [_member(one, spelled) for one in _members(key)]
            if any(map(HALF.search, members)):
                raise DataError(f"column task_set: {row_at(row)} holds half of a pair of surrogates; mend the text")
            twice = next((one for one in members if members.count(one) > 1), None)
            if twice:
                raise DataError(
                    f"column task_set: {shown(cell)} in {row_at(row)} holds {twice} twice; a set has each once"
                )
            written[key] = "+".join(sorted(members))
    keys = [None if is_gap(cell) and not isinstance(cell, str) else cell for cell in cells]
    others = [f"{shown(key)} is {found!r}" for key, found in written.items() if key is not None and key != found]
    said = [f"A task set has no order, case or blanks: {few(others, SHOWN)}."] if others else []
    return pd.Series([written[key] for key in keys], index=values.index, dtype=str), said


def _members(cell: Any) -> list[str]:
    if cell is None:
        return []
    if isinstance(cell, tuple):
        return [str(one).strip() for one in cell if str(one).strip()]
    whole = str(cell).strip()
    if whole.lower() in BASELINE:
        return []
    if plain(whole) in _by_plain("intermediate"):
        return [whole]
    if whole[:1] + whole[-1:] == "[]":
        try:
            return [str(one).strip() for one in parsed_json(whole.replace("'", '"'))]
        except Unreadable:
            whole = whole[1:-1]
    parts = [one.strip() for one in whole.split("+") if one.strip()]
    listed = [one for one in SPLIT.split(whole) if one]
    # A name of a user's may hold a comma or a bar; `xstats export` joins by "+".
    return listed if len(parts) == 1 and all(plain(one) in _by_plain("intermediate") for one in listed) else parts


def _member(name: str, spelled: dict[str, str]) -> str:
    """An intermediate task by the catalogue; another by the spelling that it has first."""
    return _by_plain("intermediate").get(plain(name)) or spelled.setdefault(name.casefold(), name)


def metrics(values: pd.Series, tasks: pd.Series) -> tuple[pd.Series, list[str]]:
    """The column metric by the catalogue's names; raises DataError where a target task is scored by others."""
    named, said = renamed(values, "metric", metric_of, "the catalogue's names")
    pairs = pd.DataFrame({"task": tasks, "metric": named}).drop_duplicates()
    wrong = [(row.task, row.metric) for row in pairs.itertuples() if row.metric not in TARGET_TASKS[row.task].metrics]
    if wrong:
        task, metric = wrong[0]
        row = int(np.flatnonzero(((tasks == task) & (named == metric)).to_numpy())[0])
        others = f"; also {', '.join(f'{m!r} for {t}' for t, m in wrong[1:SHOWN])}" if len(wrong) > 1 else ""
        raise DataError(
            f"column metric: {metric!r} for {task} in {row_at(row)}{others}; the catalogue scores {task} by "
            f"{' and '.join(TARGET_TASKS[task].metrics)}: give these scores, and leave out the rows of others"
        )
    return named, [*said, *_halves(pairs)]


def _halves(pairs: pd.DataFrame) -> list[str]:
    """A sentence for tasks that have one of the two metrics whose mean is their official figure."""
    alone = {
        str(task): str(names.iloc[0])
        for task, names in pairs.groupby("task")["metric"]
        if len(names) < len(TARGET_TASKS[str(task)].metrics)
    }
    return [
        f"{task} has {metric} alone, which is taken for its score; the official figure is the mean of "
        f"{' and '.join(TARGET_TASKS[task].metrics)}."
        for task, metric in alone.items()
    ]


def metrics_of(tasks: pd.Series) -> tuple[pd.Series, list[str]]:
    """The one metric of each target task, for a frame without the column; raises DataError where a task has two."""
    names: Collection[str] = tasks.unique()
    several = [task for task in names if len(TARGET_TASKS[task].metrics) > 1]
    if several:
        both = " and ".join(TARGET_TASKS[several[0]].metrics)
        raise DataError(f"column metric is lacking, and {', '.join(several)} has {both}: add the column and say which")
    said = f"The frame has no column metric: scores are taken to be the catalogue's ({_listed(names)})."
    return tasks.map({task: TARGET_TASKS[task].metrics[0] for task in names}), [said]


def _listed(names: Collection[str]) -> str:
    by_metric: dict[str, list[str]] = {}
    for task in names:
        by_metric.setdefault(TARGET_TASKS[task].metrics[0], []).append(task)
    return "; ".join(f"{metric} of {', '.join(tasks)}" for metric, tasks in by_metric.items())
