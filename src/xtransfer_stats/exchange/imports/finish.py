"""From texts to the frame: seeds as numbers, names by the catalogue, the scale, one row a run, cell and metric."""

from collections.abc import Mapping, Sequence

import pandas as pd

from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.raw import LeftAside
from xtransfer_stats.exchange.imports.runs import SHOWN, once, with_seeds
from xtransfer_stats.exchange.imports.scaling import scaled
from xtransfer_stats.exchange.imports.told import Dimensions
from xtransfer_stats.exchange.imports.vocabulary import task_of
from xtransfer_stats.exchange.scoreframe.headings import (
    BACKBONE,
    BENCHMARK,
    CONDITION,
    COUNT,
    DRAW,
    ERROR,
    EXAMPLES,
    LANGUAGE,
    METRIC,
    SCORE,
    SEED,
    SET,
    TASK,
    metric_of,
)
from xtransfer_stats.exchange.scoreframe.values import whole as whole_numbers
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.isocodes import apart, language_code

ORDER = (SEED, CONDITION, COUNT, SET, DRAW, TASK, LANGUAGE, METRIC, SCORE, EXAMPLES, ERROR, BENCHMARK, BACKBONE)
ALWAYS = (SEED, CONDITION, TASK, LANGUAGE, METRIC, SCORE)


def finished(told: Dimensions, wishes: Wishes) -> tuple[pd.DataFrame, list[LeftAside]]:
    """The frame that is written, and what was left out of it; notes are added to `told`.

    Raises DataError for rows of one run, cell and metric with different scores, and where no seed is told.
    """
    frame, left = _chosen_metrics(told, wishes)
    frame[LANGUAGE] = _by_code(frame[LANGUAGE], told.notes)
    frame[TASK] = _by_catalogue(frame[TASK], told.notes)
    frame[EXAMPLES] = frame[EXAMPLES].str.replace(",", "")
    frame = once(frame, told, left, with_seed=bool((frame[SEED] != "").any()) and not wishes.number_seeds)
    frame = with_seeds(frame, told, wishes)
    frame, said = scaled(frame, _named_scale(wishes.scale))
    told.notes += said
    return _columns(frame), left


def _named_scale(scale: Mapping[str, float]) -> dict[str, float]:
    return {metric_of(name) or task_of(name) or name: factor for name, factor in scale.items()}


def _chosen_metrics(told: Dimensions, wishes: Wishes) -> tuple[pd.DataFrame, list[LeftAside]]:
    """Metrics by their common names; those that the catalogue scores a task by, where it knows it and has one there."""
    frame, left = told.frame.copy(), []
    frame[METRIC] = frame[METRIC].map(lambda name: metric_of(name.split(",")[0]) or name)
    asked = wishes.constants.get(METRIC, "")
    if asked and "/" not in asked:
        wanted = metric_of(asked) or asked
        others = sorted(set(frame[METRIC]) - {wanted, ""})
        if others and wanted in set(frame[METRIC]):
            left.append(LeftAside(f"metric {few(others, SHOWN)}", f"set metric={asked} asks for one"))
            frame = frame[frame[METRIC].isin((wanted, ""))]
        frame[METRIC] = frame[METRIC].where(frame[METRIC] != "", wanted)
    tasks = frame[TASK].map(lambda name: task_of(name) or name)
    for task in tasks.unique():
        official = TARGET_TASKS[task].metrics if task in TARGET_TASKS else ()
        mine = set(frame.loc[tasks == task, METRIC])
        if not mine & set(official):
            if len(official) == 1 and "" in mine:
                frame.loc[(tasks == task) & (frame[METRIC] == ""), METRIC] = official[0]
                told.notes.append(f"No metric is named: the scores of {task} are taken for its {official[0]}.")
            continue
        others = sorted(mine - set(official) - {""})
        if others:
            left.append(
                LeftAside(
                    f"metric {few(others, SHOWN)} of {task}", f"the catalogue scores it by {' and '.join(official)}"
                )
            )
            out = (tasks == task) & frame[METRIC].isin(others)
            frame, tasks = frame[~out], tasks[~out]
    return frame.copy(), left


