"""One repository of a data set -> examples of one language and split."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from xtransfer_stats.sources.hub.fetch import table
from xtransfer_stats.sources.schemas.choice import without_constant_gold
from xtransfer_stats.sources.schemas.read import read_rows
from xtransfer_stats.sources.schemas.schema import Hints, Row
from xtransfer_stats.sources.source import Portion
from xtransfer_stats.tasks.data import HubPart
from xtransfer_stats.tasks.task import Family


def read_part(part: HubPart, split: str, hints: Hints, family: Family, pin: str) -> Portion:
    """Examples of a repository at a pinned commit, in the language of `hints`.

    `split` is train, dev or test. Raises DataError when the repository or its columns cannot be read.
    """
    code = part.codes.get(hints.language, hints.language)
    config = part.config.format(language=code) if part.config else None
    found = table(part.repository, config, part.splits[split].format(language=code), pin)
    told = replace(hints, names=_label_names(found.features), columns=part.columns)
    portion = read_rows(_spoken(found, part, hints.language), family, told)
    return without_constant_gold(portion) if split == "test" else portion


def _label_names(features: Mapping[str, Any]) -> tuple[str, ...]:
    """The publisher's names of integer labels: of a column called label or tags, before any other."""
    named = {column: _names(feature) for column, feature in features.items()}
    ranked = sorted(named, key=lambda column: not ("label" in column or "tag" in column))
    return next((named[column] for column in ranked if named[column]), ())


def _names(feature: Any) -> tuple[str, ...]:
    inner = getattr(feature, "feature", None)  # a sequence of labels, one a token
    return tuple(getattr(feature, "names", None) or ()) or (_names(inner) if inner is not None else ())


def _spoken(rows: Any, part: HubPart, language: str) -> Iterator[Row]:
    """The rows of one language, where a configuration holds several."""
    code, prefix = part.codes.get(language, language), part.language_prefix.get(language, "")
    for row in rows:
        if part.language_column and row[part.language_column] != code:
            continue
        if str(row.get("id", "")).startswith(prefix):
            yield row
