"""Twin of PAWS-X: two wordings of one command, or of a command and its opposite with the same fillers.

The overlap of the two wordings is matched over labels, so that only the meaning tells.
"""

import random
from collections.abc import Iterator
from functools import partial

from xtransfer_stats.sources.embedded.grammar import LANGUAGES, Block
from xtransfer_stats.sources.embedded.registry import twin
from xtransfer_stats.sources.embedded.seeds import RngFor
from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.embedded.streams import matched
from xtransfer_stats.sources.source import Classification
from xtransfer_stats.tasks.task import Family

LABELS = ("0", "1")  # 1: paraphrases, as in the files of PAWS-X
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
# The same act on another kind of thing is no paraphrase either.
_DOMAINS = ("light", "fan")
_PLACED = ("area_domain", "floor_domain", "domain_only")

Blocks = tuple[Block, ...]
# A name and its two sides, the blocks of each.
Counterpart = tuple[str, tuple[Blocks, Blocks]]


@twin("pawsx", family=Family.CLASSIFICATION, labels=LABELS, languages=LANGUAGES)
def pawsx(language: str, split: str, rng_for: RngFor) -> Iterator[Classification]:
    """Pairs of commands in every language that has templates."""
    wordings = Wordings(Speaker(language, split))
    rng = rng_for()
    return matched({label: partial(wordings.pair, label, rng) for label in LABELS}, rng)


class Wordings:
    """The commands of a language that have a counterpart: another intent, or domain, in the same frame."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        groups = [*self._by_intent(), *self._by_domain()]
        # Intents have one frame or thirty: the pair of intents is drawn first, then the frame.
        self._groups = tuple(group for group in groups if group)

    def pair(self, label: str, rng: random.Random) -> tuple[str, Classification] | None:
        """A frame and two wordings, of one side of a counterpart (label 1) or of both."""
        name, sides = rng.choice(rng.choice(self._groups))
        one, other = rng.sample(sides, 2)
        return reworded(self._speaker, one, one if label == "1" else other, label, name, rng)

    def _by_intent(self) -> Iterator[list[Counterpart]]:
        frames = self._speaker.grammar.frames
        for one, other in OPPOSITES:
            shared = [frame for intent, frame in frames if intent == one and (other, frame) in frames]
            yield [found for frame in shared for found in _alike(frames[one, frame], frames[other, frame])]

    def _by_domain(self) -> Iterator[list[Counterpart]]:
        for intent in ("HassTurnOn", "HassTurnOff"):
            sides = [[self._speaker.grammar.blocks(intent, f, domain=d) for d in _DOMAINS] for f in _PLACED]
            yield [(_name(light, fan), (light, fan)) for light, fan in sides if light and fan]


def reworded(
    speaker: Speaker, one: Blocks, other: Blocks, label: str, stratum: str, rng: random.Random
) -> tuple[str, Classification] | None:
    """A sentence of each of two sides with the same fillers, or None when the draw fails."""
    first = speaker.draw(one, rng)
    if first is None:
        return None
    fill = {slot.name: first.text[slot.start : slot.end] for slot in first.slots}
    second = speaker.draw(other, rng, fill)
    if second is None or second.text == first.text or len(second.slots) != len(first.slots):
        return None
    return stratum, Classification("", first.text, label, second.text)


def _alike(one: Blocks, other: Blocks) -> Iterator[Counterpart]:
    """Sides of one kind of thing each: blocks whose domain and whose answer's key are equal."""
    sides = [by_kind(one), by_kind(other)]
    for kind in sorted(sides[0].keys() & sides[1].keys()):
        yield _name(sides[0][kind], sides[1][kind]), (sides[0][kind], sides[1][kind])


def _name(one: Blocks, other: Blocks) -> str:
    return " ".join((one[0].intent, other[0].intent, one[0].frame, kind_of(one[0])))


def kind_of(block: Block) -> str:
    """What a block speaks of, within its intent and frame."""
    return f"{block.slots.get('domain', '')} {block.response}"


def by_kind(blocks: Blocks) -> dict[str, Blocks]:
    """Blocks by what they speak of."""
    kinds: dict[str, Blocks] = {}
    for block in blocks:
        kinds[kind_of(block)] = (*kinds.get(kind_of(block), ()), block)
    return kinds
