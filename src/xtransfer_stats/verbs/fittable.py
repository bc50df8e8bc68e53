"""The rows that a formula is fitted to, or predicted at: a file, a store's score frame, or a frame of any library."""

from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.places import named
from xtransfer_stats.exchange import anytable
from xtransfer_stats.exchange.scoreframe import tablefile
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.scores import as_pandas


def rows_of(data: Any, argument: str = "data") -> tablefile.Rows:
    """The table, and what was guessed in reading it; raises DataError for what is none."""
    if isinstance(data, str | Path):
        place = named(data, argument)
        return tablefile.Rows(StudyInStore(place).frame) if place.is_dir() else anytable.read(place)
    rows = as_pandas(data)
    if rows is None:
        kind = type(data).__name__
        raise DataError(f"{argument} of type {kind}: give a frame, or the path of a table or a store", [argument])
    return tablefile.Rows(rows)
