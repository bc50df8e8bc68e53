"""Names taken apart: folders, files and runs whose names hold a seed, a language or a task beside the rest."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.imports.meaning import Meaning, of_name
from xtransfer_stats.exchange.scoreframe.headings import LANGUAGE, METRIC, SEED, TASK

SEED_FROM = r"seed[_=-]?(\d+)"
STAMP = re.compile(r"\d{4}-?\d{2}-?\d{2}([T_ -]?\d{2}[-:_]?\d{2}([-:_]?\d{2})?([.,]\d+)?)?|\d{10}|\d{8}[_-]\d{6}")
_LABEL = re.compile(r"(^|[-_ /.=(])(?:(?:seed|run|trial|rep)[-_ =]*|[sr])$", re.IGNORECASE)  # of a number behind it
_NUMBER = re.compile(r"\d+(?![A-Za-z])")  # 7b and 100k are sizes
# Numbers that people take for seeds, beside the first few; another number in a name may be a size, a step, a count.
USUAL_SEEDS = frozenset(
    (*range(11), 11, 12, 13, 17, 19, 21, 22, 23, 33, 42, 43, 44, 45, 46, 55, 66, 77, 87, 88, 99, 100, 111, 123,
     222, 321, 333, 444, 555, 666, 777, 888, 999, 1001, 1111, 1234, 1337, 2019, 2020, 2021, 2022, 2023, 2024, 2025,
     2222, 3333, 3407, 12345, 31337)
)  # fmt: skip
_NO_SEED = re.compile(
    r"(?:^|[^A-Za-z])(?:step|ckpt|checkpoint|epoch|layer|layers|size|shot|shots|k|n|top|dim|bs|lr|v)[-_ =]*$", re.I
)
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
    good: list[dict[str, tuple[str, str, str]]] = []
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
    good = [one for one in good if not any(_NO_SEED.search(label) for _, _, label in one.values())]
    if not good:
        return None
    if len(good) > 1:
        raise DataError(
            f"names such as {different[0]!r} hold {len(good)} numbers that differ: say which is the seed by "
            "seed_from REGEX",
            ["seed_from"],
        )
    numbers = sorted({int(one[1]) for one in good[0].values()})
    consecutive = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if not consecutive and not USUAL_SEEDS.issuperset(numbers):
        raise DataError(
            f"names such as {different[0]!r} differ in a number ({', '.join(map(str, numbers[:5]))}): a seed, "
            "or part of "
            "the condition? seed_from REGEX says that it is the seed; number_seeds takes the names as they are",
            ["seed_from", "number_seeds"],
        )
    return Parts({SEED: [good[0][name][1] for name in names]}, [good[0][name][0].strip(" _.=/-") for name in names])


def _cut(name: str, slot: int) -> tuple[str, str, str] | None:
    """A name without its slot-th number from the end, that number, and what stands before it."""
    numbers = list(_NUMBER.finditer(name))
    if len(numbers) < slot:
        return None
    number = numbers[-slot]
    return _joined(_LABEL.sub(r"\1", name[: number.start()]), name[number.end() :]), number[0], name[: number.start()]