def _by_code(values: pd.Series, notes: list[str]) -> pd.Series:
    """Languages by their codes; two that one code would join keep their own tags, and unknown ones their names."""
    known = apart(values.unique())
    changed = [f"{shown(name)} is {code}" for name, code in known.items() if name != code]
    if changed:
        notes.append(f"Languages by their codes: {few(changed, SHOWN)}.")
    strange = sorted(name for name in known if name and not language_code(name))
    if strange:
        notes.append(f"Languages that are in no list here, taken as they are: {few(list(map(shown, strange)), SHOWN)}.")
    return values.map(known)


def _by_catalogue(values: pd.Series, notes: list[str]) -> pd.Series:
    names = {name: (task_of(name) or name) if name else "" for name in values.unique()}
    changed = [f"{shown(name)} is {task}" for name, task in names.items() if name != task]
    if changed:
        notes.append(f"Target tasks by the catalogue's names: {few(changed, SHOWN)}.")
    strange = sorted({task for task in names.values() if task and task not in TARGET_TASKS})
    if strange:
        notes.append(f"Target tasks that the catalogue does not have, taken as they are: {few(strange, SHOWN)}.")
    return values.map(names)


def _columns(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of a frame that are told, in their order."""
    kept = [name for name in ORDER if name in ALWAYS or _there(frame[name])]
    if (frame[CONDITION] == "").all() and (COUNT in kept or SET in kept):
        kept.remove(CONDITION)
    frame = frame[kept].copy()
    for name in (COUNT, EXAMPLES):
        if name in frame and (frame[name] != "").all():
            frame[name] = whole_numbers(frame[name], name)[0]
        elif name in frame:
            frame[name] = _some_whole(frame[name], name)
    # Conditions and tasks stay in the order in which they were met; numbers are sorted.
    met = {name: pd.factorize(frame[name])[0] for name in (CONDITION, TASK) if name in frame}
    order = pd.DataFrame(
        {name: met.get(name, frame[name]) for name in (CONDITION, COUNT, SEED, TASK) if name in frame}, frame.index
    )
    return frame.loc[order.sort_values(list(order), kind="stable").index].reset_index(drop=True)


def _some_whole(values: pd.Series, name: str) -> pd.Series:
    """Whole numbers with gaps; raises DataError naming what is none."""
    filled = values[values != ""]
    return whole_numbers(filled, name)[0].reindex(values.index).astype("Int64")


def _there(values: pd.Series) -> bool:
    return (
        bool((values != "").any())
        if values.dtype == object or isinstance(values.dtype, pd.StringDtype)
        else bool(values.notna().any())
    )


def lacking(frame: pd.DataFrame) -> list[str]:
    """What an analysis still needs, and the option that gives it."""
    said: Sequence[tuple[str, bool, str]] = (
        (TASK, bool((frame[TASK] == "").all()), "no target task is named: --set target_task=NAME"),
        (METRIC, bool((frame[METRIC] == "").all()), "no metric is named: --set metric=NAME"),
        (
            LANGUAGE,
            bool((frame[LANGUAGE] == "").all()),
            "no language is named: --set language=CODE, where the scores are of one",
        ),
        (
            CONDITION,
            CONDITION in frame and frame[CONDITION].nunique() < 2,
            "one condition alone: name the results of another beside",
        ),
    )
    return [text for _, there, text in said if there] + _apart(frame)


def _apart(frame: pd.DataFrame) -> list[str]:
    """A sentence where no cell is scored under two conditions, so that none can be compared."""
    if CONDITION not in frame or frame[CONDITION].nunique() < 2:
        return []
    shared = frame.groupby([TASK, LANGUAGE, METRIC])[CONDITION].nunique().max()
    names = few([str(name) for name in frame[CONDITION].unique()], 3)
    return (
        []
        if shared > 1
        else [f"no task and language is scored under two conditions ({names}): map condition=COLUMN names another"]
    )
