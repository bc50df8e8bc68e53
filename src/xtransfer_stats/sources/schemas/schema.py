"""The contract of the schemas: rows of known columns -> examples of one family."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xtransfer_stats.sources.source import Portion
from xtransfer_stats.tasks.task import Family

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hints:
    """What a reader knows beside the rows.

    `task` is the catalogue's name of the data set, "" if unknown; `labels` its ordered label set; `names` the
    publisher's own names of integer labels, in order (a ClassLabel of the hub), () if unknown; `language` the rows'
    language; `columns` maps a field of the schema to the column that holds it.
    """

    task: str = ""
    labels: Sequence[str] = ()
    names: Sequence[str] = ()
    language: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schema:
    """A release's columns. `task` is the corpus that they give away, "" where several share them.

    `needs` must all be there; `read` turns the rows into examples, drops what has no gold by the corpus's
    own sign (SNLI's "-"), keeps rows without labels as unlabelled, and says so in the portion. `where` looks at
    values where columns are not enough; `language` and `split` are what a row itself tells of them.
    """

    task: str
    family: Family
    needs: frozenset[str]
    read: Callable[[Iterable[Row], Hints], Portion]
    where: Callable[[Sequence[Row]], bool] = lambda sample: True
    language: Callable[[Row], str] | None = None
    split: Callable[[Row], str] | None = None
