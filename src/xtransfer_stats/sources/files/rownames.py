"""Content held against name, for rows with named columns: which corpus, language and split, and what is odd about it.

A language comes from the rows, then from the file's name, then from a folder that declares one.
"""

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few
from xtransfer_stats.sources.files.namecorpora import NOT_HERE, corpus_of, foreign
from xtransfer_stats.sources.files.namehints import mlqa_languages, split_of, untold
from xtransfer_stats.sources.files.namelanguage import folder_language_of, language_of, own_language_of, spoken
from xtransfer_stats.sources.schemas.schema import NAMES_FILE, Row, Schema
from xtransfer_stats.sources.source import Portion, Tagging
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.ownfile import corpora
from xtransfer_stats.tasks.task import Family

ENGLISH = frozenset("snli mnli anli qqp hellaswag cosmosqa commonsenseqa siqa copa squad1 squad2".split())
# A name that says the first may well hold the second: XNLI's training data are MNLI's, XCOPA goes with COPA.
_AKIN = frozenset({("mnli", "xnli"), ("xcopa", "copa"), ("copa", "xcopa")})
_SOLE = {"xquad": "test", "tatoeba": "test"}  # they have no other split, whatever the hub calls it
_COLUMNS = ("language", "lang", "language_code", "lang_code", "locale")
_CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]+)?|[A-Z][a-z]+( [A-Z][a-z]+)?")
_SHOWN = 6
Checked = tuple[str, list[str]]  # what it is, and what is odd about it


def task_told(path: Path, schema: Schema) -> Checked:
    """The corpus: by the columns, and where several share them, by a name that is one of these."""
    named, other = corpus_of(path), foreign(path)
    if other:
        return "", [f"the name says {other}, {NOT_HERE}"]
    shared = named in schema.corpora or corpora().get(named) == schema.family
    known = named if shared and (not schema.task or named in corpora()) else schema.task
    if named == known or (named, known) in _AKIN:
        return known, [] if known else [_unnamed(schema)]
    if not named:
        return known, []
    return known, [f"the name says {named}, the content is {known or f'another data set of {schema.family}'}"]


def _unnamed(schema: Schema) -> str:
    of = " or ".join(schema.corpora)
    return f"the columns are those of {of}, and no name says which: name the file or its folder after the corpus"


def language_in(
    path: Path, schema: Schema, columns: Collection[str], sample: Sequence[Row]
) -> Callable[[Row], str] | None:
    """What a row itself tells of its language; None where rows tell none."""
    if schema.language is not None:
        return schema.language if any(map(schema.language, sample)) else None
    for column in _COLUMNS:
        values = [str(row.get(column) or "") for row in sample] if column in columns else []
        if values and all(map(_CODE.fullmatch, values)) and any(canonical(value) or spoken(value) for value in values):
            return partial(_cell, column)
    return None


def _cell(column: str, row: Row) -> str:
    return str(row.get(column) or "")


def language_told(path: Path, corpus: str, codes: Collection[str], *, translated: bool) -> Checked:
    """The language; `codes` are what the rows say.

    Those of machine translations (XNLI's) are the languages that they were made from.
    """
    own = own_language_of(path)
    rows = sorted(canonical(code) or code for code in codes if code)
    if translated:
        return own, [f"the rows say {', '.join(rows)}, the name {own}: taken as translations into {own}"]
    if rows:
        named = own or folder_language_of(path)
        odd = named not in ("", *rows) and corpus != "mlqa"
        return rows[0], [f"the name says {named}, the rows say {rows[0]}"] if odd else []
    pair = mlqa_languages(path) if corpus == "mlqa" else None
    named = pair[0] if pair else language_of(path)
    if corpus in ENGLISH and named not in ("", "en"):
        return named, [f"{corpus} is English, the name says {named}: taken as a translation into {named}"]
    if corpus in ENGLISH:
        return "en", []
    return named, [*untold(named, "told")]


def split_told(path: Path, corpus: str, schema: Schema, sample: Sequence[Row]) -> Checked:
    """The split: what the rows tell, else what the names tell."""
    named = split_of(path)
    if corpus in _SOLE:
        return _SOLE[corpus], []
    splits = {split_of(Path(schema.split(row))) for row in sample} - {""} if schema.split else set()
    if len(splits) != 1:
        return named, [*untold("told", named)]
    (known,) = splits
    return known, [f"the name says {named}, the rows say {known}"] if named not in ("", known) else []


def other_tags(corpus: str, portion: Portion) -> str:
    """Why tagged sentences are of another corpus than the one they pass for: their tags; "" where they are not."""
    target = TARGET_TASKS.get(corpus)
    if target is None or target.family is not Family.TAGGING or not target.data.labels:
        return ""
    tags = {tag for one in portion.examples if isinstance(one, Tagging) for tag in one.tags or ()}
    other = sorted(tags.difference(target.data.labels))
    return not_of(target.title, other) if other else ""


def not_of(title: str, tags: Sequence[str]) -> str:
    """The sentence about tags that a corpus does not have."""
    return f"the tags {few(tags, _SHOWN)} are none of {title}'s: another corpus"


def label_names(path: Path) -> tuple[str, ...]:
    """The names of label ids that a file beside the data gives, one a line; none without it.

    Raises DataError for a file that cannot be read or is empty.
    """
    beside = path.with_name(NAMES_FILE)
    if not beside.is_file():
        return ()
    try:
        names = tuple(line.strip() for line in beside.read_text(encoding="utf-8-sig").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{beside}: cannot be read ({error}): save it as UTF-8") from error
    if not names:
        raise DataError(f"{beside}: empty: write one name a line, in the order of the ids from 0")
    return names
