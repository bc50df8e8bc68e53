"""Rows of a data set's hub parts -> one portion; not yet a Source: limits, dev data held back and pools are missing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from xtransfer_stats.errors import DataError
from xtransfer_stats.sources.hub.fetch import table
from xtransfer_stats.sources.schemas.read import read_rows
from xtransfer_stats.sources.schemas.schema import Hints, Row
from xtransfer_stats.sources.source import Portion
from xtransfer_stats.tasks.data import HubPart
from xtransfer_stats.tasks.task import Family


def read_part(part: HubPart, split: str, hints: Hints, family: Family, revisions: Mapping[str, str]) -> Portion:
    """Examples of one repository in the language of `hints`. Raises DataError for an unpinned repository."""
    if part.repository not in revisions:
        raise DataError(f"{part.repository!r} is not pinned: give its commit in [source.revisions]")
    code = part.codes.get(hints.language, hints.language)
    config = part.config.format(language=code) if part.config else None
    found = table(part.repository, config, part.splits[split].format(language=code), revisions[part.repository])
    names = next((feature.names for feature in found.features.values() if hasattr(feature, "names")), ())
    return read_rows(
        _spoken(found, part, hints.language), family, replace(hints, names=tuple(names), columns=part.columns)
    )


def _spoken(rows: Any, part: HubPart, language: str) -> Iterator[Row]:
    """The rows of one language, where a configuration holds several."""
    code, prefix = part.codes.get(language, language), part.language_prefix.get(language, "")
    for row in rows:
        if part.language_column and row[part.language_column] != code:
            continue
        if str(row.get("id", "")).startswith(prefix):
            yield row
