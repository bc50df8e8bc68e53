"""PAN-X twin: slots of commands as BIO tags.

Lower-cased, so that capitals tell nothing; places are cities or territories, names are languages or
currencies, and no name of a test is seen in training. A slot's edges always cut a token:
where a language glues a case ending or an article to a name, the first sub-word would else carry the wrong
tag. A number's class is told by the words around it, not by its digits.
"""

from collections.abc import Iterator
from random import Random

from xtransfer_stats.sources.embedded.registry import twin
from xtransfer_stats.sources.embedded.roots import codes
from xtransfer_stats.sources.embedded.seeds import RngFor
from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.embedded.tokens import BY_CHARACTER, Token, tokens
from xtransfer_stats.sources.embedded.utterance import Slot, Utterance
from xtransfer_stats.sources.source import Tagging
from xtransfer_stats.tasks.task import Family

LANGUAGES = codes("af ar bg bn de el en es et eu fa fi fr he hi hu it ko lt ml nl pl pt ro ru th uk vi zh")
CLASSES = ("PLACE", "NAME", "DEGREE", "LEVEL", "TIME", "COLOR")
LABELS = ("O", *(f"{edge}-{kind}" for kind in CLASSES for edge in "BI"))
CLASS_OF_SLOT = {
    "area": "PLACE",
    "floor": "PLACE",
    "name": "NAME",
    "color": "COLOR",
    "temperature": "DEGREE",
    **dict.fromkeys(codes("brightness position percentage volume_level volume_step"), "LEVEL"),
    **dict.fromkeys(codes("minutes hours seconds start_minutes start_hours start_seconds"), "TIME"),
}
# Each command has one of these: numbers are soon known by their digits, names never seen are not.
NAMED = frozenset({"area", "floor", "name"})
_NUMBERS = frozenset({"DEGREE", "LEVEL", "TIME"})
# Slots that take any words and have no class: a name in one would carry the tag O.
OPEN_SLOTS = frozenset({"message", "item", "search_query", "conversation_command", "state"})
_TRIES = 400


@twin("panx", family=Family.TAGGING, labels=LABELS, languages=LANGUAGES)
def panx(language: str, split: str, rng_for: RngFor) -> Iterator[Tagging]:
    """Commands that name a place or a thing, each frame as likely as another."""
    speaker, rng = Speaker(language, split), rng_for("commands")
    frames = [key for key in sorted(speaker.grammar.frames) if NAMED & set(key[1].split("_"))]
    seen: set[str] = set()
    since = 0
    while since < _TRIES:
        said, since = _draw(speaker, frames, rng), since + 1
        if said and said.text not in seen and _fits(said):
            seen.add(said.text)
            since = 0
            yield bio(said, language)


def _fits(said: Utterance) -> bool:
    used = {slot.name for slot in said.slots}
    return bool(used & NAMED) and not used & OPEN_SLOTS


def _tagged(said: Utterance) -> list[Slot]:
    """Slots with a class; what is measured is a number ("warm white" and "the maximum" are none)."""
    classed = [(slot, CLASS_OF_SLOT[slot.name]) for slot in said.slots if slot.name in CLASS_OF_SLOT]
    return [slot for slot, kind in classed if kind not in _NUMBERS or said.text[slot.start].isdigit()]


def _draw(speaker: Speaker, frames: list[tuple[str, str]], rng: Random) -> Utterance | None:
    intent, frame = rng.choice(frames)
    kind = rng.choice(("language", "currency"))
    fill = {"name": speaker.name(kind, rng)} if "name" in frame.split("_") else {}
    return speaker.command(intent, frame, rng, fill)


def bio(said: Utterance, language: str) -> Tagging:
    """The command's tokens, lower-cased, with BIO tags of its slots."""
    slots = _tagged(said)
    edges = [edge for slot in slots for edge in (slot.start, slot.end)]
    cut = tokens(said.text, edges, language in BY_CHARACTER)
    return Tagging(
        "",
        tuple(token.text.lower() for token in cut),
        tuple(_tag(token, slots) for token in cut),
        tuple(token.joined for token in cut),
    )


def _tag(token: Token, slots: list[Slot]) -> str:
    for slot in slots:
        if slot.start <= token.start < slot.end:
            return f"{'B' if token.start == slot.start else 'I'}-{CLASS_OF_SLOT[slot.name]}"
    return "O"
