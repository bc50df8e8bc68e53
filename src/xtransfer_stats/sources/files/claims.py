"""Content against name: the task, language and split of a table of rows, and sentences where the two disagree."""

from collections.abc import Collection, Sequence
from pathlib import Path

from xtransfer_stats.sources.files import names
from xtransfer_stats.sources.schemas.schema import Row, Schema
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.task import Family

ENGLISH = frozenset("snli mnli anli qqp hellaswag cosmosqa commonsenseqa siqa copa squad1 squad2".split())
# A name that claims the first may well hold the second: XNLI's training data are MNLI's, XCOPA goes with COPA.
_AKIN = frozenset({("mnli", "xnli"), ("xcopa", "copa"), ("copa", "xcopa")})
_SHARED = {
    Family.CLASSIFICATION: ("xnli", "mnli", "snli", "anli"),
    Family.TAGGING: ("panx",),
    Family.SPAN_QA: ("xquad", "mlqa", "tydiqa", "squad1", "squad2"),
}
Told = tuple[str, list[str]]  # what it is, and what is odd about it


def task(path: Path, schema: Schema) -> Told:
    """The corpus: by the columns, and where several share them, by a name that is of their family."""
    claim = names.corpus_of(path)
    known = schema.task or (claim if claim in _SHARED.get(schema.family, ()) else "")
    if not claim or claim == known or (claim, known) in _AKIN:
        return known, []
    return known, [f"the name says {claim}, the content is {known or f'another data set of {schema.family}'}"]


def language(path: Path, corpus: str, told: Collection[str]) -> Told:
    """The language: what the rows tell, English for English corpora, else what the names tell."""
    own, rows = names.own_language_of(path), sorted(canonical(said) or said for said in told if said)
    if rows and own not in ("", *rows):
        return own, [f"the rows say {', '.join(rows)}, the name {own}: taken as translations into {own}"]
    if rows:
        return rows[0], []
    if corpus in ENGLISH and own not in ("", "en"):
        return own, [f"{corpus} is English, the name says {own}: taken as a translation into {own}"]
    if corpus in ENGLISH:
        return "en", []
    named = names.language_of(path)
    return named, [] if named else ["neither the rows nor the names tell the language"]


def split(path: Path, schema: Schema, sample: Sequence[Row]) -> Told:
    """The split: what the rows tell, else what the names tell."""
    named = names.split_of(path)
    told = {names.split_of(Path(schema.split(row))) for row in sample} - {""} if schema.split else set()
    if len(told) != 1:
        return named, [] if named else ["neither the rows nor the names tell the split"]
    (known,) = told
    return known, [f"the name says {named}, the rows say {known}"] if named not in ("", known) else []
