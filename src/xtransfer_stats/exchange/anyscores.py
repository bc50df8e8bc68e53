"""The door of every analysis: a table that plainly is one of scores is taken as it is, all else is imported first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from xtransfer_stats.base.errors import DataError, XstatsError
from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.exchange.imports.account import ImportedScores
from xtransfer_stats.exchange.imports.imported import imported, imported_rows
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.places import ENDINGS, is_pattern
from xtransfer_stats.exchange.scoreframe import tablefile
from xtransfer_stats.exchange.scoreframe.asked import Asked, Form, form
from xtransfer_stats.exchange.scoreframe.kinds import ResultsOfOthers
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.stats.core.frame import COLUMNS, CONDITION

OURS = 3  # columns by the names of our own frames that make a table one of ours in which something is lacking
MOST_LEFT = 4


@dataclass(frozen=True, eq=False)
class Arrived:
    """Rows under our names; account: how they were read, in sentences; treatment: what varies, by the table's name."""

    rows: pd.DataFrame
    account: tuple[str, ...]
    treatment: str


def takes(place: Path) -> bool:
    """Whether a place is for an import alone: a folder, a pattern, a file whose ending no score frame has."""
    if not place.exists():
        return is_pattern(str(place))
    return place.is_dir() or (not tablefile.ending(place) and place.name.lower().removesuffix(".gz").endswith(ENDINGS))


def of_place(place: Path, asked: Asked, scale: Scale, refused: DataError | None = None) -> Arrived:
    """What lies at a place, imported. refused: why it is no score frame, which stands where an import has no remedy.

    Raises DataError with what the place seems to be and the command that reads it.
    """
    try:
        return _arrived(imported((str(place),), _wishes(asked, scale)))
    except XstatsError as error:
        if refused is not None and not isinstance(refused, ResultsOfOthers):
            raise refused from None
        raise _with_command(error, place) from None


def of_rows(rows: pd.DataFrame, source: Path | None, asked: Asked, scale: Scale) -> Arrived | None:
    """Rows that are plainly no table of scores yet, imported: from their file, or as they are given.

    None for what is one, and for a frame of ours in which columns are lacking. Raises DataError as `of_place` does.
    """
    if form(rows, asked) is not Form.OTHER or len({*map(str, rows.columns)} & {*COLUMNS}) >= OURS or rows.empty:
        return None
    if source is not None and not asked.columns:
        return of_place(source, asked, scale)
    try:
        wishes = _wishes(asked, scale)
        return _arrived(imported_rows(rows, wishes) if source is None else imported((str(source),), wishes))
    except XstatsError as error:
        if asked.columns:  # named in our own terms, and refused in them
            return None
        raise _with_command(error, None) from None


def _wishes(asked: Asked, scale: Scale) -> Wishes:
    """What an import is asked: columns, and that scores which are no shares stay as they are."""
    factors = dict(scale) if isinstance(scale, Mapping) else {} if scale is None else {"": float(scale)}
    return Wishes(dict(asked.columns), scale=factors or ({"": 1.0} if asked.measure else {}))


def _with_command(error: XstatsError, place: Path | None) -> XstatsError:
    """The import's refusal, with where its options are said; those that the caller has too stay as they are."""
    own = [name for name in error.arguments if name != "scale"]
    if not own:
        return error
    if place is None:
        return DataError(f"{error}; xs.import_results of a file takes {few(own, 4)}, and analyze what it gives")
    call = f"`xstats import {shown(str(place))}`"
    return DataError(
        f"{error}; say it to {call}, which takes --map, --set and the like, and analyze what it writes", own
    )


def _arrived(found: ImportedScores) -> Arrived:
    if CONDITION in found.frame and found.frame[CONDITION].nunique() == 1 and "n_tasks" not in found.frame:
        one, kind = found.frame[CONDITION].iloc[0], found.read[0].kind
        raise DataError(
            f"{found.read[0].source}: {kind}, of one condition alone ({one}); `xstats import` with the files of the "
            "others beside it makes one table of them, and a comparison needs two conditions or more"
        )
    by = found.columns.get(CONDITION, "")
    plain = (
        by.rpartition("/")[2] if by and not by.startswith(("folder", "file name", "names of", "other words")) else ""
    )
    read = ", ".join(f"{name} from {column}" for name, column in found.columns.items())
    left = [f"{one.what} ({one.why})" for one in found.left]
    account = [
        f"Read as {len(found.frame)} scores: {read}.",
        *found.notes,
        *([f"Left aside: {few(list(dict.fromkeys(left)), MOST_LEFT)}."] if left else []),
    ]
    return Arrived(found.frame, tuple(account), plain or CONDITION)


def in_points(asked: Asked) -> Asked:
    """What is still to be said of imported rows: columns have our names."""
    return replace(asked, columns={})
