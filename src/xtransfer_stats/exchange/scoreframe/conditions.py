"""A table of conditions, seeds and scores as a score frame: levels become codes, draws become sets, all of it said."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import few
from xtransfer_stats.exchange.scoreframe import names, values
from xtransfer_stats.exchange.scoreframe.asked import Asked, renamed
from xtransfer_stats.exchange.scoreframe.headings import metric_of
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.stats.core.conditions import number
from xtransfer_stats.stats.core.frame import BENCHMARK, CONDITION, DRAW
from xtransfer_stats.tasks.catalogue import TARGET_TASKS

PLAIN = ("baseline", "base", "control", "none", "no", "vanilla", "untreated", "reference", "0")  # plainly a baseline's
MOST_NAMED = 8
SLIP = 0.8  # likeness from which an unknown name looks like a slip of a known one


def of_conditions(rows: pd.DataFrame, asked: Asked, source: str, scale: Scale = None) -> tuple[pd.DataFrame, list[str]]:
    """The columns of a score frame that a table of conditions gives, and a sentence for each thing supposed.

    Raises DataError naming column, row, value and remedy for what cannot be read; where no level is plainly the
    baseline the levels are listed.
    """
    frame, notes = renamed(rows.reset_index(drop=True), asked, source)
    if frame.empty:
        raise DataError("rows: the table has none")
    frame[CONDITION] = names.text(frame[CONDITION].map(_level), CONDITION)
    for name in ("target_task", "language", BENCHMARK, DRAW):
        frame[name] = _optional(frame[name]) if name in frame else ""
    if "n_examples" in frame:  # 0 is a number that is not known
        gaps = frame["n_examples"].map(values.is_gap).astype(bool)
        counts, said = values.whole(frame["n_examples"].astype(object).mask(gaps, 0), "n_examples")
        frame, notes = frame.assign(n_examples=counts), [*notes, *said]
    steps = (_seeds, _scores, _names, _codes, _draws)
    for step in steps:
        frame, said = step(frame, asked)
        notes += said
    frame, said = _scaled(frame, 1.0 if scale is None and asked.measure else scale)
    if (frame[BENCHMARK] == "").all():
        frame = frame.drop(columns=BENCHMARK)
    return frame, [*notes, *said]


def _level(value: object) -> object:
    """A level as a reader writes it: 100.0 of a column of numbers is 100."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _optional(cells: pd.Series) -> pd.Series:
    return cells.map(lambda cell: "" if values.is_gap(cell) else str(_level(cell)).strip()).astype(str)


def _seeds(frame: pd.DataFrame, asked: Asked) -> tuple[pd.DataFrame, list[str]]:
    """Seeds as whole numbers; names of runs are numbered in their order, and equal seeds made unequal where asked."""
    try:
        seeds, said = values.whole(frame["seed"], "seed")
    except DataError:
        texts = names.text(frame["seed"], "seed")
        codes, labels = pd.factorize(texts)
        seeds, said = pd.Series(codes, index=frame.index).astype("int64"), []
        said = [f"Seeds are numbered in the order of the table: {labels[0]!r} is 0, and so on."]
    if asked.unpaired:
        apart = pd.factorize(frame[CONDITION])[0] * 10 ** len(str(int(seeds.abs().max())))
        seeds = seeds + apart
        said.append("Seeds are numbered anew for each condition, as equal numbers were said to be no pair.")
    return frame.assign(seed=seeds), said


def _scores(frame: pd.DataFrame, asked: Asked) -> tuple[pd.DataFrame, list[str]]:
    scores, said = values.scores(frame["score"])
    if scores.isna().all():
        raise DataError("column score: empty in every row; fill in the scores")
    return frame.assign(score=scores), said


def _names(frame: pd.DataFrame, asked: Asked) -> tuple[pd.DataFrame, list[str]]:
    """Target tasks and languages by the catalogue's names where it has them, else as they are, which is said."""
    tasks, said = names.renamed(frame["target_task"], "target_task", names.target, "the catalogue's names")
    strange = [name for name in tasks.unique() if name and name not in TARGET_TASKS]
    if strange:
        said.append(f"Not in the catalogue, taken as they are: {few([*map(_slip, strange)], MOST_NAMED)}.")
    languages, more = names.languages(frame["language"])
    metrics = frame["metric"].astype(str).map(lambda name: metric_of(name) or name)
    return frame.assign(target_task=tasks, language=languages, metric=metrics), [*said, *more]


def _slip(name: str) -> str:
    near = get_close_matches(name, TARGET_TASKS, n=1, cutoff=SLIP)
    return f"{name} (did you mean {near[0]}?)" if near else name


