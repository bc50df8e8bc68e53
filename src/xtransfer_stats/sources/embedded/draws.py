"""What twins draw: keyed generators, surface overlap, and streams in which only the meaning tells the label.

Generators are keyed by names, the same in every process and under every hash seed. Streams have no repeats and are
balanced over labels in every prefix; classes share the surface overlap of two texts, so that it tells nothing.
"""

import hashlib
import random
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from typing import TypeVar

from xtransfer_stats.sources.source import Classification, Example

RngFor = Callable[..., random.Random]


def number_of(*names: object) -> int:
    """A 64-bit integer that depends on the names only; Python's own hash() differs between processes."""
    text = "\x1f".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def rng_for(*names: object) -> random.Random:
    """A generator seeded by the names."""
    return random.Random(number_of("embedded", *names))


def rng_under(*prefix: object) -> RngFor:
    """`rng_for` with the first names fixed: what a twin is handed."""
    return partial(rng_for, *prefix)


@lru_cache(maxsize=20_000)
def trigrams(text: str) -> frozenset[str]:
    """Character trigrams of the lower-cased text, padded by a space at each end."""
    padded = f" {text.lower()} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def overlap(first: str, second: str) -> float:
    """Jaccard overlap of two texts' character trigrams, 0 to 1."""
    a, b = trigrams(first), trigrams(second)
    return len(a & b) / len(a | b)


def shares(first: str, second: str) -> tuple[float, float]:
    """The share of each text's trigrams that the other has; together they fix `overlap`."""
    a, b = trigrams(first), trigrams(second)
    both = len(a & b)
    return both / len(a), both / len(b)


def cell(first: str, second: str, bins: int = 8) -> tuple[int, ...]:
    """The cell of a square grid on [0, 1] x [0, 1] in which the two shares fall."""
    return tuple(min(bins - 1, int(share * bins)) for share in shares(first, second))


def bin_of(first: str, second: str, bins: int = 20) -> tuple[int, ...]:
    """The bin of [0, 1] in which the overlap falls."""
    return (min(bins - 1, int(overlap(first, second) * bins)),)


T = TypeVar("T")
# A pair behind the stratum within which it may be matched, such as the form of its hypothesis.
Stratified = tuple[Hashable, Classification]
MakePair = Callable[[], Stratified | None]
Place = Callable[[str, str], tuple[int, ...]]
Pool = dict[tuple[tuple[int, ...], str], list[Classification]]
_TRIES = 400
# Examples drawn for each label before they are matched, and rounds without a match before a stream ends.
_BATCH, _IDLE_ROUNDS = 50, 9


def content(example: Example) -> Hashable:
    """What two examples must share to be the same one: all but the id."""
    return replace(example, id="")


def distinct(draw: Callable[[], T | None], key: Callable[[T], Hashable], tries: int) -> Iterator[T]:
    """What `draw` gives and has not given before, by `key`; ends after `tries` draws on end that bring nothing new."""
    seen: set[Hashable] = set()
    since = 0
    while since < tries:
        item, since = draw(), since + 1
        if item is not None and key(item) not in seen:
            seen.add(key(item))
            since = 0
            yield item


def shuffled_blocks(items: Sequence[T], rng: random.Random) -> Iterator[T]:
    """All items in random order, again and again: balanced, and no position tells the item."""
    while True:
        yield from rng.sample(items, len(items))


def balanced(make: Callable[[T], Example | None], labels: Sequence[T], rng: random.Random) -> Iterator[Example]:
    """Examples of `make(label)`, each label once a block, ending when one label has no new example left.

    Ending there, rather than going on with the other labels, keeps the labels balanced.
    """
    seen: set[Hashable] = set()
    for label in shuffled_blocks(labels, rng):
        drawn = (make(label) for _ in range(_TRIES))
        example = next((each for each in drawn if each is not None and content(each) not in seen), None)
        if example is None:
            return
        seen.add(content(example))
        yield example


def matched(makers: Mapping[str, MakePair], rng: random.Random, place: Place = cell) -> Iterator[Classification]:
    """Pairs of every label in equal numbers at each overlap of their two texts in each stratum.

    Draws a batch for each label, then yields groups of one pair a label that share the stratum and the place
    of their overlap (by default both ways); what found no partners waits for the next batch. The labels'
    histograms of overlap are thus equal, in every prefix to within one group. Ends when batches bring no
    group any more.
    """
    waiting: dict[str, Pool] = {label: {} for label in makers}
    seen: set[Hashable] = set()
    idle = 0
    while idle < _IDLE_ROUNDS:
        for label, make in makers.items():
            _fill(waiting[label], make, seen, place)
        groups = _groups(list(waiting.values()))
        idle = 0 if groups else idle + 1
        for group in rng.sample(groups, len(groups)):
            yield from rng.sample(group, len(group))


def alternating(streams: Sequence[Iterator[T]], size: int) -> Iterator[T]:
    """`size` items of each stream in turn; streams that end drop out."""
    running = list(streams)
    while running:
        for stream in list(running):
            items = list(islice(stream, size))
            yield from items
            if len(items) < size:
                running.remove(stream)


def _fill(pool: Pool, make: MakePair, seen: set[Hashable], place: Place) -> None:
    for _ in range(_BATCH):
        drawn = make()
        if drawn is None or drawn[1] in seen:
            continue
        stratum, pair = drawn
        seen.add(pair)
        pool.setdefault((place(pair.text, pair.pair or ""), str(stratum)), []).append(pair)


def _groups(pools: Sequence[Pool]) -> list[tuple[Classification, ...]]:
    """Take one pair from each pool in the same cell and stratum, for as long as every pool has one there."""
    groups = []
    for key in sorted(set.intersection(*(set(pool) for pool in pools))):
        while all(pool[key] for pool in pools):
            groups.append(tuple(pool[key].pop() for pool in pools))
    return groups
