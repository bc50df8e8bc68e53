"""Levels of groupings and factors by name: those of the fit, and where the cells of another table stand among them."""

from collections.abc import Hashable, Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.mixedmodels.notation.notation import RandomPart

UNKNOWN = -1  # the code of a level that the fit has not seen, or of an empty cell


def key(value: Hashable) -> str:
    """A level as text, by which tables are matched: 3, 3.0 and "3" are one level."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def level_names(part: RandomPart, frame: pd.DataFrame) -> tuple[str, ...]:
    """Levels of a grouping in the order of the fit's codes: those of a crossing are joined by a colon."""
    return tuple(":".join(one) for one in level_keys(part, frame))


def level_keys(part: RandomPart, frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """One key a column of the grouping, for each level in the order of the fit's codes."""
    if len(part.group) == 1:
        levels = pd.factorize(frame[part.group[0]], sort=True)[1]
        return [(key(one),) for one in levels]
    index = frame.groupby(list(part.group), sort=True, observed=True).size().index
    return [tuple(map(key, one)) for one in index]


def keys_of(column: pd.Series) -> NDArray[np.object_]:
    """The key of each cell, (m,); None where a cell is empty."""
    codes, cells = pd.factorize(column)
    named = np.array([*map(key, cells), None], dtype=object)
    return named[codes]


def codes_among(known: Iterable[tuple[str, ...]], columns: list[pd.Series]) -> NDArray[np.int64]:
    """The level of each row of some columns among the known ones, UNKNOWN for others, (m,)."""
    places = {one: i for i, one in enumerate(known)}
    rows = zip(*map(keys_of, columns), strict=True)
    return np.array([places.get(row, UNKNOWN) for row in rows], dtype=np.int64)