def _codes(frame: pd.DataFrame, asked: Asked) -> tuple[pd.DataFrame, list[str]]:
    """n_tasks holds the conditions' codes: 0 the baseline, then numbers ascending, or names in the table's order."""
    levels = list(dict.fromkeys(frame[CONDITION]))
    if len(levels) < 2:
        raise DataError(f"column condition: {levels[0]!r} alone; two conditions or more are needed for a comparison")
    numeric = all(number(level) is not None for level in levels)
    if numeric:
        levels.sort(key=lambda level: number(level) or 0.0)
    if strange := [level for level in asked.words if level not in levels]:
        raise DataError(
            f"label {strange[0]!r}: no such condition; {nearest(strange[0], levels)}there are {_all(levels)}"
        )
    base, said = _baseline(levels, numeric, asked, frame)
    order = [base, *(level for level in levels if level != base)]
    return frame.assign(n_tasks=frame[CONDITION].map({level: code for code, level in enumerate(order)})), said


def _baseline(levels: Sequence[str], numeric: bool, asked: Asked, frame: pd.DataFrame) -> tuple[str, list[str]]:
    if asked.baseline is not None:
        same = [x for x in levels if x == asked.baseline or (numeric and number(x) == number(asked.baseline))]
        if same:
            return same[0], []
        near = nearest(asked.baseline, levels)
        raise DataError(f"baseline {asked.baseline!r}: no such condition; {near}there are {_all(levels)}", ["baseline"])
    plainly = [level for level in levels if level.lower() in PLAIN]
    if len(plainly) == 1:
        return plainly[0], [f"The baseline is {plainly[0]!r}, by its name."]
    if numeric:
        return levels[0], [f"The baseline is {levels[0]}, the smallest of the numbers; baseline names another."]
    if len(levels) == 2:
        first = min(levels)
        said = f"No baseline was named: the difference is {max(levels)!r} less {first!r}, in alphabetical order."
        return first, [said]
    seeds = frame.groupby(CONDITION)["seed"].nunique()
    listed = ", ".join(f"{level!r} ({seeds[level]} seeds)" for level in levels[:MOST_NAMED])
    more = f" and {len(levels) - MOST_NAMED} more" if len(levels) > MOST_NAMED else ""
    raise DataError(
        f"baseline: none was named, and none of the {len(levels)} conditions is plainly one: {listed}{more}; "
        "name it by baseline=LEVEL",
        ["baseline"],
    )


def _all(levels: Iterable[str]) -> str:
    return few([repr(level) for level in levels], MOST_NAMED)


def _draws(frame: pd.DataFrame, asked: Asked) -> tuple[pd.DataFrame, list[str]]:
    """task_set holds condition and draw; draws that the baseline has too are runs of one seed, averaged."""
    treated, base = frame["n_tasks"] > 0, frame[CONDITION] + ""
    if (frame.loc[~treated, DRAW] != "").any():
        codes = pd.factorize(frame[DRAW], sort=True)[0].astype("int64")
        said = (
            "The baseline has draws as well: draws are averaged within a seed, and errors are over seeds alone, for "
            "these draws."
        )
        return frame.assign(replicate=codes, task_set=base.where(treated, ""), **{DRAW: ""}), [said]
    named = (base + ": " + frame[DRAW]).where(frame[DRAW] != "", base)
    return frame.assign(replicate=0, task_set=named.where(treated, "")), []


def _scaled(frame: pd.DataFrame, scale: Scale) -> tuple[pd.DataFrame, list[str]]:
    """Scores in points: fractions of one are multiplied by 100 where every condition has such, and that is said.

    Raises DataError where some conditions have fractions and others do not.
    """
    if isinstance(scale, int | float):
        if scale not in (1, 100):
            raise DataError(f"scale {scale:g}: give 100 for fractions, or 1 for scores as they are", ["scale"])
        times = ["Scores were multiplied by 100, as scale says."] if scale == 100 else []
        return frame.assign(score=frame["score"] * scale), times
    if scale is not None:
        raise DataError("scale: of conditions give one number for all scores", ["scale"])
    known = frame[np.isfinite(frame["score"])]
    largest = known.groupby(CONDITION)["score"].max()
    small = (largest <= 1) & (known.groupby(CONDITION)["score"].min() >= 0) & (largest > 0)
    if not small.any():
        return frame, []
    if not small.all():
        some, others = _all(small.index[small]), _all(small.index[~small])
        raise DataError(
            f"column score: {some} lie between 0 and 1, {others} do not: conditions seem to differ in scale; write "
            "them alike, or give scale 1 where they are",
            ["scale"],
        )
    said = (
        f"Scores lie between 0 and 1 (largest {largest.max():g}): taken for fractions, times 100; scale 1 keeps them."
    )
    return frame.assign(score=100 * frame["score"]), [said]
