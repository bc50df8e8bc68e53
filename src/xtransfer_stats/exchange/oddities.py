"""What looks wrong in predictions although they can be scored: said beside figures that stay as they are."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from xtransfer_stats.tasks.task import Family

_SHOWN = 5
_LONG = 10  # digits
Pair = tuple[str, str]
Ranking = Sequence[str] | None
_FEWEST = 5  # values; fewer may be right by chance when moved by one
_BETTER = 20.0  # points by which values moved by one must be better to be told


def oddities(
    family: Family, predictions: Sequence[Any], gold: Sequence[Any], labels: Collection[str] = ()
) -> tuple[str, ...]:
    """Sentences about predictions of a family, both as metrics.scoring.official_scores takes them.

    labels: of the task, by the catalogue; a gold file need not have all of them.
    """
    check = _CHECKS.get(family)
    return tuple(check(predictions, gold, labels)) if check else ()


def _labels(predictions: Sequence[str], gold: Sequence[str], labels: Collection[str]) -> Iterator[str]:
    moved = _moved(predictions, gold)
    if moved:
        yield moved
    yield from _never(Counter(predictions), {*gold, *labels})


def _tags(
    predictions: Sequence[Sequence[str]], gold: Sequence[Sequence[str]], labels: Collection[str]
) -> Iterator[str]:
    return _never(Counter(chain(*predictions)), {*chain(*gold), *labels})


def _numbers(predictions: Sequence[Sequence[str]], gold: Sequence[Sequence[str]], _: Collection[str]) -> Iterator[str]:
    mine, right = list(chain(*predictions)), list(chain(*gold))
    moved = _moved(mine, right)
    if moved:
        yield moved
    # A sentence that is nobody's partner may be found; a number beyond the file is no sentence at all.
    last = max((int(value) for value in right if _is_number(value)), default=0)
    beyond = sum(not _is_number(value) or int(value) > last for value in mine)
    if beyond:
        yield f"{beyond} of {len(mine)} predictions are no number from 0 to {last}, as the gold file has them"


def _never(counts: Mapping[str, int], known: set[str]) -> Iterator[str]:
    other = {value: count for value, count in counts.items() if value not in known}
    if other:
        named = ", ".join(f"{value[:40]!r} ({count})" for value, count in list(other.items())[:_SHOWN])
        more = f" and {len(other) - _SHOWN} more values" if len(other) > _SHOWN else ""
        total = sum(counts.values())
        yield f"{sum(other.values())} of {total} predictions hold values that the gold file never has: {named}{more}"


def _moved(predictions: Sequence[str], gold: Sequence[str]) -> str:
    """A sentence where numbers seem to be counted from 1 and the gold file's from 0."""
    if not all(map(_is_number, chain(predictions, gold))):
        return ""
    mine, right = list(map(int, predictions)), list(map(int, gold))
    shifted = _share([value - 1 for value in mine], right) - _share(mine, right)
    beyond = 0 in right and 0 not in mine and max(mine) == max(right) + 1
    if not (beyond or (shifted >= _BETTER and len(mine) >= _FEWEST and min(right) == 0)):
        return ""
    return (
        f"the numbers run from {min(mine)} to {max(mine)}, those of the gold file from {min(right)} to {max(right)}: "
        "they seem to be counted from 1, and the leaderboard counts from 0"
    )


def _is_number(value: str) -> bool:
    """Whether a value is a number of a sentence or of a label; one of many digits is none."""
    return value.isascii() and value.isdecimal() and len(value) < _LONG


def _share(mine: Sequence[int], right: Sequence[int]) -> float:
    return 100.0 * sum(one == other for one, other in zip(mine, right, strict=True)) / len(right)


def _pairs(predictions: Sequence[Pair], gold: Sequence[Pair], _: Collection[str]) -> Iterator[str]:
    if not predictions:
        return
    if {tuple(reversed(pair)) for pair in predictions} & set(gold):
        yield "pairs stand with the English sentence first: the gold file has it last"
    elif not set(chain(*predictions)) & set(chain(*gold)):
        yield f"none of the ids, such as {predictions[0][0]!r}, is one of the gold file's, such as {gold[0][0]!r}"


def _rankings(predictions: Sequence[Ranking], gold: Sequence[Sequence[str]], _: Collection[str]) -> Iterator[str]:
    named = set(chain.from_iterable(ranking or () for ranking in predictions))
    right = set(chain(*gold))
    if named and not named & right:
        yield (
            f"none of the candidates, such as {min(named)!r}, is right for any query of the file; "
            f"right ones are such as {min(right)!r}"
        )


_CHECKS: Mapping[Family, Callable[[Any, Any, Collection[str]], Iterator[str]]] = {
    Family.CLASSIFICATION: _labels,
    Family.MULTIPLE_CHOICE: _labels,
    Family.SENTENCE_RETRIEVAL: _numbers,
    Family.TAGGING: _tags,
    Family.BITEXT_MINING: _pairs,
    Family.ENTITY_RETRIEVAL: _rankings,
    Family.ANSWER_RETRIEVAL: _rankings,
}
