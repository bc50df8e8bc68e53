"""Rows of a file -> what is in it: the common part of the readers of containers with named columns.

Content is held against name: the rows tell task, language and split where they can, and sentences say where the two
disagree.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.langcolumns import languages_of, one_language
from xtransfer_stats.sources.files.namecorpora import corpus_of
from xtransfer_stats.sources.files.namehints import mlqa_languages
from xtransfer_stats.sources.files.namelanguage import own_language_of
from xtransfer_stats.sources.files.rownames import (
    label_names,
    language_in,
    language_told,
    other_tags,
    split_told,
    task_told,
)
from xtransfer_stats.sources.schemas import headings
from xtransfer_stats.sources.schemas.choice import without_constant_gold
from xtransfer_stats.sources.schemas.read import SAMPLE, columns_of, lacking, recognise
from xtransfer_stats.sources.schemas.schema import Hints, Row, Schema
from xtransfer_stats.sources.source import Portion
from xtransfer_stats.tasks.codes import canonical

NO_LABELS = "no labels: cannot be scored"
_PAIRS_ALONE = frozenset({"bucc2018"})  # mining needs the sentences without a partner, which these rows leave out


@dataclass(frozen=True)
class RowTable:
    """A file's rows, read anew at each call, its format, and what the container itself has of oddities.

    `named` is the path with whatever else names the data (a saved folder's own description); `spoken` are the languages
    that have columns of their own.
    """

    path: Path
    format: str
    rows: Callable[[], Iterator[Row]]
    problems: tuple[str, ...] = ()
    named: Path = Path()
    spoken: tuple[str, ...] = ()

    @property
    def name(self) -> Path:
        """The path by which the data are named."""
        return self.path if self.named == Path() else self.named

    def file_rows(self) -> list[FileRow] | None:
        """What the rows hold, one entry a language; None when the columns are of no known release."""
        columns = columns_of(islice(self.rows(), SAMPLE))
        spoken = tuple(languages_of(columns))
        layout = f"{self.format}, languages in columns" if spoken else self.format
        single = replace(self, format=layout, rows=lambda: one_language(self.rows(), columns), spoken=spoken)
        known = single.known()
        if known and all(row.labelled for row in known):
            return known
        other = single.under_other_headings().known()  # its labels may stand under a heading of another name
        return other if other and (not known or any(row.labelled for row in other)) else known

    def known(self) -> list[FileRow] | None:
        """The entries of rows under the releases' own columns, None for other columns."""
        sample = list(islice(self.rows(), SAMPLE))
        columns = columns_of(sample)
        schema = recognise(columns, sample, corpus_of(self.name))
        if schema is None:
            return None
        tell = language_in(self.name, schema, columns, sample)
        codes = frozenset(map(tell, self.rows())) if tell else frozenset()
        translated = schema.task == "xnli" and not self.spoken and _is_of_others(self.name, codes)
        groups = [codes] if translated or not codes else [frozenset({code}) for code in sorted(codes)]
        return [_file_row(self, _Told(schema, sample, tell, group, translated)) for group in groups]

    def under_other_headings(self) -> "RowTable":
        """The table with common headings read as the releases' columns, which is said."""
        meant = headings.read_as(columns_of(islice(self.rows(), SAMPLE)))
        other = {column: name for column, name in meant.items() if column != name}
        said = f"{'columns' if len(other) > 1 else 'column'} {', '.join(other)} read as {', '.join(other.values())}"
        problems = (*self.problems, said) if other else self.problems
        return replace(self, problems=problems, rows=lambda: headings.renamed(self.rows(), meant))

    def unknown(self) -> FileRow:
        """The row of a table of no known data set: the columns found, and what they lack."""
        columns = columns_of(islice(self.rows(), SAMPLE))
        found = ", ".join(sorted(map(str, columns))[:20]) or "none"
        why = f"{self.format} of no known data set: the columns are {found}; {lacking(columns)}"
        return FileRow(self.path, problems=(*self.problems, why))


@dataclass(frozen=True)
class _Told:
    """What rows tell: their schema, the first of them, how a row tells its language, and the languages of one entry.

    `translated`: whether they were made from these languages into the one that the file is named for.
    """

    schema: Schema
    sample: Sequence[Row]
    tell: Callable[[Row], str] | None
    codes: frozenset[str]
    translated: bool


def _is_of_others(name: Path, codes: Collection[str]) -> bool:
    """Whether rows say languages, and none of them is the one that the file's own name tells."""
    own = own_language_of(name)
    return bool(codes and own) and own not in map(canonical, codes)


def _file_row(table: RowTable, told: _Told) -> FileRow:
    task, of_task = task_told(table.name, told.schema)
    language, of_language = language_told(table.name, task, told.codes, translated=told.translated)
    split, of_split = split_told(table.name, task, told.schema, told.sample)
    # A format of its own, since files of one format are taken for parts of one split.
    layout = f"{table.format}, translated" if told.translated else table.format
    asked = (mlqa_languages(table.name) or ("", language))[1] if task == "mlqa" else ""
    problems = (*table.problems, *of_task, *of_language, *of_split)
    row = FileRow(table.path, task, language, split, layout, problems=problems, question_language=asked)
    if _is_beside(table, language):
        own = own_language_of(table.name)
        why = f"columns beside those of {own}, which the name says: used where no other file is there"
        row = replace(row, beside=True, problems=(*table.problems, *of_task, why, *of_split))
    try:
        hints = Hints(task=task, language=language, names=label_names(table.path))
        return _counted(row, partial(_read, table, told, hints, split))
    except DataError as error:
        return replace(row, problems=(*row.problems, str(error)))


def _counted(row: FileRow, read: Callable[[], Portion]) -> FileRow:
    portion = read()
    other = other_tags(row.task, portion)
    if other:
        return replace(row, task="", problems=(*row.problems, other))
    row = row.counted(portion, read)
    if row.task in _PAIRS_ALONE:
        row = replace(row, read=None)
    return row if row.labelled else replace(row, problems=(*row.problems, NO_LABELS))


def _is_beside(table: RowTable, language: str) -> bool:
    """Whether the columns of a language stand beside those of the language that the file is named for."""
    own = own_language_of(table.name)
    return language != own and own in {canonical(code) or code for code in table.spoken}


def _read(table: RowTable, told: _Told, hints: Hints, split: str) -> Portion:
    tell, rows = told.tell, table.rows()
    own: Iterable[Row] = (row for row in rows if tell(row) in told.codes) if tell and told.codes else rows
    portion = told.schema.read(own, hints)
    return without_constant_gold(portion) if split == "test" else portion
