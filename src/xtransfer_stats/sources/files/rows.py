"""Rows of a file -> what is found in it: the common part of the readers of containers with named columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.files import claims, names
from xtransfer_stats.sources.files.found import Found
from xtransfer_stats.sources.files.languagecolumns import is_wide, spread
from xtransfer_stats.sources.schemas.choice import without_constant_gold
from xtransfer_stats.sources.schemas.read import SAMPLE, columns_of, recognise
from xtransfer_stats.sources.schemas.schema import Hints, Row, Schema
from xtransfer_stats.sources.source import Portion
from xtransfer_stats.tasks.codes import canonical

NO_LABELS = "no labels: cannot be scored"


@dataclass(frozen=True)
class Table:
    """A file's rows, read anew at each call, its format, and what the container itself has of oddities.

    `named` is the path with whatever else names the data (a saved folder's own description).
    """

    path: Path
    format: str
    rows: Callable[[], Iterator[Row]]
    problems: tuple[str, ...] = ()
    named: Path = Path()

    @property
    def name(self) -> Path:
        """The path by which the data are named."""
        return self.path if self.named == Path() else self.named


def found_in(table: Table) -> list[Found] | None:
    """What the rows hold, one entry a language; None when the columns are of no known release."""
    columns = columns_of(islice(table.rows(), SAMPLE))
    layout = f"{table.format}, languages in columns" if is_wide(columns) else table.format
    single = replace(table, format=layout, rows=lambda: spread(table.rows(), columns))
    sample = list(islice(single.rows(), SAMPLE))
    schema = recognise(columns_of(sample), sample)
    if schema is None:
        return None
    return [_found(single, schema, sample, told) for told in _groups(single, schema)]


def _groups(table: Table, schema: Schema) -> Sequence[frozenset[str]]:
    """The languages, as the rows call them, that make one entry each; one empty group where rows do not tell."""
    if schema.language is None:
        return [frozenset()]
    told = frozenset(map(schema.language, table.rows()))
    own = names.own_language_of(table.name)
    if own and own not in map(canonical, told):
        return [told]  # translations from several languages into one
    return [frozenset({language}) for language in sorted(told)]


def _found(table: Table, schema: Schema, sample: Sequence[Row], told: frozenset[str]) -> Found:
    task, of_task = claims.task(table.name, schema)
    language, of_language = claims.language(table.name, task, told)
    split, of_split = claims.split(table.name, schema, sample)
    read = partial(_read, table, schema, Hints(task=task, language=language), told, split)
    problems = (*table.problems, *of_task, *of_language, *of_split)
    # A format of its own, since files of one format are taken for parts of one split.
    layout = f"{table.format}, translated" if of_language and any(told) else table.format
    found = Found(table.path, task, language, split, layout, 0, False, problems, read=read)
    try:
        return _counted(found, read())
    except DataError as error:
        return replace(found, problems=(*problems, str(error)))


def _counted(found: Found, portion: Portion) -> Found:
    labelled = bool(portion.examples) and not portion.unlabelled
    problems = (*found.problems, *portion.problems, *(() if labelled else (NO_LABELS,)))
    return replace(found, examples=len(portion.examples), labelled=labelled, problems=problems)


def _read(table: Table, schema: Schema, hints: Hints, told: frozenset[str], split: str) -> Portion:
    tells, rows = schema.language, table.rows()
    mine: Iterable[Row] = (row for row in rows if tells(row) in told) if tells and told else rows
    portion = schema.read(mine, hints)
    return without_constant_gold(portion) if split == "test" else portion
