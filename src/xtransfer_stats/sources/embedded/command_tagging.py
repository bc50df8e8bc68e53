"""PAN-X twin: slots of commands as BIO tags.

Lower-cased, so that capitals tell nothing; places are cities or territories, names are languages or
currencies, and no name of a test is seen in training. A slot's edges always cut a token:
where a language glues a case ending or an article to a name, the first sub-word would else carry the wrong
tag. A number's class is told by the words around it, not by its digits.
"""

from collections.abc import Iterator
from random import Random

from xtransfer_stats.sources.embedded.commands import Speaker
from xtransfer_stats.sources.embedded.draws import RngFor
from xtransfer_stats.sources.embedded.names import codes
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, twin
from xtransfer_stats.sources.embedded.utterance import BY_CHARACTER, Slot, Token, Utterance, tokens
from xtransfer_stats.sources.source import Tagging
from xtransfer_stats.tasks.task import Family

# Rules, lists and intents of the English templates. Written out, so that the tag set is known without the
# packages and stays the same when they grow; what is not here is tagged OTHER.
RULES = codes(
    "all any area brightness brightness_level bs_occupancy_states bs_open_states clean close color "
    "color_temperature color_temperature_names cover_classes cover_states everywhere fan_mode fan_speed "
    "floor here home how_is how_many in is light lock_states lockable media media_class message name "
    "numeric_value_set on_off_states open position search_query set shopping_list_item temp temperature "
    "the timer_cancel timer_command timer_half timer_hours timer_minutes timer_name timer_remove "
    "timer_seconds timer_set todo_list_item track turn volume volume_step volume_step_down volume_step_up "
    "what_is where_is which zone"
)
INTENTS = codes(
    "HassBroadcast HassCancelAllTimers HassCancelTimer HassClimateGetTemperature HassClimateSetFanMode "
    "HassClimateSetTemperature HassDecreaseTimer HassFanSetSpeed HassGetCurrentDate HassGetCurrentTime "
    "HassGetState HassGetWeather HassIncreaseTimer HassLawnMowerDock HassLawnMowerStartMowing "
    "HassLightSet HassListAddItem HassListCompleteItem HassListRemoveItem HassMediaNext HassMediaPause "
    "HassMediaPlayerMute HassMediaPlayerUnmute HassMediaPrevious HassMediaSearchAndPlay HassMediaUnpause "
    "HassNevermind HassPauseTimer HassRespond HassSetPosition HassSetVolume HassSetVolumeRelative "
    "HassShoppingListAddItem HassShoppingListCompleteItem HassStartTimer HassTimerStatus HassTurnOff "
    "HassTurnOn HassUnpauseTimer HassVacuumCleanArea HassVacuumReturnToBase HassVacuumStart"
)
OTHER = "other"
SUPERTAGS = (*RULES, *INTENTS, OTHER)
_KNOWN = frozenset(SUPERTAGS)
_CCG_TRIES = 200


@twin("ccg", family=Family.TAGGING, labels=SUPERTAGS, languages=("en",), translations=TRANSLATIONS)
def ccg(language: str, split: str, rng_for: RngFor) -> Iterator[Tagging]:
    """Commands, each frame as likely as another."""
    speaker, rng = Speaker(language, split), rng_for("commands")
    frames = sorted(speaker.grammar.frames)
    seen: set[str] = set()
    since = 0
    while since < _CCG_TRIES:
        said, since = speaker.command(*rng.choice(frames), rng), since + 1
        if said and said.text not in seen:
            seen.add(said.text)
            since = 0
            yield supertags(said)


def supertags(said: Utterance) -> Tagging:
    """The command's tokens with their supertags."""
    cut = tokens(said.text, ())
    tags = tuple(_supertag(said, token) for token in cut)
    return Tagging("", tuple(token.text for token in cut), tags, tuple(token.joined for token in cut))


def _supertag(said: Utterance, token: Token) -> str:
    pieces = (piece for piece in said.pieces if piece.start <= token.start < piece.end)
    rules = next((piece.rules for piece in pieces), ())
    tag = rules[-1] if rules else said.intent
    return tag if tag in _KNOWN else OTHER


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
