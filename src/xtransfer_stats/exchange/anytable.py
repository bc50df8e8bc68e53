"""A table of anybody's, for a formula: each column a number, or a category, by one rule.

A gap is an empty cell, and NA or NaN among numbers. All other words are levels: "None", "NA" (Namibia) and "null" stand
in columns of texts and mean themselves. Whole numbers beyond 2^53 stay apart, with gaps too.
"""

import math
import re
from pathlib import Path
from typing import Any

import pandas as pd

from xtransfer_stats.exchange.scoreframe import tablefile
from xtransfer_stats.exchange.scoreframe.values import COMMA

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?[Ii]nf(inity)?", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
NOT_A_NUMBER = frozenset(("", "NA", "NaN", "nan"))
LARGEST = 2**63 - 1  # that an Int64 holds
DIGITS = 20  # and sign, that such a number has at most
LONG = 15  # digits that a double keeps


def read(path: Path) -> tablefile.Rows:
    """The rows of a file, and what had to be guessed; raises DataError where it cannot be read."""
    if tablefile.ending(path) == ".parquet":  # its columns have types of their own
        return tablefile.Rows(tablefile.read(path))
    table = tablefile.literal(path, tablefile.content(path, tablefile.MOST_BYTES))
    commas: list[str] = []
    columns = {str(name): _typed(column, commas) for name, column in table.rows.items()}
    said = (f"Decimal commas were read in {', '.join(commas)}.",) if commas else ()
    return tablefile.Rows(pd.DataFrame(columns), (*table.notes, *said))


def _typed(column: pd.Series, commas: list[str]) -> pd.Series:
    """Numbers where every cell but gaps is one; texts, and values that a file gives types, as they are.

    The different cells are looked at, each once.
    """
    if not all(isinstance(cell, str) for cell in column):
        return column.infer_objects()
    codes, cells = pd.factorize(column)
    texts = [cell.strip() for cell in cells]
    given = [text for text in texts if text not in NOT_A_NUMBER]
    if any(map(COMMA.fullmatch, given)) and all(COMMA.fullmatch(text) or WHOLE.fullmatch(text) for text in given):
        commas.append(str(column.name))
        texts, given = ([text.replace(",", ".") for text in some] for some in (texts, given))
    return pd.Series(_values(texts, given, list(cells))).take(codes).set_axis(column.index).rename(column.name)


def _values(texts: list[str], given: list[str], cells: list[str]) -> Any:
    """What the different cells of a column stand for."""
    if not all(map(NUMBER.fullmatch, given)):
        return pd.array([None if text == "" else cell for text, cell in zip(texts, cells, strict=True)], dtype=object)
    whole, gaps = bool(given) and all(map(WHOLE.fullmatch, given)), len(given) < len(texts)
    if whole and any(
        len(text) > DIGITS or abs(int(text)) > LARGEST for text in given
    ):  # names, such as identifiers, that are no numbers to reckon
        return pd.array([None if text in NOT_A_NUMBER else text for text in texts], dtype=object)
    if whole and not gaps:
        return pd.array(list(map(int, texts)), dtype="int64")
    if whole and max(map(len, given)) > LONG:  # a double would join neighbours
        return pd.array([None if text in NOT_A_NUMBER else int(text) for text in texts], dtype="Int64")
    return pd.array([math.nan if text in NOT_A_NUMBER else float(text) for text in texts], dtype="float64")
