"""Scores on 0-1 and on 0-100, told apart for each metric and said; refused where some conditions have one, some the
other."""

from collections.abc import Mapping

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few
from xtransfer_stats.exchange.imports.vocabulary import UNBOUNDED
from xtransfer_stats.exchange.scoreframe.headings import CONDITION, COUNT, ERROR, LANGUAGE, METRIC, SCORE, SEED, TASK

FACTORS = (1.0, 100.0)
ARMS = ("source", CONDITION, COUNT, SEED, LANGUAGE)  # what may have been scored by another script than the rest
DECIMALS = 10
NEAR = 3.0  # an arm times 100 within this factor of the others is taken to be a fraction of them


def scaled(frame: pd.DataFrame, scale: Mapping[str, float]) -> tuple[pd.DataFrame, list[str]]:
    """The frame in points, and a sentence for each metric.

    scale: metric or target task -> 100 or 1; "" for all. Raises DataError where one metric or task has both scales.
    """
    _known(frame, scale)
    frame, said = frame.copy(), []
    for metric, rows in frame.groupby(METRIC, sort=False):
        name = str(metric) or "the score"
        factors = rows.apply(lambda row, metric=metric: _stated(row, str(metric), scale), axis=1) if scale else None
        stated = factors is not None and factors.notna().all()
        if not stated and str(metric) not in UNBOUNDED:
            free = rows if factors is None else rows[factors.isna()]
            _refuse_mixed(free, name, str(metric))
            factor = 100.0 if _fractions(free) else 1.0
            factors = pd.Series(factor, index=rows.index) if factors is None else factors.fillna(factor)
        factors = pd.Series(1.0, index=rows.index) if factors is None else factors.astype(float).fillna(1.0)
        for column in (SCORE, ERROR):
            # 0.683 times 100 is 68.3: the digits beyond are the multiplication's.
            points = (rows[column] * factors).round(DECIMALS)
            frame.loc[rows.index, column] = points.where((factors != 1) & ~rows["percent"], rows[column])
        said.append(_sentence(rows, name, str(metric), factors, stated))
    return frame, said


def _stated(row: pd.Series, metric: str, scale: Mapping[str, float]) -> float | None:
    return scale.get(row[TASK], scale.get(metric, scale.get("")))


def _known(frame: pd.DataFrame, scale: Mapping[str, float]) -> None:
    known = {"", *frame[METRIC].unique(), *frame[TASK].unique()}
    for name, factor in scale.items():
        if name not in known:
            there = few(sorted(known - {""}), 10)
            raise DataError(
                f"scale {name}={factor:g}: no metric or target task of that name; there are {there}", ["scale"]
            )
        if factor not in FACTORS:
            raise DataError(f"scale {factor:g}: give 100 for fractions, or 1 for points", ["scale"])


def _fractions(rows: pd.DataFrame) -> bool:
    free = rows[~rows["percent"]]
    return not free.empty and bool((free[SCORE].abs() <= 1).all()) and bool((free[SCORE] != 0).any())


def _refuse_mixed(rows: pd.DataFrame, name: str, metric: str) -> None:
    """Raise where a task or an arm of it lies on 0-1 and others of the metric do not, or all of it is at most 1 in
    one task alone."""
    tasks = {str(task): _fractions(part) for task, part in rows.groupby(TASK)}
    if len(set(tasks.values())) > 1:
        low = [task or "(no task)" for task, fraction in tasks.items() if fraction]
        raise DataError(_both(name, f"target task {few(low, 5)}", f"{low[0]}=100"), ["scale"])
    if all(tasks.values()):
        return
    for arm in ARMS:
        for task, part in rows.groupby(TASK):
            largest, middle = part.groupby(arm)[SCORE].max(), part.groupby(arm)[SCORE].median()
            low = [level for level in largest.index if 0 < largest[level] <= 1]
            others = part[~part[arm].isin(low)][SCORE].median()
            low = [level for level in low if others / NEAR <= 100 * middle[level] <= others * NEAR]
            if low:
                where = f"{arm} {few([str(one) for one in low], 5)}" + (f" of {task}" if task else "")
                raise DataError(_both(name, where, f"{metric or task}=1"), ["scale"])


def _both(name: str, where: str, remedy: str) -> str:
    return (
        f"{name}: {where} lies between 0 and 1, and the rest does not: both scales in one metric. Multiply what is a "
        f"fraction by 100 in the file; if all are points, give scale {remedy}"
    )


def _sentence(rows: pd.DataFrame, name: str, metric: str, factors: pd.Series, stated: bool) -> str:
    low, high = rows[SCORE].min(), rows[SCORE].max()
    where = f"{name}: {low:g} to {high:g}"
    if rows["percent"].all():
        return f"{where}, with percent signs: points."
    by = ", as scale says" if stated else ""
    if metric in UNBOUNDED and not stated:
        return f"{where}: left as it is, for this metric has no upper limit."
    if (factors == 100.0).all():
        return f"{where}: fractions of one, multiplied by 100{by}."
    return f"{where}: points on 0-100{by}." if (factors == 1.0).all() else f"{where}: scaled by task{by}."
