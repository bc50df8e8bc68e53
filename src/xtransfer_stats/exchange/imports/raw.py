"""What every reader gives: tables whose columns have no meaning yet, and what of the file was left aside and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# A heading is its levels: ("acc",) of a plain table, ("XNLI", "de") under two header rows, ("eval", "xnli", "f1") of
# values within values.
Heading = tuple[str, ...]


def spelled(heading: Heading) -> str:
    """A heading as `--map` and the account write it: "acc", "XNLI/de"."""
    return "/".join(part for part in heading if part) or "(no heading)"


@dataclass(frozen=True)
class LeftAside:
    """Something that was not imported, where it stood, and why."""

    what: str
    why: str
    where: str = ""


@dataclass(frozen=True, eq=False)
class RawTable:
    """Rows as a file has them.

    source: the file as the account names it, with its sheet. kind: what the file is, in words. place: what its path
    says, by the pattern's names or as "folder 1", "file name". status: what the reader had to say.
    """

    source: str
    kind: str
    headings: tuple[Heading, ...]
    rows: Sequence[Sequence[Any]]
    place: Mapping[str, str] = field(default_factory=dict)
    left: tuple[LeftAside, ...] = ()
    notes: tuple[str, ...] = ()


def of_records(
    source: str, kind: str, records: Sequence[Mapping[Heading, Any]], left: Iterable[LeftAside] = (), **more: Any
) -> RawTable:
    """The table of some records, each value under its heading; None where a record lacks one."""
    headings = tuple(dict.fromkeys(heading for record in records for heading in record))
    rows = [[record.get(heading) for heading in headings] for record in records]
    return RawTable(source, kind, headings, rows, left=tuple(left), **more)


def flattened(value: Any, above: Heading = ()) -> dict[Heading, Any]:
    """Values within values, each under the keys that lead to it; lists stay values."""
    if not isinstance(value, Mapping):
        return {above: value}
    found: dict[Heading, Any] = {}
    for key, inner in value.items():
        found |= flattened(inner, (*above, str(key)))
    return found
