"""Which rows can be used: the loop over rows and the rule about missing gold that all families share."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from xtransfer_stats.sources.schemas.schema import Row
from xtransfer_stats.sources.source import Example, Portion

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
    made, odd = [], Counter[str]()
    for number, row in enumerate(rows):
        try:
            made.append(make(number, row))
        except OddRow as reason:
            odd[str(reason)] += 1
        except (KeyError, TypeError, ValueError):  # nested parts that lack or hold something else
            odd["of another shape than the format has"] += 1
    return made, odd


def portion(made: Sequence[X], odd: Counter[str], has_gold: Callable[[X], bool], labels: Sequence[str] = ()) -> Portion:
    """The usable examples.

    Where no row has gold, all are kept and count as unlabelled (a test set without labels); beside rows with gold,
    those without (no majority, broken lines) are dropped.
    """
    gold = [example for example in made if has_gold(example)]
    if gold and len(gold) < len(made):
        odd = odd + Counter({"without a gold label": len(made) - len(gold)})
    kept = tuple(gold or made)
    sentences = tuple(dropped(count, reason) for reason, count in odd.items())
    return Portion(kept, labels=tuple(labels), unlabelled=0 if gold else len(kept), problems=sentences)


def dropped(count: int, reason: str) -> str:
    """The sentence about rows that were left out."""
    return f"{count} {'row' if count == 1 else 'rows'} {reason}: dropped"
