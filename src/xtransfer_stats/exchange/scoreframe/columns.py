"""Columns of a score frame by name: written a little otherwise, lacking, or no part of one; and what stands for those
that an analysis can do without."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.scoreframe.headings import METRICS, NAMES
from xtransfer_stats.exchange.scoreframe.kinds import NEEDED, wide
from xtransfer_stats.stats.core.frame import COLUMNS, LATER

# What others call the same column: named as the nearest, never taken for it.
LIKE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{name: NAMES[name] for name in ("seed", "target_task", "language")},
        "n_tasks": ("k", "count", "numtasks", "taskcount", "nintermediate", "numintermediate"),
        "task_set": ("set", "tasks", "intermediate", "intermediatetasks"),
        "score": (*NAMES["score"], *METRICS),
    }
)
DEFAULTS: Mapping[str, str] = MappingProxyType({"backbone": "unnamed", "variant": "none", "control": "none"})


def matched(rows: pd.DataFrame, source: str) -> tuple[pd.DataFrame, list[str]]:
    """The columns of a score frame that there are, by their own names, and what was taken for them or left out.

    "Target Task" is target_task. Raises DataError where a name stands twice, or columns are lacking that nothing can
    stand for: all of them at once, each with the nearest there is.
    """
    known = {_plain(name): name for name in COLUMNS}
    found: dict[str, list[str]] = {}
    for name in map(str, rows.columns):
        if column := known.get(_plain(name)):
            found.setdefault(column, []).append(name)
    for column, names in found.items():
        if len(names) > 1:
            raise DataError(f"{source}: columns {', '.join(map(repr, names))} are all {column}; keep one")
    _require(found, rows, source)
    notes = [f"Column {names[0]!r} was taken for {column}." for column, names in found.items() if names[0] != column]
    used = {names[0] for names in found.values()}
    if others := [str(name) for name in rows.columns if str(name) not in used and not _an_index(str(name))]:
        notes.append(f"Columns that are no part of a score frame were left out: {', '.join(others)}.")
    named = rows.set_axis(list(map(str, rows.columns)), axis=1)
    return named[[names[0] for names in found.values()]].set_axis(list(found), axis=1), notes


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _an_index(name: str) -> bool:
    """Whether a column is the row numbers that pandas writes beside a table."""
    return name == "" or name.startswith("Unnamed:") or name == "index"


def _require(found: Iterable[str], rows: pd.DataFrame, source: str) -> None:
    here = set(found)
    lacking = [name for name in NEEDED if name not in here and not (name == "n_tasks" and "task_set" in here)]
    if not lacking:
        return
    if {"language", "score"} & set(lacking) and (kind := wide(rows.columns)):
        raise DataError(f"{source}: {kind}")
    names = [str(name) for name in rows.columns if str(name) not in here]
    listed = "; ".join(f"{name}{_nearest(name, names)}" for name in lacking)
    held = ", ".join(map(str, list(rows.columns)[:20])) or "none"
    raise DataError(
        f"{source}: columns lacking: {listed}. A score frame needs {', '.join(NEEDED)} (docs/inputs.md); rename or add "
        f"them. Columns there are: {held}"
    )


def _nearest(column: str, names: list[str]) -> str:
    alike = [name for name in names if _plain(name) in LIKE.get(column, ())]
    near = [name for name in names if get_close_matches(_plain(name), [_plain(column)], cutoff=0.6)]
    best = next(iter([*alike, *near]), None)
    return f" (nearest: {best!r})" if best is not None else ""


def with_defaults(frame: pd.DataFrame, source: str) -> tuple[pd.DataFrame, list[str]]:
    """The frame with every column that it can do without, and one sentence on what stands in them.

    Needs seed, n_tasks, task_set, score, target_task, language of their types. Columns of LATER have words of their own
    (stats.core.validate, verbs.scores).
    """
    lacking = [name for name in COLUMNS if name not in frame and name not in (*LATER, "metric")]
    for name in sorted(lacking, key=lambda name: name == "run"):  # its label is made of the others
        frame = frame.assign(**{name: _default(frame, name, source)})
    return frame, [_said(frame, lacking)] if set(lacking) - {"run"} else []


def _said(frame: pd.DataFrame, lacking: list[str]) -> str:
    values = [f"{name} {frame[name].iloc[0]!r}" for name in lacking if name in ("study", *DEFAULTS) and not frame.empty]
    rest = [name for name in lacking if name not in ("study", *DEFAULTS)]
    one = "a run is a seed, replicate and task set" if "run" in rest else ""
    done = "every score counts as done" if "status" in rest else ""
    single = "one replicate each" if "replicate" in rest and (frame["replicate"] == 0).all() else ""
    several = "runs of one seed and set are replicates" if "replicate" in rest and not single else ""
    examples = "numbers of test examples are not known" if "n_examples" in rest else ""
    said = ", ".join(filter(None, (*values, one, done, single, several, examples)))
    return f"Columns that the frame lacks: {', '.join(lacking)}. Taken for them: {said}."


def _default(frame: pd.DataFrame, name: str, source: str) -> object:
    if name == "study":
        return source.split(".")[0] or "study"
    if name == "replicate":
        return _replicates(frame)
    if name == "run":
        sets = frame["task_set"].where(frame["task_set"] != "", "baseline")
        return [f"s{s}-{x}-r{r}" for s, x, r in zip(frame["seed"], sets, frame["replicate"], strict=True)]
    if name == "status":
        return _statuses(frame)
    return DEFAULTS.get(name, 0)


def _replicates(frame: pd.DataFrame) -> object:
    """0, or the place of a run's label among those of one seed and task set."""
    if "run" not in frame:
        return 0
    key = ["seed", "task_set"] + [name for name in ("study", "backbone") if name in frame]
    return frame.groupby(key)["run"].transform(lambda names: pd.factorize(names)[0]).astype("int64")


def _statuses(frame: pd.DataFrame) -> pd.Series:
    """done beside a score; else missing, and not_in_benchmark where no run has a score of the cell."""
    scored = frame["score"].notna()
    never = ~scored.groupby([frame["target_task"], frame["language"]]).transform("any")
    return pd.Series("done", index=frame.index).mask(~scored, "missing").mask(never, "not_in_benchmark")
