"""Files that would be joined although they hold the same examples: a translation beside its original, or a backup."""

from collections import Counter
from collections.abc import Hashable, Sequence
from pathlib import Path

from xtransfer_stats.sources.source import Classification, Example, MultipleChoice, Query, Sentence, SpanQA, Tagging

_SAME = 0.9  # of the smaller file's examples
_FEWEST = 8  # examples that have only their place for an id: fewer may agree by chance


def copy_of_another(files: Sequence[tuple[Path, Sequence[Example]]]) -> str:
    """Why two of the files must not be joined, in a clause that names both; "" where none repeats another.

    Files repeat each other where nearly all examples of the smaller have an id and gold of the other's.
    """
    seen: dict[Hashable, list[int]] = {}
    for number, (path, examples) in enumerate(files):
        marks = {mark: example for example in examples if (mark := _mark(example)) is not None}
        hits = Counter(earlier for mark in marks for earlier in seen.get(mark, ()))
        for earlier, count in hits.items():
            fewest = min(len(marks), len(files[earlier][1]))
            if count >= _SAME * fewest and (fewest >= _FEWEST or not _by_place(examples)):
                return _clause(files[earlier], (path, examples), count)
        for mark in marks:
            seen.setdefault(mark, []).append(number)
    return ""


def _clause(one: tuple[Path, Sequence[Example]], two: tuple[Path, Sequence[Example]], count: int) -> str:
    texts = {_text(example) for example in one[1]}
    same = sum(_text(example) in texts for example in two[1])
    told = "the same texts" if 2 * same >= len(two[1]) else "other texts, as a translation has"
    return f"{one[0]} and {two[0]} hold {count} examples of the same ids and labels, with {told}"


def _mark(example: Example) -> Hashable:
    """The id and gold of an example; None where it has no gold to compare."""
    match example:
        case Classification() | MultipleChoice():
            return None if example.label is None else (example.id, example.label)
        case Tagging():
            return None if example.tags is None else (example.id, example.tags)
        case SpanQA():
            return (example.id, len(example.answers))
        case Query():
            return (example.id, example.gold)
        case Sentence():
            return (example.text,)


def _by_place(examples: Sequence[Example]) -> bool:
    """Whether the ids are the examples' places in the file, counted from 0: such ids are no sign."""
    places = [example.id.rpartition(":")[2] for example in examples]
    if not all(place.isdecimal() and len(place) < 10 for place in places):
        return False
    numbers = list(map(int, places))
    return numbers[:1] == [0] and numbers == sorted(set(numbers))


def _text(example: Example) -> str:
    match example:
        case SpanQA():
            return example.question
        case MultipleChoice():
            return example.prompt
        case Tagging():
            return " ".join(example.tokens)
        case Query():
            return example.passage.text
        case _:
            return example.text
