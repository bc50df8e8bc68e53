"""Commands that share a frame: opposite acts, the same act on another thing, unrelated acts."""

import random
from collections.abc import Iterable, Iterator
from itertools import combinations

from xtransfer_stats.sources.embedded.commands import Speaker
from xtransfer_stats.sources.embedded.grammar import SentenceBlock
from xtransfer_stats.sources.embedded.utterance import Utterance

# Intents that do the opposite of each other, or something else to the same thing.
OPPOSITES = (
    ("HassTurnOn", "HassTurnOff"),
    ("HassMediaPause", "HassMediaUnpause"),
    ("HassMediaPause", "HassMediaNext"),
    ("HassMediaNext", "HassMediaPrevious"),
    ("HassMediaPlayerMute", "HassMediaPlayerUnmute"),
    ("HassCancelTimer", "HassPauseTimer"),
    ("HassPauseTimer", "HassUnpauseTimer"),
    ("HassCancelTimer", "HassUnpauseTimer"),
    ("HassIncreaseTimer", "HassDecreaseTimer"),
    ("HassVacuumStart", "HassVacuumReturnToBase"),
    ("HassLawnMowerStartMowing", "HassLawnMowerDock"),
)
_DOMAINS = ("light", "fan")
_PLACED = ("area_domain", "floor_domain", "domain_only")

# Intents of which no two are ever worded alike, and the frames that some of them share.
_UNRELATED = (
    *("HassTurnOn", "HassMediaNext", "HassPauseTimer", "HassTimerStatus", "HassGetWeather"),
    *("HassClimateGetTemperature", "HassGetCurrentTime", "HassGetCurrentDate"),
)
_SHARED_FRAMES = ("name_only", "area_only", "default")

Blocks = tuple[SentenceBlock, ...]
# A name and the blocks of its two sides.
Counterpart = tuple[str, tuple[Blocks, Blocks]]


class Counterparts:
    """The counterparts that a language has.

    Grouped by pair of intents, since some have one frame and others thirty: draw a group first, then a frame.
    `opposites` are opposite acts in the same frame on the same kind of thing, `others` the same act on another kind of
    thing, `unrelated` acts that have nothing to do with each other, in the same frame.
    """

    def __init__(self, speaker: Speaker) -> None:
        self._grammar = speaker.grammar
        self.opposites = _groups(self._by_intent(*pair) for pair in OPPOSITES)
        self.others = _groups(map(self._by_domain, ("HassTurnOn", "HassTurnOff")))
        self.unrelated = _groups(map(self._by_frame, _SHARED_FRAMES))

    def _by_frame(self, frame: str) -> Iterator[Counterpart]:
        frames = self._grammar.frames
        blocks = [frames[intent, frame] for intent in _UNRELATED if (intent, frame) in frames]
        for one, other in combinations(blocks, 2):
            yield _name(one, other), (one, other)

    def _by_intent(self, one: str, other: str) -> Iterator[Counterpart]:
        frames = self._grammar.frames
        for intent, frame in frames:
            if intent == one and (other, frame) in frames:
                yield from _alike(frames[one, frame], frames[other, frame])

    def _by_domain(self, intent: str) -> Iterator[Counterpart]:
        for frame in _PLACED:
            light, fan = (self._grammar.blocks(intent, frame, domain=d) for d in _DOMAINS)
            if light and fan:
                yield _name(light, fan), (light, fan)


def _groups(groups: Iterable[Iterable[Counterpart]]) -> tuple[tuple[Counterpart, ...], ...]:
    """Those that are not empty."""
    return tuple(filter(None, map(tuple, groups)))


def reworded(speaker: Speaker, one: Blocks, other: Blocks, rng: random.Random) -> tuple[str, str] | None:
    """Two different sentences, one of each side, with the same fillers; None when the draw fails."""
    first = speaker.draw(one, rng)
    second = first and speaker.draw(other, rng, _fillers(first))
    if first is None or second is None or second.text == first.text or len(second.slots) != len(first.slots):
        return None
    return first.text, second.text


def refilled(speaker: Speaker, one: Blocks, other: Blocks, rng: random.Random) -> tuple[str, str] | None:
    """Two sentences, one of each side, that differ in the value of one slot; None when the draw fails."""
    first = speaker.draw(one, rng)
    if first is None or not first.slots:
        return None
    changed = rng.choice(first.slots)
    fill = {name: words for name, words in _fillers(first).items() if name != changed.name}
    second = speaker.draw(other, rng, fill)
    slot = second.slot(changed.name) if second else None
    if second is None or slot is None or slot.value == changed.value:
        return None
    return first.text, second.text


def by_kind(blocks: Blocks) -> dict[str, Blocks]:
    """Blocks by what they speak of: their domain and their answer's key."""
    kinds: dict[str, Blocks] = {}
    for block in blocks:
        kinds[_kind(block)] = (*kinds.get(_kind(block), ()), block)
    return kinds


def _fillers(said: Utterance) -> dict[str, str]:
    return {slot.name: said.text[slot.start : slot.end] for slot in said.slots}


def _alike(one: Blocks, other: Blocks) -> Iterator[Counterpart]:
    sides = [by_kind(one), by_kind(other)]
    for kind in sorted(sides[0].keys() & sides[1].keys()):
        yield _name(sides[0][kind], sides[1][kind]), (sides[0][kind], sides[1][kind])


def _name(one: Blocks, other: Blocks) -> str:
    return " ".join((one[0].intent, other[0].intent, one[0].frame, _kind(one[0])))


def _kind(block: SentenceBlock) -> str:
    return f"{block.slots.get('domain', '')} {block.response}"
