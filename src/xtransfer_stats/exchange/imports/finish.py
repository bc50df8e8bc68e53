"""From texts to the frame: seeds as numbers, names by the catalogue, the scale, one row a run, cell and metric."""

from collections.abc import Mapping, Sequence

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.exchange.imports.dimensions import Dimensions
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.nameparts import STAMP
from xtransfer_stats.exchange.imports.raw import LeftAside
from xtransfer_stats.exchange.imports.scaling import scaled
from xtransfer_stats.exchange.imports.vocabulary import (
    BACKBONE,
    BENCHMARK,
    CONDITION,
    COUNT,
    DRAW,
    ERROR,
    EXAMPLES,
    LANGUAGE,
    METRIC,
    METRICS,
    SCORE,
    SEED,
    SET,
    TASK,
    task_of,
)
from xtransfer_stats.exchange.scoreframe.names import plain
from xtransfer_stats.exchange.scoreframe.values import LABELLED, WHOLE
from xtransfer_stats.exchange.scoreframe.values import whole as whole_numbers
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.isocodes import language_code

KEY = (SEED, CONDITION, DRAW, COUNT, SET, BACKBONE, TASK, LANGUAGE, METRIC)
ORDER = (SEED, CONDITION, COUNT, SET, DRAW, TASK, LANGUAGE, METRIC, SCORE, EXAMPLES, ERROR, BENCHMARK, BACKBONE)
ALWAYS = (SEED, CONDITION, TASK, LANGUAGE, METRIC, SCORE)
SHOWN = 6


def finished(told: Dimensions, wishes: Wishes) -> tuple[pd.DataFrame, list[LeftAside]]:
    """The frame that is written, and what was left out of it; notes are added to `told`.

    Raises DataError for rows of one run, cell and metric with different scores, and where no seed is told.
    """
    frame, left = _chosen_metrics(told, wishes)
    frame[LANGUAGE] = _by_code(frame[LANGUAGE], told.notes)
    frame[TASK] = _by_catalogue(frame[TASK], told.notes)
    frame[EXAMPLES] = frame[EXAMPLES].str.replace(",", "")
    frame = _once(frame, told, left, with_seed=bool((frame[SEED] != "").any()) and not wishes.number_seeds)
    frame = _with_seeds(frame, told, wishes)
    frame, said = scaled(frame, _named_scale(wishes.scale))
    told.notes += said
    return _columns(frame), left


def _named_scale(scale: Mapping[str, float]) -> dict[str, float]:
    return {METRICS.get(plain(name), task_of(name) or name): factor for name, factor in scale.items()}


def _chosen_metrics(told: Dimensions, wishes: Wishes) -> tuple[pd.DataFrame, list[LeftAside]]:
    """Metrics by their common names; those that the catalogue scores a task by, where it knows it and has one there."""
    frame, left = told.frame.copy(), []
    frame[METRIC] = frame[METRIC].map(lambda name: METRICS.get(plain(name.split(",")[0]), name))
    asked = wishes.constants.get(METRIC, "")
    if asked and "/" not in asked:
        wanted = METRICS.get(plain(asked), asked)
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
            if official == ("accuracy",) or len(official) == 1:
                frame.loc[(tasks == task) & (frame[METRIC] == ""), METRIC] = official[0]
            continue
        others = sorted(mine - set(official) - {""})
        if others:
            left.append(LeftAside(f"metric {few(others, SHOWN)} of {task}", f"the catalogue scores it by {' and '.join(official)}"))
            out = (tasks == task) & frame[METRIC].isin(others)
            frame, tasks = frame[~out], tasks[~out]
    return frame.copy(), left


def _by_code(values: pd.Series, notes: list[str]) -> pd.Series:
    """Languages by their codes; two that one code would join keep their own tags, and unknown ones their names."""
    codes = {name: language_code(name) or "" for name in values.unique()}
    taken = [code for code in codes.values() if code]
    # The shorter spelling of a language and its tag are two: zh and zh-Hant.
    known = {name: code if code and taken.count(code) == 1 else name for name, code in codes.items()}
    changed = [f"{shown(name)} is {code}" for name, code in known.items() if name != code]
    if changed:
        notes.append(f"Languages by their codes: {few(changed, SHOWN)}.")
    strange = sorted(name for name, code in codes.items() if name and not code)
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


