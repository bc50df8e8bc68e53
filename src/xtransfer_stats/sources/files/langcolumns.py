"""Rows that hold several languages at once, in columns or mappings, as rows of one language each.

XNLI's test by genre has `sentence1_sw`, others `premise.de` or `en_premise`; the hub's `all_languages` has a premise of
{language: text} and a hypothesis of parallel lists.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from xtransfer_stats.sources.files.namelanguage import spoken
from xtransfer_stats.sources.schemas.schema import Row

LANGUAGE = "language"
_TEXTS = frozenset(
    "sentence1 sentence2 premise hypothesis hypo question question1 question2 context text text_a text_b choice1 "
    "choice2 ctx tokens".split()
)
_BEHIND, _BEFORE = re.compile(r"(\w+?)[_.-]([A-Za-z]{2,3})"), re.compile(r"([A-Za-z]{2,3})[_.-](\w+)")


def languages_of(columns: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """Language code, as the columns write it -> text -> its column; empty where columns name no language.

    Columns that stand beside the same texts without a language are other than the file's own: they are left out.
    """
    found: dict[str, dict[str, str]] = {}
    for column in columns:
        text, code = _named(column)
        if code and text not in columns:
            found.setdefault(code, {})[text] = column
    return found


def one_language(rows: Iterable[Row], columns: Collection[str]) -> Iterator[Row]:
    """The rows with the texts under their plain names and `language`, where they hold several languages at once.

    Other rows stay as they are.
    """
    by_language = languages_of(columns)
    own = {column for texts in by_language.values() for column in texts.values()}

    def split(row: Row) -> Iterator[Row]:
        shared = {column: value for column, value in row.items() if column not in own}
        for code, texts in by_language.items():
            yield {**shared, **{text: row.get(column) for text, column in texts.items()}, LANGUAGE: code}

    return chain.from_iterable(map(split if by_language else _by_mapping, rows))


def _named(column: str) -> tuple[str, str]:
    """The text and the code of a column such as `sentence1_sw`; no code for other columns."""
    behind, before = _BEHIND.fullmatch(column), _BEFORE.fullmatch(column)
    for text, code in (behind.groups() if behind else ("", ""), before.groups()[::-1] if before else ("", "")):
        if text.lower() in _TEXTS and spoken(code):
            return text, code
    return column, ""


def _by_mapping(row: Row) -> Iterator[Row]:
    premise, hypothesis = row.get("premise"), row.get("hypothesis")
    if not isinstance(premise, Mapping) or not isinstance(hypothesis, Mapping):
        yield row
        return
    others = dict(zip(hypothesis["language"], hypothesis["translation"], strict=True))
    for language, text in premise.items():
        yield {**row, "sentence1": text, "sentence2": others.get(language), LANGUAGE: language}
