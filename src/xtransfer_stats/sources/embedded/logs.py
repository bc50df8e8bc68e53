"""Logs of commands, planned without a language and told in any: what question answering is asked on.

Against shortcuts each place has two attributes and each attribute two places, with four different numbers
from one range: neither the place, nor the attribute, nor a number's size alone finds the answer
(chance 1/4).
"""

import random
from dataclasses import dataclass

from xtransfer_stats.sources.embedded.commands import Speaker
from xtransfer_stats.sources.embedded.draws import overlap
from xtransfer_stats.sources.embedded.names import name_of, stop

Frame = tuple[str, str]
LONGEST = 70


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something a place has: the frame that sets it, the slots of place and value, the frame that asks."""

    tell: Frame
    place: str
    value: str
    ask: Frame | None = None


AREA_HEAT = Attribute(
    ("HassClimateSetTemperature", "area_temperature"), "area", "temperature", ("HassClimateGetTemperature", "area_only")
)
AREA_LIGHT = Attribute(("HassLightSet", "area_brightness"), "area", "brightness")
NAME_HEAT = Attribute(
    ("HassClimateSetTemperature", "name_temperature"), "name", "temperature", ("HassClimateGetTemperature", "name_only")
)
NAME_LIGHT = Attribute(("HassLightSet", "name_brightness"), "name", "brightness")
TIMER = Attribute(("HassStartTimer", "name_minutes"), "name", "minutes", ("HassTimerStatus", "name_only"))
# A command without a value, to lengthen a log.
ASIDE = Attribute(("HassTurnOff", "area_domain"), "area", "")


@dataclass(frozen=True, slots=True)
class Entry:
    """One command of a log: `code` names the place."""

    attribute: Attribute
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """Commands in their order and the (attribute, place) pairs that are asked for, present or not."""

    entries: tuple[Entry, ...]
    asked: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class LogText:
    """A log in words: by (attribute, place code) where a value starts, the value, the command."""

    text: str
    starts: dict[tuple[Attribute, str], tuple[int, str]]
    commands: dict[tuple[Attribute, str], str]


def values(rng: random.Random, count: int) -> list[str]:
    """Different numbers of two digits from one range, whatever they measure."""
    return [str(number) for number in rng.sample(range(10, 60), count)]


def full_log(rng: random.Random, attributes: tuple[Attribute, Attribute], codes: tuple[str, ...], asides: int) -> Log:
    """Two places with both attributes; asked are two of the pairs, of different places."""
    places = rng.sample(codes, 2 + asides)
    pairs = [(attribute, place) for attribute in attributes for place in places[:2]]
    entries = [Entry(*pair, value) for pair, value in zip(pairs, values(rng, 4), strict=True)]
    askable = [entry for entry in entries if entry.attribute.ask]
    asked = [rng.choice([entry for entry in askable if entry.code == place]) for place in rng.sample(places[:2], 2)]
    extra = [Entry(ASIDE, place) for place in places[2:]]
    return Log(tuple(rng.sample(entries + extra, len(entries + extra))), tuple(asked))


def gapped_log(rng: random.Random, attributes: tuple[Attribute, Attribute], codes: tuple[str, ...]) -> Log:
    """Three places, of which two have one attribute each; asked are two pairs, about a third of them absent.

    A place with one attribute is asked for both, so that a gap alone does not tell an unanswerable question.
    """
    x, y, z = rng.sample(codes, 3)
    first, second = attributes
    pairs = [(first, x), (first, y), (second, x), (second, z)]
    entries = [Entry(*pair, value) for pair, value in zip(pairs, values(rng, 4), strict=True)]
    every = [Entry(attribute, place) for attribute in attributes if attribute.ask for place in (x, y, z)]
    return Log(tuple(rng.sample(entries, 4)), tuple(rng.sample(every, 2)))


def tell(speaker: Speaker, entry: Entry, rng: random.Random) -> tuple[str, int] | None:
    """A command that sets the entry's value, and where the value starts in it; None when none was found."""
    fill = {entry.attribute.place: _place(speaker, entry)}
    if entry.value:
        fill[entry.attribute.value] = entry.value
    said = speaker.command(*entry.attribute.tell, rng, fill, LONGEST)
    slot = said.slot(entry.attribute.value) if said else None
    return (said.text, slot.start if slot else -1) if said else None


def tell_log(speaker: Speaker, log: Log, rng: random.Random) -> LogText | None:
    """The log in words; None when a command was not found."""
    text, starts, commands = "", {}, {}
    for entry in log.entries:
        command = tell(speaker, entry, rng)
        if command is None:
            return None
        words, start = command
        starts[entry.attribute, entry.code] = (len(text) + start, entry.value)
        commands[entry.attribute, entry.code] = words
        text += words + stop(speaker.language)
    return LogText(text.rstrip(), starts, commands)


def ask(speaker: Speaker, entry: Entry, rng: random.Random) -> str | None:
    """A question for the entry's attribute at its place; None when none was found or none can be asked."""
    if entry.attribute.ask is None:
        return None
    said = speaker.command(*entry.attribute.ask, rng, {entry.attribute.place: _place(speaker, entry)}, LONGEST)
    return said.text if said else None


def margin(question: str, log_text: LogText, entry: Entry) -> float:
    """By how much the asked command's surface overlap with the question beats every other's, -1 to 1."""
    scores = {key: overlap(question, command) for key, command in log_text.commands.items()}
    right = scores.pop((entry.attribute, entry.code), 0.0)
    return right - max(scores.values())


def _place(speaker: Speaker, entry: Entry) -> str:
    return name_of(speaker.language, "city", speaker.split, entry.code)