def _once(frame: pd.DataFrame, told: Dimensions, left: list[LeftAside], with_seed: bool) -> pd.DataFrame:
    """Each run, cell and metric once: the same score twice is left out, two scores are refused."""
    if not with_seed:
        return frame
    key = list(KEY)
    if (frame[SEED] == "").any():
        row = frame[frame[SEED] == ""].iloc[0]
        raise DataError(f"{row['source']}: rows without a seed beside others that have one ({_cell(row)}); fill it in, or set seed=NUMBER", ["set"])
    twice = frame[frame.duplicated(key, keep=False)]
    if twice.empty:
        return frame
    differ = twice.groupby(key)[SCORE].nunique()
    if (differ <= 1).all():
        again = int(frame.duplicated(key).sum())
        left.append(LeftAside(f"{again} row{'s' * (again > 1)}", "the same score of the same run a second time"))
        return frame.drop_duplicates(key)
    first = twice[twice.set_index(key).index == differ[differ > 1].index[0]]
    others = _differing(told, first.index)
    what = f"they differ in {few(others, SHOWN)}: say what that is by map draw={others[0]} (or condition, language, ...)" if others else (
        "nothing tells them apart: name what does in the path ('runs/{condition}/seed{seed}/...'), or give number_seeds if they are runs of their own"
    )
    scores = ", ".join(f"{score:g}" for score in first[SCORE].iloc[:3])
    raise DataError(
        f"{first['source'].iloc[0]}: {len(first)} scores of one run, cell and metric ({_cell(first.iloc[0])}: {scores}); {what}",
        ["map", "number_seeds"],
    )


def _cell(row: pd.Series) -> str:
    return ", ".join(f"{name} {row[name]}" for name in (SEED, CONDITION, TASK, LANGUAGE, METRIC) if row[name])


def _differing(told: Dimensions, index: pd.Index) -> list[str]:
    """Columns without a meaning in which some rows differ."""
    return [
        name
        for name, values in told.spare.items()
        if values.loc[index].nunique() > 1 and not all(map(STAMP.search, values.loc[index]))
    ]


def _with_seeds(frame: pd.DataFrame, told: Dimensions, wishes: Wishes) -> pd.DataFrame:
    """Seeds as whole numbers; rows numbered where that was asked for, or each condition has one run."""
    if (frame[SEED] != "").all() and not wishes.number_seeds:
        return frame.assign(**{SEED: _whole(frame[SEED], told.notes)})
    cells = [name for name in KEY if name != SEED]
    # Numbered whether a seed is there or not: that was asked for, because these seeds do not tell the runs apart.
    run = frame.groupby(cells).cumcount()
    most = int(run.max()) + 1
    if most > 1 and not wishes.number_seeds:
        one = frame[run == 1].iloc[0]
        others = _differing(told, frame[(frame[cells] == one[cells]).all(axis=1)].index)
        hint = f" They differ in {few(others, SHOWN)}: map one of these where it is the seed, draw, ...;" if others else ""
        raise DataError(
            f"no seed is told, and {one['source']} has {most} scores of one cell ({_cell(one)}).{hint} give seed_from REGEX "
            "for a seed in names, map seed=COLUMN, or number_seeds to number them: runs of different conditions then "
            "have no seed in common and are compared unpaired",
            ["seed_from", "number_seeds", "map"],
        )
    runs = pd.Series(list(zip(*(frame[name] for name in (CONDITION, DRAW, COUNT, SET, BACKBONE)), run, strict=True)), index=frame.index)
    told.found[SEED] = "numbered"
    told.notes.append(
        "Seeds were numbered, a number of its own for every run: no two conditions share one, so that they are compared unpaired."
        if most > 1
        else "No seed is named, and there is one run a condition: nothing can be said over seeds."
    )
    return frame.assign(**{SEED: pd.factorize(runs)[0] + 1})


def _whole(values: pd.Series, notes: list[str]) -> pd.Series:
    if all(WHOLE.fullmatch(text) for text in values.unique()) or all(LABELLED.fullmatch(text) for text in values.unique()):
        numbers, said = whole_numbers(values, SEED)
        notes += said
        return numbers
    wrong = next(text for text in values.unique() if not WHOLE.fullmatch(text))
    raise DataError(
        f"seed {shown(wrong)} is no whole number; map seed=COLUMN names another column, seed_from REGEX finds it in names",
        ["map", "seed_from"],
    )


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
            frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("Int64")
    return frame.sort_values([name for name in (CONDITION, COUNT, SEED, TASK) if name in frame], kind="stable").reset_index(drop=True)


def _there(values: pd.Series) -> bool:
    return bool((values != "").any()) if values.dtype == object or isinstance(values.dtype, pd.StringDtype) else bool(values.notna().any())


def lacking(frame: pd.DataFrame) -> list[str]:
    """What an analysis still needs, and the option that gives it."""
    said: Sequence[tuple[str, bool, str]] = (
        (TASK, bool((frame[TASK] == "").all()), "no target task is named: --set target_task=NAME"),
        (METRIC, bool((frame[METRIC] == "").all()), "no metric is named: --set metric=NAME"),
        (LANGUAGE, bool((frame[LANGUAGE] == "").all()), "no language is named: --set language=CODE, where the scores are of one"),
        (CONDITION, CONDITION in frame and frame[CONDITION].nunique() < 2, "one condition alone: name the results of another beside"),
    )
    return [text for _, there, text in said if there]
