"""Numbers of a score frame as people write them: seeds called seed_1, decimal commas; what is none is named by row."""

import math
import re
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import row_at

LARGEST = 2**63 - 1
GAPS = ("", "nan", "na", "n/a", "null", "none", "-", "\N{EN DASH}")
LABELLED = re.compile(r"([^\d]*[^\d\s_=:#.-])[\s_=:#.-]*(\d{1,18})", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+(\.0*)?", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.ASCII | re.IGNORECASE)
COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)


def is_gap(value: Any) -> bool:
    """Whether a cell is empty, or says that it is."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, Real):
        return value != value
    return isinstance(value, str) and value.strip().lower() in GAPS


def whole(values: pd.Series, name: str) -> tuple[pd.Series, list[str]]:
    """A column of whole numbers, int64; "seed_1" is 1 where all values are so written.

    Raises DataError naming column, row and value where one is no whole number, is too long, or is lacking.
    """
    if pd.api.types.is_integer_dtype(values) and not values.isna().any() and values.dtype.kind == "i":
        return values.astype("int64"), []
    codes, cells = _distinct(values)
    prefix = _prefix(cells)
    numbers = [_labelled(cell) if prefix else _whole(cell) for cell in cells]
    wrong = next((place for place, number in enumerate(numbers) if number is None or abs(number) > LARGEST), None)
    if wrong is not None:
        raise DataError(_not_whole(name, int(np.flatnonzero(codes == wrong)[0]), cells[wrong], numbers[wrong]))
    said = [f"Column {name}: {cells[0]!r} is {numbers[0]}, and so on."] if prefix else []
    return pd.Series(np.array(numbers, dtype="int64")[codes], index=values.index), said


def _not_whole(name: str, row: int, value: Any, number: int | None) -> str:
    if is_gap(value):
        return f"column {name}: empty in {row_at(row)}; fill it in"
    why = "is longer than a whole number of 64 bits" if number is not None else "is no whole number"
    return f"column {name}: {shown(value)} in {row_at(row)} {why}; write one such as 1"


def shown(value: Any) -> str:
    """A value in a message, cut short."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:40] + "…"


def _distinct(values: pd.Series) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """Codes and distinct values; lists and other values that cannot be told apart by hash are their texts."""
    cells = [value if value.__hash__ is not None else str(value) for value in values]
    known: dict[Any, int] = {}
    keys = [None if is_gap(cell) and not isinstance(cell, str) else (type(cell), cell) for cell in cells]
    codes = np.array([known.setdefault(key, len(known)) for key in keys], dtype="int64")
    return codes, [None if key is None else key[1] for key in known]


def _whole(value: Any) -> int | None:
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else None
    if isinstance(value, Real):
        return int(float(value)) if float(value).is_integer() else None
    text = value.strip() if isinstance(value, str) else ""
    if not WHOLE.fullmatch(text):
        return None
    return int(text.split(".")[0]) if len(text) < 100 else LARGEST + 1


def _prefix(cells: list[Any]) -> str:
    """What stands before the number in all of the values; "" where they are no numbers with one label."""
    found = [LABELLED.fullmatch(cell.strip()) if isinstance(cell, str) else None for cell in cells]
    prefixes = {match[1].strip().lower() if match else "" for match in found}
    return prefixes.pop() if len(prefixes) == 1 else ""


def _labelled(value: str) -> int:
    match = LABELLED.fullmatch(value.strip())
    return int(match[2]) if match else LARGEST + 1


def scores(values: pd.Series) -> tuple[pd.Series, list[str]]:
    """The column score as floats, NaN for none; decimal commas are read where every score has one or is whole.

    Raises DataError naming row and value of what is no number.
    """
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.astype("float64"), []
    codes, cells = _distinct(values)
    texts = [cell.strip() for cell in cells if isinstance(cell, str) and not is_gap(cell)]
    written = all(isinstance(cell, str) or is_gap(cell) for cell in cells)
    comma = (
        written and any(map(COMMA.fullmatch, texts)) and all(COMMA.fullmatch(x) or WHOLE.fullmatch(x) for x in texts)
    )
    numbers = [_number(cell.replace(",", ".") if comma and isinstance(cell, str) else cell) for cell in cells]
    wrong = next((place for place, number in enumerate(numbers) if number is None), None)
    if wrong is not None:
        row = int(np.flatnonzero(codes == wrong)[0])
        raise DataError(f"column score: {shown(cells[wrong])} in {row_at(row)} is no number; write points such as 61.3")
    said = [f"Column score: decimal commas were read, {texts[0]!r} as {texts[0].replace(',', '.')}."] if comma else []
    return pd.Series(np.array(numbers, dtype=float)[codes], index=values.index), said


def _number(value: Any) -> float | None:
    if is_gap(value):
        return float("nan")
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Integral):
        return float(int(value)) if abs(int(value)) <= LARGEST else math.inf
    if isinstance(value, Real | Decimal):
        number = float(value) if not isinstance(value, int) or abs(value) <= LARGEST else math.inf
        return math.inf if number > LARGEST else number
    text = value.strip() if isinstance(value, str) else ""
    return float(text) if NUMBER.fullmatch(text) else None
