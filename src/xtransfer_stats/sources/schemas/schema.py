"""The contract of the schemas, rows of known columns -> examples of one family, and what the families share.

That is the loop over rows, which tells those that cannot be used, and the rule about missing gold.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from xtransfer_stats.sources.source import Classification, MultipleChoice, Portion, Tagging
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
    """A release's columns. `task` is the corpus that they give away, "" where several share them: `corpora`.

    `needs` must all be there; `read` turns the rows into examples, drops what has no gold by the corpus's
    own sign (SNLI's "-"), keeps rows without labels as unlabelled, and says so in the portion. `where` looks at
    values where columns are not enough; `language` and `split` are what a row itself tells of them.
    """

    task: str
    family: Family
    needs: frozenset[str]
    read: Callable[[Iterable[Row], Hints], Portion]
    where: Callable[[Sequence[Row]], bool] = lambda sample: True
    corpora: tuple[str, ...] = ()
    language: Callable[[Row], str] | None = None
    split: Callable[[Row], str] | None = None


# Where the names of label ids may stand: a file beside the data that has ids alone.
NAMES_FILE = "label-names.txt"
NAMES_REMEDY = f"write them beside the file to {NAMES_FILE}, one name a line in the order of the ids from 0"
E = TypeVar("E")
X = TypeVar("X", Classification, MultipleChoice, Tagging)
# SNLI's "-": the annotators had no majority; -1 is how the hub writes it, and how it writes tests without labels.
ABSENT = frozenset({"", "-", "-1", "none", "hidden"})


class OddRow(Exception):
    """A row that cannot be used; the message completes "3 rows ...". Never leaves the schemas."""


def text(row: Row, column: str) -> str:
    """The row's text in a column; raises OddRow when there is none."""
    value = row.get(column)
    if not isinstance(value, str) or not value.strip():
        raise OddRow(f"without text in {column}")
    return value


def first(row: Row, columns: Sequence[str]) -> object:
    """The value of the first of the columns that the row has; None where it has none of them."""
    return next((row[column] for column in columns if column in row), None)


def name(row: Row, columns: Sequence[str], number: int) -> str:
    """The row's id, its position where it has none."""
    value = first(row, columns)
    return str(number) if value is None else str(value)


def collect(rows: Iterable[Row], make: Callable[[int, Row], E]) -> tuple[list[E], Counter[str]]:
    """Examples of the rows that `make` accepts, and how many rows it refused for which reason."""
    examples, odd = [], Counter[str]()
    for number, row in enumerate(rows):
        try:
            examples.append(make(number, row))
        except OddRow as reason:
            odd[str(reason)] += 1
        except (KeyError, TypeError, ValueError):  # nested parts that lack or hold something else
            odd["of another shape than the format has"] += 1
    return examples, odd


def reading(
    make: Callable[[int, Row, Hints], X],
    labels: Callable[[Sequence[X], Hints], Sequence[str]] = lambda examples, hints: (),
) -> Callable[[Iterable[Row], Hints], Portion]:
    """A schema's `read`, from what makes an example of a row, and what the labels are.

    Where no row has gold, all are kept and count as unlabelled (a test set without labels); beside rows with gold,
    those without (no majority, broken lines) are dropped.
    """

    def read(rows: Iterable[Row], hints: Hints) -> Portion:
        examples, odd = collect(rows, lambda number, row: make(number, row, hints))
        gold = [each for each in examples if (each.tags if isinstance(each, Tagging) else each.label) is not None]
        if gold and len(gold) < len(examples):
            odd["without a gold label"] = len(examples) - len(gold)
        kept = tuple(gold or examples)
        sentences = tuple(dropped(count, reason) for reason, count in odd.items())
        unlabelled = 0 if gold else len(kept)
        return Portion(kept, labels=tuple(labels(examples, hints)), unlabelled=unlabelled, problems=sentences)

    return read


def dropped(count: int, reason: str) -> str:
    """The sentence about rows that were left out."""
    return f"{count} {'row' if count == 1 else 'rows'} {reason}: dropped"
