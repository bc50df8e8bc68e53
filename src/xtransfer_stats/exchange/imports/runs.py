"""Runs told apart: each run, cell and metric once, every run with a seed."""

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.nameparts import STAMP
from xtransfer_stats.exchange.imports.raw import LeftAside
from xtransfer_stats.exchange.imports.told import Dimensions
from xtransfer_stats.exchange.scoreframe.headings import (
    BACKBONE,
    CONDITION,
    COUNT,
    DRAW,
    LANGUAGE,
    METRIC,
    SCORE,
    SEED,
    SET,
    TASK,
)
from xtransfer_stats.exchange.scoreframe.values import whole as whole_numbers

KEY = (SEED, CONDITION, DRAW, COUNT, SET, BACKBONE, TASK, LANGUAGE, METRIC)
SHOWN = 6


def once(frame: pd.DataFrame, told: Dimensions, left: list[LeftAside], with_seed: bool) -> pd.DataFrame:
    """Each run, cell and metric once: the same score twice is left out, two scores are refused."""
    if not with_seed:
        return frame
    key = list(KEY)
    if (frame[SEED] == "").any():
        row = frame[frame[SEED] == ""].iloc[0]
        raise DataError(
            f"{row['source']}: rows without a seed beside others that have one ({_cell(row)}); fill it in, or "
            "set seed=NUMBER",
            ["set"],
        )
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
    joined = (
        f", or join it to the condition by map condition={told.found[CONDITION]}+{others[0]}"
        if others and CONDITION in told.found
        else ""
    )
    what = (
        f"they differ in {few(others, SHOWN)}: say what that is by map draw={others[0]} (or language, seed, "
        f"...){joined}"
        if others
        else (
            "nothing tells them apart: name what does in the path ('runs/{condition}/seed{seed}/...'), or give "
            "number_seeds if they are runs of their own"
        )
    )
    scores = ", ".join(f"{score:g}" for score in first[SCORE].iloc[:3])
    raise DataError(
        f"{first['source'].iloc[0]}: {len(first)} scores of one run, cell and metric ({_cell(first.iloc[0])}: "
        f"{scores}); {what}",
        ["map", "number_seeds"],
    )


def _cell(row: pd.Series) -> str:
    return ", ".join(f"{name} {row[name]}" for name in (SEED, CONDITION, TASK, LANGUAGE, METRIC) if row[name])


def _differing(told: Dimensions, index: pd.Index) -> list[str]:
    """Columns without a meaning in which some rows differ, those of the path last."""
    varied = [
        name
        for name, values in told.spare.items()
        if values.loc[index].nunique() > 1 and not all(map(STAMP.search, values.loc[index]))
    ]
    return sorted(varied, key=lambda name: name.startswith(("folder ", "file name")))  # the table's own first


def with_seeds(frame: pd.DataFrame, told: Dimensions, wishes: Wishes) -> pd.DataFrame:
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
        hint = (
            f" They differ in {few(others, SHOWN)}: map one of these where it is the seed, draw, ...;" if others else ""
        )
        raise DataError(
            f"no seed is told, and {one['source']} has {most} scores of one cell ({_cell(one)}).{hint} give "
            "seed_from REGEX "
            "for a seed in names, map seed=COLUMN, or number_seeds to number them: runs of different conditions then "
            "have no seed in common and are compared unpaired",
            ["seed_from", "number_seeds", "map"],
        )
    parts = [frame[name] for name in (CONDITION, DRAW, COUNT, SET, BACKBONE)]
    arms = pd.factorize(pd.Series(list(zip(*parts, strict=True)), index=frame.index))[0]
    runs = pd.DataFrame({"arm": arms, "run": run}, index=frame.index)
    told.found[SEED] = "numbered"
    told.notes.append(
        "Seeds were numbered, a number of its own for every run: no two conditions share one, so that they are "
        "compared unpaired."
        if most > 1
        else "No seed is named, and there is one run a condition: nothing can be said over seeds."
    )
    return frame.assign(**{SEED: runs.groupby(["arm", "run"]).ngroup() + 1})


def _whole(values: pd.Series, notes: list[str]) -> pd.Series:
    try:
        numbers, said = whole_numbers(values, SEED)
    except DataError as error:
        remedy = "map seed=COLUMN names another column, seed_from REGEX finds the seed in names"
        raise DataError(f"{str(error).rpartition(';')[0] or error}; {remedy}", ["map", "seed_from"]) from None
    notes += said
    return numbers
