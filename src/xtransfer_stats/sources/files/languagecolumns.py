"""Rows that hold several languages at once -> one row a language, as XNLI's releases have them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from xtransfer_stats.sources.schemas.schema import Row

_SUFFIXED = re.compile(r"(sentence1|sentence2)_([a-z]{2})")


def spread(rows: Iterable[Row], columns: Collection[str]) -> Iterator[Row]:
    """The rows with columns `sentence1`, `sentence2` and `language`, where they stand in columns a language.

    XNLI's test by genre has `sentence1_sw`; the hub's `all_languages` has a premise of {language: text} and a
    hypothesis of parallel lists. Other rows stay as they are.
    """
    if is_wide(columns):
        return chain.from_iterable(map(_by_suffix, rows))
    return chain.from_iterable(map(_by_mapping, rows))


def is_wide(columns: Collection[str]) -> bool:
    """Whether each language has columns of its own."""
    return any(map(_SUFFIXED.fullmatch, columns))


def _by_suffix(row: Row) -> Iterator[Row]:
    shared = {column: value for column, value in row.items() if not _SUFFIXED.fullmatch(column)}
    found = [match for match in map(_SUFFIXED.fullmatch, row) if match]
    for language in dict.fromkeys(match[2] for match in found):
        texts = {match[1]: row[match[0]] for match in found if match[2] == language}
        yield {**shared, **texts, "language": language}


def _by_mapping(row: Row) -> Iterator[Row]:
    premise, hypothesis = row.get("premise"), row.get("hypothesis")
    if not isinstance(premise, Mapping) or not isinstance(hypothesis, Mapping):
        yield row
        return
    others = dict(zip(hypothesis["language"], hypothesis["translation"], strict=True))
    for language, text in premise.items():
        yield {**row, "sentence1": text, "sentence2": others.get(language), "language": language}
