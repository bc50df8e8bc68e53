"""Choices among which neither overlap nor position tells the right one."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from xtransfer_stats.sources.embedded.overlap import overlap
from xtransfer_stats.sources.embedded.streams import balanced
from xtransfer_stats.sources.source import Example, MultipleChoice


@dataclass(frozen=True, slots=True)
class Draft:
    """A prompt, its right continuation, and wrong ones to choose from."""

    prompt: str
    right: str
    wrong: tuple[str, ...]


def ranked(draft: Callable[[], Draft | None], count: int, rng: random.Random) -> Iterator[Example]:
    """Choices of `count` texts; the right one has every rank of overlap with the prompt equally often.

    A draft gives a choice when enough of its wrong texts overlap more, and enough less, than the right one
    (ties are broken at random). Positions are balanced as well.
    """
    cells = list(product(range(count), range(count)))

    def make(cell: tuple[int, int]) -> MultipleChoice | None:
        drawn = draft()
        return _choice(drawn, count, *cell, rng) if drawn else None

    return balanced(make, cells, rng)


def _choice(draft: Draft, count: int, rank: int, position: int, rng: random.Random) -> MultipleChoice | None:
    wrong = sorted(set(draft.wrong) - {draft.right})
    score = {text: (overlap(draft.prompt, text), rng.random()) for text in (*wrong, draft.right)}
    more = [text for text in wrong if score[text] > score[draft.right]]
    less = [text for text in wrong if score[text] < score[draft.right]]
    if len(more) < rank or len(less) < count - 1 - rank:
        return None
    others = rng.sample(more, rank) + rng.sample(less, count - 1 - rank)
    rng.shuffle(others)
    return MultipleChoice("", draft.prompt, (*others[:position], draft.right, *others[position:]), position)


def joined(sentences: Iterable[str], language: str) -> str:
    """Sentences as one text, each ended by a full stop of the language's script."""
    stop, space = ("。", "") if language in ("ja", "zh") else (". ", "")
    return space.join(f"{sentence.rstrip('.。! ')}{stop}" for sentence in sentences).strip()
