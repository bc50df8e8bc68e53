"""The contract of the schemas, rows of known columns -> examples of one family, and what the families share.

That is the loop over rows, which tells those that cannot be used, the rule about missing gold, and how labels that the
releases write become labels that the catalogue writes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.source import Classification, Example, MultipleChoice, Portion
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


E = TypeVar("E")
X = TypeVar("X", bound=Example)


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


def has_label(example: Classification | MultipleChoice) -> bool:
    """Whether the example's gold is there."""
    return example.label is not None


def portion(
    examples: Sequence[X], odd: Counter[str], has_gold: Callable[[X], bool], labels: Sequence[str] = ()
) -> Portion:
    """The usable examples.

    Where no row has gold, all are kept and count as unlabelled (a test set without labels); beside rows with gold,
    those without (no majority, broken lines) are dropped.
    """
    gold = [example for example in examples if has_gold(example)]
    if gold and len(gold) < len(examples):
        odd = odd + Counter({"without a gold label": len(examples) - len(gold)})
    kept = tuple(gold or examples)
    sentences = tuple(dropped(count, reason) for reason, count in odd.items())
    return Portion(kept, labels=tuple(labels), unlabelled=0 if gold else len(kept), problems=sentences)


def dropped(count: int, reason: str) -> str:
    """The sentence about rows that were left out."""
    return f"{count} {'row' if count == 1 else 'rows'} {reason}: dropped"


Decode = Callable[[object, Hints], str | None]

NLI = ("entailment", "neutral", "contradiction")
BINARY = ("0", "1")
# SNLI's "-": the annotators had no majority; -1 is how the hub writes it, and how it writes tests without labels.
_ABSENT = frozenset({"", "-", "-1", "none", "hidden"})
_NLI_WORDS = MappingProxyType(
    {**{label: label for label in NLI}, **{label[0]: label for label in NLI}, "contradictory": "contradiction"}
)
_BINARY_WORDS = MappingProxyType(
    {"0": "0", "1": "1", "not_duplicate": "0", "duplicate": "1", "not_paraphrase": "0", "paraphrase": "1"}
)


def word(value: object, hints: Hints) -> str:
    """The label as written, an integer of a ClassLabel by its name; "" where there is none."""
    written = "" if value is None else str(value).strip()
    if written.isdigit() and hints.names:
        if int(written) >= len(hints.names):
            raise OddRow(f"with label {written}, which has no name")
        written = hints.names[int(written)]
    return "" if written.lower() in _ABSENT else written


def nli(value: object, hints: Hints) -> str | None:
    """Entailment, neutral or contradiction, written out or by their first letters.

    Raises DataError for integers without names: releases count them in different orders.
    """
    written = word(value, hints)
    if written.isdigit():
        raise DataError(
            f"label {written}: an integer label of NLI means different things in different releases. "
            "Give the labels' `names` in order, or a file that writes them out"
        )
    return _by(_NLI_WORDS, written)


def binary(value: object, hints: Hints) -> str | None:
    """ "0" or "1"; 1 is the paraphrase or duplicate in every release."""
    return _by(_BINARY_WORDS, word(value, hints))


def plain(value: object, hints: Hints) -> str | None:
    """The label as it is, of the set in `hints.labels` where that is known."""
    written = word(value, hints)
    if written and hints.labels and written not in hints.labels:
        raise OddRow(f"with label {written!r}, which is not one of {', '.join(hints.labels)}")
    return written or None


def _by(words: Mapping[str, str], written: str) -> str | None:
    if written and written.lower() not in words:
        raise OddRow(f"with label {written!r}, which is not one of this task")
    return words[written.lower()] if written else None


def index(value: object, count: int, base: int = 0) -> int | None:
    """The right choice's position from 0: from "A".."E", a number that counts from `base`, or "choice2"."""
    written = "" if value is None else str(value).strip()
    if written.lower() in _ABSENT:
        return None
    number = _number(written.removeprefix("choice"), 1 if written.startswith("choice") else base)
    if number is None or not 0 <= number < count:
        raise OddRow(f"with label {written!r}, which names none of {count} choices")
    return number


def _number(written: str, base: int) -> int | None:
    if written.isdigit():
        return int(written) - base
    return ord(written.upper()) - ord("A") if len(written) == 1 and written.isalpha() else None
