"""Labels as the releases write them -> labels as the catalogue writes them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.schemas.schema import Hints, OddRow

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
