"""Twins of PAN-X and CCG: commands, tagged by their slots or by the grammar rules of their words.

PAN-X: slots as BIO tags. Lower-cased, so that capitals tell nothing; places are cities or territories, names are
languages or currencies, and no name of a test is seen in training. A slot's edges always cut a token: where a language
glues a case ending or an article to a name, the first sub-word would else carry the wrong tag. A number's class is told
by the words around it, not by its digits.

CCG: each word's supertag is the grammar rule that it was expanded from. As a lexical category tells how a word
combines, a tag here is the word's place in the parse tree: the innermost rule or list on its path, or the intent of the
sentence for a word of the template itself. The same word has many tags ("set" starts a timer, a temperature, a
brightness). English only: an intermediate task.
"""

from collections.abc import Iterator
from functools import partial
from operator import attrgetter
from random import Random

from xtransfer_stats.sources.embedded.commands import Speaker
from xtransfer_stats.sources.embedded.draws import RngFor, distinct
from xtransfer_stats.sources.embedded.names import codes
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, twin
from xtransfer_stats.sources.embedded.utterance import BY_CHARACTER, Slot, Token, Utterance, as_tagging, tokens
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
    commands = distinct(lambda: speaker.command(*rng.choice(frames), rng), attrgetter("text"), _CCG_TRIES)
    return map(supertags, commands)


def supertags(command: Utterance) -> Tagging:
    """The command's tokens with their supertags."""
    return as_tagging(tokens(command.text, ()), partial(_supertag, command))


def _supertag(command: Utterance, token: Token) -> str:
    pieces = (piece for piece in command.pieces if piece.start <= token.start < piece.end)
    rules = next((piece.rules for piece in pieces), ())
    tag = rules[-1] if rules else command.intent
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
    commands = distinct(partial(_draw, speaker, frames, rng), attrgetter("text"), _TRIES)
    return (bio(command, language) for command in commands)


def _fits(command: Utterance) -> bool:
    used = {slot.name for slot in command.slots}
    return bool(used & NAMED) and not used & OPEN_SLOTS


def _with_class(command: Utterance) -> list[Slot]:
    """Slots with a class; what is measured is a number ("warm white" and "the maximum" are none)."""
    classed = [(slot, CLASS_OF_SLOT[slot.name]) for slot in command.slots if slot.name in CLASS_OF_SLOT]
    return [slot for slot, kind in classed if kind not in _NUMBERS or command.text[slot.start].isdigit()]


def _draw(speaker: Speaker, frames: list[tuple[str, str]], rng: Random) -> Utterance | None:
    intent, frame = rng.choice(frames)
    kind = rng.choice(("language", "currency"))
    fill = {"name": speaker.name(kind, rng)} if "name" in frame.split("_") else {}
    command = speaker.command(intent, frame, rng, fill)
    return command if command and _fits(command) else None


def bio(command: Utterance, language: str) -> Tagging:
    """The command's tokens, lower-cased, with BIO tags of its slots."""
    slots = _with_class(command)
    edges = [edge for slot in slots for edge in (slot.start, slot.end)]
    cut = tokens(command.text, edges, language in BY_CHARACTER)
    return as_tagging(cut, partial(_tag, slots), str.lower)


def _tag(slots: list[Slot], token: Token) -> str:
    for slot in slots:
        if slot.start <= token.start < slot.end:
            return f"{'B' if token.start == slot.start else 'I'}-{CLASS_OF_SLOT[slot.name]}"
    return "O"
