"""Rows of a file -> what is found in it: the common part of the readers of containers with named columns."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from xtransfer_stats.errors import DataError
from xtransfer_stats.sources.files import names
from xtransfer_stats.sources.files.found import Found
from xtransfer_stats.sources.files.languagecolumns import spread
from xtransfer_stats.sources.schemas.choice import without_constant_gold
from xtransfer_stats.sources.schemas.read import SAMPLE, columns_of, recognise
from xtransfer_stats.sources.schemas.schema import Hints, Row, Schema
from xtransfer_stats.sources.source import Portion
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.task import Family

NO_LABELS = "no labels: cannot be scored"
ENGLISH = frozenset("snli mnli anli qqp hellaswag cosmosqa commonsenseqa siqa copa squad1 squad2".split())
# A name that claims the first may well hold the second: XNLI's training data are MNLI's, XCOPA goes with COPA.
_AKIN = frozenset({("mnli", "xnli"), ("xcopa", "copa"), ("copa", "xcopa")})
Rows = Callable[[], Iterator[Row]]


@dataclass(frozen=True)
class Table:
    """A file's rows, read anew at each call, its format, and what the container itself has of oddities."""

    path: Path
    format: str
    rows: Rows
    problems: tuple[str, ...] = ()


def found_in(table: Table) -> list[Found] | None:
    """What the rows hold, one entry a language; None when the columns are of no known release."""
    sample = list(islice(table.rows(), SAMPLE))
    columns = columns_of(sample)
    spread_table = replace(table, rows=lambda: spread(table.rows(), columns))
    sample = list(islice(spread_table.rows(), SAMPLE))
    schema = recognise(columns_of(sample), sample)
    if schema is None:
        return None
    return [_found(spread_table, schema, sample, languages) for languages in _groups(spread_table, schema)]


def _groups(table: Table, schema: Schema) -> Sequence[frozenset[str]]:
    """The languages in the rows that make one entry each: as the rows call them, () where they do not tell."""
    if schema.language is None:
        return [frozenset()]
    told = Counter(map(schema.language, table.rows()))
    named = names.own_language_of(table.path)
    if named and named not in map(canonical, told):
        return [frozenset(told)]
    return [frozenset({language}) for language in sorted(told)]


def _found(table: Table, schema: Schema, sample: Sequence[Row], told: frozenset[str]) -> Found:
    task = schema.task or _claimed(table.path, schema.family)
    language, of_language = _language(table.path, task, told)
    split, of_split = _split(table.path, schema, sample)
    read = partial(_read, table, schema, Hints(task=task, language=language), told, split)
    problems = [*table.problems, *_misnamed(table.path, task), *of_language, *of_split]
    try:
        portion = read()
    except DataError as error:
        return Found(table.path, task, language, split, table.format, 0, False, (*problems, str(error)), read=read)
    labelled = bool(portion.examples) and not portion.unlabelled
    problems += [*portion.problems, *([] if labelled else [NO_LABELS])]
    return Found(
        table.path, task, language, split, table.format, len(portion.examples), labelled, tuple(problems), read=read
    )


def _read(table: Table, schema: Schema, hints: Hints, told: frozenset[str], split: str) -> Portion:
    rows: Iterable[Row] = table.rows()
    if schema.language and told:
        rows = (row for row in rows if schema.language(row) in told)
    portion = schema.read(rows, hints)
    return without_constant_gold(portion) if split == "test" else portion


def _claimed(path: Path, family: Family) -> str:
    """What the name says of columns that several corpora share; "" unless it is a corpus of this family."""
    claim = names.corpus_of(path)
    return claim if claim in _OF_FAMILY.get(family, ()) else ""


_OF_FAMILY = {
    Family.CLASSIFICATION: ("xnli", "mnli", "snli", "anli"),
    Family.TAGGING: ("panx",),
    Family.SPAN_QA: ("xquad", "mlqa", "tydiqa", "squad1", "squad2"),
}


def _misnamed(path: Path, task: str) -> list[str]:
    claim = names.corpus_of(path)
    if not claim or claim == task or (claim, task) in _AKIN:
        return []
    return [f"the name says {claim}, the content is {task or 'of another kind'}"]


def _language(path: Path, task: str, told: frozenset[str]) -> tuple[str, list[str]]:
    named = names.own_language_of(path) if told or task in ENGLISH else names.language_of(path)
    rows = sorted(canonical(language) or language for language in told)
    if rows:
        return (
            (rows[0], [])
            if len(rows) == 1 and named in ("", *rows)
            else (named, [_TRANSLATED.format(*_pair(rows, named))])
        )
    if task in ENGLISH and named not in ("", "en"):
        return named, [f"the corpus is English, the name says {named}: taken as a translation"]
    return ("en" if task in ENGLISH else named), []


_TRANSLATED = "the rows say {}, the name {}: taken as translations from the first into the second"


def _pair(rows: Sequence[str], named: str) -> tuple[str, str]:
    return ", ".join(rows), named


def _split(path: Path, schema: Schema, sample: Sequence[Row]) -> tuple[str, list[str]]:
    named = names.split_of(path)
    told = {names.split_of(Path(schema.split(row))) for row in sample} - {""} if schema.split else set()
    if len(told) != 1:
        return named, []
    split = told.pop()
    return split, [f"the name says {named}, the rows say {split}"] if named not in ("", split) else []
