"""Names taken apart: folders, files and runs whose names hold a seed, a language or a task beside the rest."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.imports.meaning import Meaning, of_name
from xtransfer_stats.exchange.imports.vocabulary import LANGUAGE, METRIC, SEED, TASK

SEED_FROM = r"seed[_=-]?(\d+)"
STAMP = re.compile(r"\d{4}-?\d{2}-?\d{2}([T_ -]?\d{2}[-:_]?\d{2}([-:_]?\d{2})?([.,]\d+)?)?|\d{10}|\d{8}[_-]\d{6}")
_LABEL = re.compile(r"(^|[-_ /.=(])(?:(?:seed|run|trial|rep)[-_ =]*|[sr])$", re.IGNORECASE)  # of a number behind it
_NUMBER = re.compile(r"\d+")
_JOINTS = re.compile(r"([\s_.=-]*)\0([\s_.=-]*)")


@dataclass(frozen=True)
class Parts:
    """What the names of one column hold: column of the frame -> a value for each name; rest: the names without it."""

    said: dict[str, list[str]]
    rest: list[str]


def parts(names: Sequence[str]) -> Parts:
    """Language, task and metric in names, where all of them have one; the rest of each name.

    A word such as "my" or "no" is no language in a name unless a task stands beside it.
    """
    meanings = [of_name(name) for name in names]
    said: dict[str, list[str]] = {}
    for column, attribute in ((LANGUAGE, "language"), (TASK, "target_task"), (METRIC, "metric")):
        values = [getattr(meaning, attribute) for meaning in meanings]
        if column == LANGUAGE and any(meaning.unsure and meaning.rest for meaning in meanings):
            continue
        if (
            column == LANGUAGE
            and any(meaning.rest and not meaning.target_task for meaning in meanings)
            and len(set(values)) < 2
        ):
            continue
        if values and all(values):
            said[column] = values
    rest = [_rest(name, meaning, said) for name, meaning in zip(names, meanings, strict=True)]
    return Parts(said, rest)


def _rest(name: str, meaning: Meaning, said: Collection[str]) -> str:
    """A name without the words of what it says."""
    for what, words in meaning.spans:
        if what in said:
            found = re.search(r"[^A-Za-z0-9]?".join(map(re.escape, words.split())), name)
            name = _joined(name[: found.start()], name[found.end() :]) if found else name
    return name


def seeds(names: Sequence[str], pattern: str | None = None) -> Parts | None:
    """The seed in every name, by a pattern whose first group it is; None where a name has none.

    Raises DataError for a pattern that is none, or has no group.
    """
    try:
        compiled = re.compile(pattern or SEED_FROM, re.IGNORECASE)
    except re.error as error:
        raise DataError(f"seed_from {pattern!r}: no regular expression ({error})", ["seed_from"]) from None
    if compiled.groups < 1:
        raise DataError(f"seed_from {pattern!r}: put the seed's digits into a group, as in seed(\\d+)", ["seed_from"])
    found = [list(compiled.finditer(name)) for name in names]
    if not names or not all(found):
        return None
    last = [one[-1] for one in found]
    rest = [_joined(name[: match.start()], name[match.end() :]) for name, match in zip(names, last, strict=True)]
    return Parts({SEED: [match[1] or "" for match in last]}, rest)


def _joined(before: str, after: str) -> str:
    """The two ends of a name out of which a part was taken."""
    text = _JOINTS.sub(
        lambda joint: joint[1][:1] if joint[1] and joint[2] else joint[1] or joint[2], f"{before}\0{after}"
    )
    return text.strip(" _.=/-")


def differing_number(names: Sequence[str]) -> Parts | None:
    """The one number that differs between names that are else the same; None where there is none.

    Raises DataError where two numbers could be it.
    """
    different = sorted(set(names))
    good: list[dict[str, tuple[str, str]]] = []
    for slot in range(1, 6):  # counted from the end
        cut = {name: _cut(name, slot) for name in different}
        if any(one is None for one in cut.values()):
            break
        groups: dict[str, set[str]] = {}
        for one in cut.values():
            groups.setdefault(one[0], set()).add(one[1])  # type: ignore[index]
        if all(len(values) > 1 for values in groups.values()):
            good.append({name: one for name, one in cut.items() if one is not None})
    if not good:
        return None
    if len(good) > 1:
        raise DataError(
            f"names such as {different[0]!r} hold {len(good)} numbers that differ: say which is the seed by "
            "seed_from REGEX",
            ["seed_from"],
        )
    return Parts({SEED: [good[0][name][1] for name in names]}, [good[0][name][0].strip(" _.=/-") for name in names])


def _cut(name: str, slot: int) -> tuple[str, str] | None:
    """A name without its slot-th number from the end, and that number."""
    numbers = list(_NUMBER.finditer(name))
    if len(numbers) < slot:
        return None
    number = numbers[-slot]
    return _joined(_LABEL.sub(r"\1", name[: number.start()]), name[number.end() :]), number[0]
