"""A short name for every row of a table, by which its number can be traced.

The name comes from what the row is, never from its number: the same study analysed again, or with more seeds, gives
the same names, and the same question asked of two studies has one name in both. The data's hash tells numbers apart.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

RESULT = "r"
# Tables beside the result frame whose rows have names of their own: their letter and key columns.
TABLES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "terms": ("t", ("term",)),
        "variance": ("v", ("component",)),
        "influence": ("i", ("kind", "level", "n_tasks")),
        "convergence": ("c", ("model",)),
    }
)
SCORE_KEYS = ("run", "target_task", "language")
ROW_KEYS = ("term", "contrast", "scope", "n_tasks", "benchmark", "target_task", "language")
LENGTH = 8


def row_id(row: Mapping[str, Any]) -> str:
    """The name of a row of the result frame: "r" and seven of a-z2-7; a key that the row lacks counts as empty."""
    return identifier(RESULT, [row.get(key) for key in ROW_KEYS])


def identifier(letter: str, keys: Iterable[Any]) -> str:
    """A letter and the first 35 bits of the keys' SHA-256 in base 32: no spreadsheet takes that for a number."""
    text = json.dumps([_plain(key) for key in keys], ensure_ascii=False)
    return letter + base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()[: LENGTH - len(letter)]


def _plain(key: Any) -> Any:
    """A number without its type (3.0, numpy's 3 and 3 are one), "" for none."""
    if key is None or key != key:
        return ""
    return key if isinstance(key, str) else int(key)


def with_ids(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """One of TABLES with a column `id` from its key columns."""
    letter, keys = TABLES[name]
    names = [identifier(letter, row) for row in table[list(keys)].itertuples(index=False)]
    return table.assign(id=pd.Series(names, index=table.index, dtype=str))


def score_ids(rows: pd.DataFrame) -> pd.Series:
    """run:target_task:language, the id of a score, for rows that have the three."""
    names = [":".join(map(str, row)) for row in rows[list(SCORE_KEYS)].itertuples(index=False)]
    return pd.Series(names, index=rows.index, dtype=str)
