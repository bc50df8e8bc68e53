"""Commands of one language and split: names of the split's part, and surfaces that no other split has.

And acts: things asked of the assistant that have an opposite, with the answer to each (on/off, pause/resume, ...).
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xtransfer_stats.sources.embedded.draws import number_of
from xtransfer_stats.sources.embedded.grammar import Grammar, SentenceBlock, grammar
from xtransfer_stats.sources.embedded.names import Names, names
from xtransfer_stats.sources.embedded.utterance import Utterance

# The kind of name that an open slot list takes; anything not listed takes a language's name.
KIND_OF_LIST = {
    "area": "city",
    "floor": "territory",
    "zone": "territory",
    "shopping_list_item": "currency",
    "todo_list_item": "currency",
}
_TRIES = 40


def surface_part(text: str) -> str:
    """The split in which a sentence may stand: half of all sentences train, a quarter dev and test each."""
    return ("train", "train", "dev", "test")[number_of("surface", text) % 4]


class Speaker:
    """Draws commands of a language for one split.

    Only English has three splits, so only its surfaces are divided. A sentence without a name
    (such as "pause the timer") would otherwise stand in training and test alike.
    """

    def __init__(self, language: str, split: str) -> None:
        self.language, self.split = language, split
        self.grammar: Grammar = grammar(language)
        self.names: Names = names(language)

    def name(self, kind: str, rng: random.Random) -> str:
        """One name of the split's part."""
        return self.names.draw(kind, self.split, rng)[0]

    def words(self, slot_list: str, rng: random.Random) -> str:
        """Words for an open slot list."""
        return self.name(KIND_OF_LIST.get(slot_list, "language"), rng)

    def command(
        self,
        intent: str,
        frame: str,
        rng: random.Random,
        fill: Mapping[str, str] | None = None,
        longest: int = 90,
        **fixed: str,
    ) -> Utterance | None:
        """A sentence of the frame that uses every slot in `fill`, or None if none was found in some tries.

        `fixed` restricts the blocks by their fixed slots, such as domain="light".
        """
        return self.draw(self.grammar.blocks(intent, frame, **fixed), rng, fill, longest)

    def draw(
        self,
        blocks: Sequence[SentenceBlock],
        rng: random.Random,
        fill: Mapping[str, str] | None = None,
        longest: int = 90,
    ) -> Utterance | None:
        """As `command`, from the given blocks, each weighted by its number of templates."""
        if not blocks:
            return None
        weights = [len(block.sentences) for block in blocks]
        for _ in range(_TRIES):
            said = self.grammar.say(rng.choices(blocks, weights)[0], rng, self.words, fill)
            if said and self._fits(said, fill or {}, longest):
                return said
        return None

    def _fits(self, said: Utterance, fill: Mapping[str, str], longest: int) -> bool:
        used = {slot.name for slot in said.slots}
        own = self.language != "en" or surface_part(said.text) == self.split
        return own and len(said.text) <= longest and fill.keys() <= used


@dataclass(frozen=True, slots=True)
class Act:
    """Commands of an intent in some frames and of one domain, and the key of their answer."""

    intent: str
    frames: tuple[str, ...]
    reply: str = "default"
    domain: str = ""
    asks: str = ""  # only blocks whose own answer has this key

    def blocks(self, speaker: Speaker) -> tuple[SentenceBlock, ...]:
        """The templates of this act in the speaker's language."""
        fixed = {"domain": self.domain} if self.domain else {}
        blocks = [b for frame in self.frames for b in speaker.grammar.blocks(self.intent, frame, **fixed)]
        return tuple(b for b in blocks if not self.asks or b.response == self.asks)


_PLACES = ("area_domain", "domain_only", "floor_domain")
_COVERS = ("area_device_class_cover", "device_class_cover")
_NAMED = ("name_only", "area_only", "default")


def _opposites(
    intents: str, frames: tuple[str, ...], reply: str = "default", domain: str = "", asks: str = ""
) -> tuple[Act, Act]:
    one, other = (Act(intent, frames, reply, domain, asks) for intent in intents.split())
    return one, other


# Each topic is an act and its opposite; topics are unrelated to each other.
TOPICS: dict[str, tuple[Act, Act]] = {
    "light": _opposites("HassTurnOn HassTurnOff", _PLACES, "lights_area", "light"),
    "fan": _opposites("HassTurnOn HassTurnOff", _PLACES, "fans_area", "fan"),
    "cover": _opposites("HassTurnOn HassTurnOff", _COVERS, "cover"),
    "lock": _opposites("HassTurnOn HassTurnOff", ("name_only",), "lock", asks="lock"),
    "timer": _opposites("HassUnpauseTimer HassPauseTimer", _NAMED),
    "media": _opposites("HassMediaUnpause HassMediaPause", _NAMED),
    "sound": _opposites("HassMediaPlayerUnmute HassMediaPlayerMute", _NAMED),
    "vacuum": _opposites("HassVacuumStart HassVacuumReturnToBase", ("name_only",)),
    "mower": _opposites("HassLawnMowerStartMowing HassLawnMowerDock", _NAMED),
}


class Stage:
    """The topics that a language can speak of: both acts have commands, and answers that differ.

    An answer that two topics share is left out with the later topic, lest a choice have two right answers.
    """

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker

    @cached_property
    def topics(self) -> dict[str, tuple[Act, Act]]:
        """Topic -> its two acts."""
        topics: dict[str, tuple[Act, Act]] = {}
        taken: set[str | None] = {None}
        for topic, acts in TOPICS.items():
            replies = {self.reply(act) for act in acts}
            if len(replies) == 2 and not replies & taken and all(act.blocks(self.speaker) for act in acts):
                topics[topic] = acts
                taken |= replies
        return topics

    @cached_property
    def acts(self) -> tuple[tuple[str, int], ...]:
        """(topic, side) of every act."""
        return tuple((topic, side) for topic in self.topics for side in (0, 1))

    def reply(self, act: Act) -> str | None:
        """What the assistant answers, or None."""
        return self.speaker.grammar.response(act.intent, act.reply)

    def reply_to(self, topic: str, side: int) -> str:
        """The answer to an act of a topic that the language has."""
        return self.reply(self.topics[topic][side]) or ""

    def command(self, topic: str, side: int, rng: random.Random) -> Utterance | None:
        """A command of an act."""
        return self.speaker.draw(self.topics[topic][side].blocks(self.speaker), rng)

    def others(self, topic: str) -> Sequence[str]:
        """The topics but one."""
        return [other for other in self.topics if other != topic]
