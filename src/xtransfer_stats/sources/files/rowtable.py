"""Rows of a file -> what is in it: the common part of the readers of containers with named columns.

Content is held against name: the rows tell task, language and split where they can, and sentences say where the two
disagree.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namehints import corpus_of, language_of, own_language_of, split_of
from xtransfer_stats.sources.schemas.choice import without_constant_gold
from xtransfer_stats.sources.schemas.read import SAMPLE, columns_of, recognise
from xtransfer_stats.sources.schemas.schema import Hints, Row, Schema
from xtransfer_stats.sources.source import Portion
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.ownfile import corpora
from xtransfer_stats.tasks.task import Family

NO_LABELS = "no labels: cannot be scored"
ENGLISH = frozenset("snli mnli anli qqp hellaswag cosmosqa commonsenseqa siqa copa squad1 squad2".split())
# A name that says the first may well hold the second: XNLI's training data are MNLI's, XCOPA goes with COPA.
_AKIN = frozenset({("mnli", "xnli"), ("xcopa", "copa"), ("copa", "xcopa")})
_SHARED = {
    Family.CLASSIFICATION: ("xnli", "mnli", "snli", "anli"),
    Family.TAGGING: ("panx",),
    Family.SPAN_QA: ("xquad", "mlqa", "tydiqa", "squad1", "squad2"),
}
_SUFFIXED = re.compile(r"(sentence1|sentence2)_([a-z]{2})")
Checked = tuple[str, list[str]]  # what it is, and what is odd about it


@dataclass(frozen=True)
class RowTable:
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

    def file_rows(self) -> list[FileRow] | None:
        """What the rows hold, one entry a language; None when the columns are of no known release."""
        columns = columns_of(islice(self.rows(), SAMPLE))
        layout = f"{self.format}, languages in columns" if _is_wide(columns) else self.format
        single = replace(self, format=layout, rows=lambda: _one_language(self.rows(), columns))
        sample = list(islice(single.rows(), SAMPLE))
        schema = recognise(columns_of(sample), sample)
        if schema is None:
            return None
        return [_file_row(single, schema, sample, codes) for codes in _languages(single, schema)]


def _is_wide(columns: Collection[str]) -> bool:
    """Whether each language has columns of its own."""
    return any(map(_SUFFIXED.fullmatch, columns))


def _one_language(rows: Iterable[Row], columns: Collection[str]) -> Iterator[Row]:
    """The rows with columns `sentence1`, `sentence2` and `language`, where they hold several languages at once.

    XNLI's test by genre has `sentence1_sw`; the hub's `all_languages` has a premise of {language: text} and a
    hypothesis of parallel lists. Other rows stay as they are.
    """
    return chain.from_iterable(map(_by_suffix if _is_wide(columns) else _by_mapping, rows))


def _by_suffix(row: Row) -> Iterator[Row]:
    shared = {column: value for column, value in row.items() if not _SUFFIXED.fullmatch(column)}
    columns = [match for match in map(_SUFFIXED.fullmatch, row) if match]
    for language in dict.fromkeys(column[2] for column in columns):
        texts = {column[1]: row[column[0]] for column in columns if column[2] == language}
        yield {**shared, **texts, "language": language}


def _by_mapping(row: Row) -> Iterator[Row]:
    premise, hypothesis = row.get("premise"), row.get("hypothesis")
    if not isinstance(premise, Mapping) or not isinstance(hypothesis, Mapping):
        yield row
        return
    others = dict(zip(hypothesis["language"], hypothesis["translation"], strict=True))
    for language, text in premise.items():
        yield {**row, "sentence1": text, "sentence2": others.get(language), "language": language}


def _languages(table: RowTable, schema: Schema) -> Sequence[frozenset[str]]:
    """The languages, as the rows call them, that make one entry each; one empty group where rows do not tell."""
    if schema.language is None:
        return [frozenset()]
    codes = frozenset(map(schema.language, table.rows()))
    own = own_language_of(table.name)
    if own and own not in map(canonical, codes):
        return [codes]  # translations from several languages into one
    return [frozenset({language}) for language in sorted(codes)]


def _file_row(table: RowTable, schema: Schema, sample: Sequence[Row], codes: frozenset[str]) -> FileRow:
    task, of_task = _task(table.name, schema)
    language, of_language = _language(table.name, task, codes)
    split, of_split = _split(table.name, schema, sample)
    read = partial(_read, table, schema, Hints(task=task, language=language), codes, split)
    problems = (*table.problems, *of_task, *of_language, *of_split)
    # A format of its own, since files of one format are taken for parts of one split.
    layout = f"{table.format}, translated" if of_language and any(codes) else table.format
    row = FileRow(table.path, task, language, split, layout, problems=problems, read=read)
    try:
        row = row.counted(read(), read)
    except DataError as error:
        return replace(row, problems=(*problems, str(error)))
    return row if row.labelled else replace(row, problems=(*row.problems, NO_LABELS))


def _task(path: Path, schema: Schema) -> Checked:
    """The corpus: by the columns, and where several share them, by a name that is of their family."""
    named = corpus_of(path)
    known = schema.task or (
        named if named in _SHARED.get(schema.family, ()) or corpora().get(named) == schema.family else ""
    )
    if not named or named == known or (named, known) in _AKIN:
        return known, []
    return known, [f"the name says {named}, the content is {known or f'another data set of {schema.family}'}"]


def _language(path: Path, corpus: str, codes: Collection[str]) -> Checked:
    """The language: what the rows tell, English for English corpora, else what the names tell."""
    own, rows = own_language_of(path), sorted(canonical(code) or code for code in codes if code)
    if rows and own not in ("", *rows):
        return own, [f"the rows say {', '.join(rows)}, the name {own}: taken as translations into {own}"]
    if rows:
        return rows[0], []
    if corpus in ENGLISH and own not in ("", "en"):
        return own, [f"{corpus} is English, the name says {own}: taken as a translation into {own}"]
    if corpus in ENGLISH:
        return "en", []
    named = language_of(path)
    return named, [] if named else ["neither the rows nor the names tell the language"]


def _split(path: Path, schema: Schema, sample: Sequence[Row]) -> Checked:
    """The split: what the rows tell, else what the names tell."""
    named = split_of(path)
    splits = {split_of(Path(schema.split(row))) for row in sample} - {""} if schema.split else set()
    if len(splits) != 1:
        return named, [] if named else ["neither the rows nor the names tell the split"]
    (known,) = splits
    return known, [f"the name says {named}, the rows say {known}"] if named not in ("", known) else []


def _read(table: RowTable, schema: Schema, hints: Hints, codes: frozenset[str], split: str) -> Portion:
    language_in, rows = schema.language, table.rows()
    own: Iterable[Row] = (row for row in rows if language_in(row) in codes) if language_in and codes else rows
    portion = schema.read(own, hints)
    return without_constant_gold(portion) if split == "test" else portion
