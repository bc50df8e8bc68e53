"""Rows of the one result frame, and the short name of every row by which its number can be traced.

A row's name comes from what the row is, never from its number: the same study analysed again, or with more seeds, gives
the same names, and the same question asked of two studies has one name in both. The data's hash tells numbers apart.
"""

import base64
import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.estimands import Coefficients, CountContrast, Estimand, coefficients
from xtransfer_stats.stats.core.inference import Moments
from xtransfer_stats.stats.core.results import KEY_COLUMNS, RESULT_COLUMNS
from xtransfer_stats.stats.core.termtable import STEP, THESE
from xtransfer_stats.stats.core.weights import Weights

RESULT = "r"
# Tables beside the result frame whose rows have names of their own: their letter and key columns.
TABLES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "terms": ("t", ("term",)),
        "variance": ("v", ("component",)),
        "influence": ("i", ("kind", "level", "n_tasks", "contrast")),  # the last of several interactions alone
        "convergence": ("c", ("model",)),
    }
)
SCORE_KEYS = ("run", "target_task", "language")
ROW_KEYS = ("term", "contrast", "scope", "n_tasks", "benchmark", "target_task", "language")
LENGTH = 8
IDENTIFIER = re.compile(f"[{RESULT}{''.join(letter for letter, _ in TABLES.values())}][a-z2-7]{{{LENGTH - 1}}}")
Row = dict[str, Any]
NO_KEYS: Row = {"benchmark": "", "target_task": "", "language": "", "family": "", "level": "", "n_tasks": np.nan}
UNTESTED: Row = dict.fromkeys(("std_error", "df", "statistic", "p_value", "conf_low", "conf_high"), np.nan)
NOTHING_VARIES = "no variation between seeds, so no test"


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
    present = [key for key in keys if key in table]
    names = [identifier(letter, row) for row in table[present].itertuples(index=False)]
    return table.assign(id=pd.Series(names, index=table.index, dtype=str))


def score_ids(rows: pd.DataFrame) -> pd.Series:
    """run:target_task:language, the id of a score, for rows that have the three."""
    names = [":".join(map(str, row)) for row in rows[list(SCORE_KEYS)].itertuples(index=False)]
    return pd.Series(names, index=rows.index, dtype=str)


class CountModel(ABC):
    """What answers contrasts of task counts for several numbers at once: the run level, or two studies' difference."""

    @abstractmethod
    def combination(self, over_counts: Coefficients) -> Moments:
        """A sum of coefficient times mean over task counts, for every number; NaN errors without a replicate."""

    def contrast(self, contrast: CountContrast) -> Moments:
        """The contrast for every number."""
        return self.combination(coefficients(contrast))


def to_frame(rows: Iterable[Row]) -> pd.DataFrame:
    """The result frame: RESULT_COLUMNS and KEY_COLUMNS; p_adjusted NaN until the families are corrected.

    A number that a row lacks is NaN, a key "".
    """
    whole = ({"p_adjusted": np.nan, **NO_KEYS, **row} for row in rows)
    return pd.DataFrame([{**row, "id": row_id(row)} for row in whole], columns=[*RESULT_COLUMNS, *KEY_COLUMNS])


def weights_of(rows: Iterable[Row]) -> dict[str, Weights]:
    """Row id -> what its estimate is of the runs' scores, for the rows that are such a sum."""
    return {row_id(row): row["weights"] for row in rows if row.get("weights") is not None}


def moment_rows(moments: Moments, labels: Sequence[Row], alpha: float) -> list[Row]:
    """One row a number; labels carry term, contrast, scope, note, keys and weights. Joins the notes."""
    low, high = moments.interval(alpha)
    columns = {
        "estimate": moments.estimate,
        "std_error": moments.std_error,
        "df": moments.df,
        "statistic": moments.statistic(),
        "p_value": moments.p_value(),
        "conf_low": low,
        "conf_high": high,
    }
    common = {"method": moments.method, "n_runs": moments.n_runs}
    return [
        {
            **label,
            **{name: float(values[i]) for name, values in columns.items()},
            **common,
            **({"weights": replace(label["weights"], averaged=moments.averaged)} if label.get("weights") else {}),
            "note": joined(label.get("note", ""), moments.note, NOTHING_VARIES if moments.std_error[i] == 0 else ""),
        }
        for i, label in enumerate(labels)
    ]


def run_level_rows(
    model: CountModel, estimands: Sequence[Estimand], contrasts: Iterable[CountContrast], alpha: float
) -> list[Row]:
    """Effects, and steps where asked, of estimands whose numbers the model holds in the same order."""
    rows = []
    for contrast in contrasts:
        labels = [label(estimand, contrast) for estimand in estimands]
        tested = moment_rows(model.contrast(contrast), labels, alpha)
        rows += [row for row, one in zip(tested, estimands, strict=True) if one.steps or not contrast.low]
    return rows


def label(estimand: Estimand, contrast: CountContrast, scope: str = THESE) -> Row:
    """Term, contrast in words, scope, keys and weights of a row."""
    return {
        "term": STEP if contrast.low else estimand.term,
        "contrast": estimand.wording.of(contrast),
        "scope": scope,
        "note": estimand.note,
        "n_tasks": contrast.high,
        "benchmark": estimand.benchmark,
        "target_task": estimand.target_task,
        "language": estimand.language,
        "family": "" if contrast.low else estimand.family,  # a step is no test of the baseline
        "level": estimand.level,
        "weights": Weights(dict(sorted(coefficients(contrast).items())), estimand.weights, estimand.averages),
    }


def joined(*notes: str) -> str:
    """Notes as one text, empty ones left out."""
    return "; ".join(note for note in notes if note)


def mapped(rows: Iterable[Row], notes: Mapping[str, str]) -> list[Row]:
    """Rows with a further note by contrast."""
    return [{**row, "note": joined(row["note"], notes.get(row["contrast"], ""))} for row in rows]
