"""Rows -> examples: which release the columns give away, and the reading of rows whose family is known."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.schemas import choice, classification, parallel, spans, tagging
from xtransfer_stats.sources.schemas.schema import Hints, Row, Schema
from xtransfer_stats.sources.source import Portion
from xtransfer_stats.tasks.task import Family

SAMPLE = 50
# Releases that a table alone gives away; pairs of translations could be anything.
_KNOWN = (*classification.RELEASES, *choice.RELEASES, *tagging.RELEASES, *spans.RELEASES)
_OWN = (classification.OWN, choice.OWN, tagging.OWN, spans.OWN, *parallel.OWN)
_ALL = (*_KNOWN, *parallel.RELEASES, *_OWN)


def recognise(columns: Collection[str], sample: Sequence[Row], named: str = "") -> Schema | None:
    """The release whose columns these are, judged by the values of a few rows where columns are shared.

    `named` is the corpus that names tell: pairs of translations are known by it alone.
    """
    by_name = [schema for schema in parallel.NAMED if named in schema.corpora]
    return _first((*by_name, *_KNOWN), frozenset(columns), sample)


def lacking(columns: Collection[str]) -> str:
    """What columns of no known release lack: those of the release that is nearest to them, in a clause."""
    found = frozenset(columns)
    shared = [schema for schema in _KNOWN if schema.needs & found]
    if not shared:
        return "none of them is a column of a known data set"
    near = min(shared, key=lambda schema: (len(schema.needs - found), -len(schema.needs & found)))
    of = near.task or ", ".join(near.corpora)
    absent = ", ".join(sorted(near.needs - found))
    return f"for {of} it lacks {absent}" if absent else f"its values are not those of {of}"


def read_rows(rows: Iterable[Row], family: Family, hints: Hints) -> Portion:
    """Turn rows into examples of a family; `hints.columns` maps a field of the schema to the column that holds it.

    Raises DataError when the columns are of no known format of the family, with those found and those needed.
    """
    renamed = _renamed(rows, hints.columns)
    sample = list(islice(renamed, SAMPLE))
    columns = columns_of(sample)
    if sample and not columns >= hints.columns.keys():
        raise DataError(_unmapped(columns, hints.columns))
    known = [schema for schema in _ALL if schema.family is family]
    # A column that the caller names outranks what the others look like.
    own = [schema for schema in known if schema in _OWN and hints.columns]
    of_task = [schema for schema in known if hints.task and schema.task == hints.task]
    schema = _first((*own, *of_task, *known), columns, sample)
    if schema is None:
        raise DataError(_unknown(family, columns, known))
    return schema.read(chain(sample, renamed), hints)


def readable(family: Family) -> bool:
    """Whether any columns of the family are known."""
    return any(schema.family is family for schema in _ALL)


def columns_of(sample: Iterable[Row]) -> frozenset[str]:
    """All columns that any of the rows has."""
    return frozenset(chain.from_iterable(sample))


def _first(schemas: Iterable[Schema], columns: frozenset[str], sample: Sequence[Row]) -> Schema | None:
    return next((schema for schema in schemas if schema.needs <= columns and schema.where(sample)), None)


def _renamed(rows: Iterable[Row], columns: Mapping[str, str]) -> Iterator[Row]:
    """The rows under the schema's names; a column that bears such a name already gives way."""
    taken = {*columns, *columns.values()}
    for row in rows:
        named = {field: row[column] for field, column in columns.items() if column in row}
        yield {column: value for column, value in row.items() if column not in taken} | named


def _unmapped(found: frozenset[str], columns: Mapping[str, str]) -> str:
    absent = ", ".join(f"{field} = {column!r}" for field, column in columns.items() if field not in found)
    return f"`columns` names {absent}, which no row has; the rows have {', '.join(sorted(found - columns.keys()))}"


def _unknown(family: Family, found: frozenset[str], known: Sequence[Schema]) -> str:
    if not known:
        return f"rows of {family}: no columns of this family are known. Read it from files in its original layout"
    needed = " or ".join(dict.fromkeys(" + ".join(sorted(schema.needs)) for schema in known))
    return (
        f"rows with the columns {', '.join(sorted(found)) or '(none)'}: not a known format of {family}. It needs "
        f"{needed}; name the columns in the entry's `columns`"
    )
