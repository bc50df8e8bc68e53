"""CCG twin: each word's supertag is the grammar rule that it was expanded from.

As a lexical category tells how a word combines, a tag here is the word's place in the parse tree: the
innermost rule or list on its path, or the intent of the sentence for a word of the template itself. The same
word has many tags ("set" starts a timer, a temperature, a brightness). English only: an intermediate task.
"""

from collections.abc import Iterator

from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, twin
from xtransfer_stats.sources.embedded.roots import codes
from xtransfer_stats.sources.embedded.seeds import RngFor
from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.embedded.tokens import Token, tokens
from xtransfer_stats.sources.embedded.utterance import Utterance
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
LABELS = (*RULES, *INTENTS, OTHER)
_KNOWN = frozenset(LABELS)
_TRIES = 200


@twin("ccg", family=Family.TAGGING, labels=LABELS, languages=("en",), translations=TRANSLATIONS)
def ccg(language: str, split: str, rng_for: RngFor) -> Iterator[Tagging]:
    """Commands, each frame as likely as another."""
    speaker, rng = Speaker(language, split), rng_for("commands")
    frames = sorted(speaker.grammar.frames)
    seen: set[str] = set()
    since = 0
    while since < _TRIES:
        said, since = speaker.command(*rng.choice(frames), rng), since + 1
        if said and said.text not in seen:
            seen.add(said.text)
            since = 0
            yield supertags(said)


def supertags(said: Utterance) -> Tagging:
    """The command's tokens with their supertags."""
    cut = tokens(said.text, ())
    tags = tuple(_tag(said, token) for token in cut)
    return Tagging("", tuple(token.text for token in cut), tags, tuple(token.joined for token in cut))


def _tag(said: Utterance, token: Token) -> str:
    pieces = (piece for piece in said.pieces if piece.start <= token.start < piece.end)
    rules = next((piece.rules for piece in pieces), ())
    tag = rules[-1] if rules else said.intent
    return tag if tag in _KNOWN else OTHER
