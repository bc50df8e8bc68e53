"""Twins of span QA and LAReQA: questions about what commands have set.

Span QA: a log of commands, a question about one of them, the answer a number in the log. Item i has the same log,
question and answer in every language, so that ids are parallel. LAReQA: a question searches the command that set what
it asks for, in a pool of all languages. Every language says the same set of commands. Beside the right one stand, in
the question's own language, the same place with its other attribute and the same attribute of other places.
"""

from collections.abc import Callable, Collection, Iterator
from functools import partial
from itertools import count
from random import Random

from xtransfer_stats.sources.embedded import logs
from xtransfer_stats.sources.embedded.commands import Speaker
from xtransfer_stats.sources.embedded.draws import RngFor, rng_for
from xtransfer_stats.sources.embedded.logs import Attribute, Entry, Log, LogText
from xtransfer_stats.sources.embedded.names import codes, shared_codes
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, pool_twin, twin
from xtransfer_stats.sources.source import Answer, Passage, Query, SpanQA
from xtransfer_stats.tasks.task import Family

# Languages with templates for every frame of the flavour.
CLIMATE_LANGUAGES = codes("ar bg de el en es eu fi fr it ko lt ml ms nl pl pt ro ru uk ur vi zh")
TIMER_LANGUAGES = codes("ar bg de el en es eu fi fr it ml nl pl pt ro ru uk zh")
DEVICE_LANGUAGES = codes("ar bg de el en es eu fi fr hi hu it lt ml nl pl pt ro ru th vi zh")
CLIMATE = (logs.AREA_HEAT, logs.AREA_LIGHT)
CLOCK = (logs.AREA_HEAT, logs.TIMER)
DEVICE = (logs.NAME_HEAT, logs.NAME_LIGHT)

PHRASINGS, HARD = 12, 0.75

LogPlan = Callable[..., Log]  # of a generator and the codes of places
_climate: LogPlan = partial(logs.full_log, attributes=CLIMATE, asides=0)
_clock: LogPlan = partial(logs.full_log, attributes=CLOCK, asides=1)
_device: LogPlan = partial(logs.full_log, attributes=DEVICE, asides=0)


def _mixed(rng: Random, codes: tuple[str, ...]) -> Log:
    return rng.choice((_climate, _clock))(rng, codes=codes)


def _gapped(rng: Random, codes: tuple[str, ...]) -> Log:
    return logs.gapped_log(rng, rng.choice((CLIMATE, CLOCK)), codes)


def _register(dataset: str, plan: LogPlan, languages: Collection[str]) -> None:
    @twin(dataset, family=Family.SPAN_QA, languages=languages, translations=TRANSLATIONS)
    def questions(language: str, split: str, rng_for: RngFor) -> Iterator[SpanQA]:
        codes = shared_codes(tuple(sorted({*languages, language})), "city", split)
        speaker = Speaker(language, split)
        for number in count():
            yield from _on_log(dataset, plan, speaker, codes, number)


def _on_log(dataset: str, plan: LogPlan, speaker: Speaker, codes: tuple[str, ...], number: int) -> Iterator[SpanQA]:
    """The questions on one log; none in a language whose templates cannot tell it."""
    name = f"{dataset}-{speaker.split}-{number:04d}"
    log = plan(rng_for(name), codes=codes)
    log_text = logs.tell_log(speaker, log, rng_for(name, speaker.language))
    if log_text is None:
        return
    for turn, entry in enumerate(log.asked):
        question = _question(speaker, log_text, entry, rng_for(name, speaker.language, turn))
        if question:
            start, value = log_text.starts.get((entry.attribute, entry.code), (-1, ""))
            answers = (Answer(value, start),) if value else ()
            yield SpanQA(f"{name}-{turn}", question, log_text.text, answers, name)


def _question(speaker: Speaker, log_text: LogText, entry: Entry, rng: Random) -> str | None:
    """A question for the entry; three of four in the phrasing that resembles the right command least.

    Place and attribute often stand in question and command alike: taken as they come, the command with the
    most overlap is the right one in two of three logs.
    """
    phrasings = [logs.ask(speaker, entry, rng) for _ in range(PHRASINGS)]
    said = [phrasing for phrasing in phrasings if phrasing]
    if not said:
        return None
    hard = rng.random() < HARD
    return min(said, key=lambda phrasing: logs.margin(phrasing, log_text, entry)) if hard else said[0]


_register("squad1", _mixed, ("en",))
_register("squad2", _gapped, ("en",))
# Without the languages whose templates word question and command alike: there the overlap control finds
# two of three answers or more.
_register("xquad", _climate, {*CLIMATE_LANGUAGES} - {"eu", "ko", "ms", "pt"})
_register("mlqa", _clock, {*TIMER_LANGUAGES} - {"el", "eu", "pt", "uk"})
_register("tydiqa", _device, {*DEVICE_LANGUAGES} - {"eu", "pt"})


PLACES = 60
QUESTIONS_PER_PLACE = 2


@pool_twin(
    "lareqa", family=Family.ANSWER_RETRIEVAL, languages=CLIMATE_LANGUAGES, sizes={"test": PLACES * QUESTIONS_PER_PLACE}
)
def lareqa(language: str, split: str, rng_for: RngFor) -> tuple[Iterator[Query], Iterator[Passage]]:
    """Questions on a place's temperature, and all commands of the language."""
    speaker = Speaker(language, split)
    codes = _places(split)
    return _queries(speaker, codes, rng_for), _passages(speaker, codes, rng_for)


def _places(split: str) -> tuple[str, ...]:
    codes = shared_codes(CLIMATE_LANGUAGES, "city", split)
    return tuple(rng_for("lareqa", split, "places").sample(codes, min(PLACES, len(codes))))


def _queries(speaker: Speaker, codes: tuple[str, ...], rng_for: RngFor) -> Iterator[Query]:
    question_on = next(attribute for attribute in CLIMATE if attribute.ask)
    for turn in range(QUESTIONS_PER_PLACE):
        for code in codes:
            question = logs.ask(speaker, Entry(question_on, code), rng_for("question", code, turn))
            if question:
                name = f"{speaker.language}:question-{turn}-{code}"
                gold = tuple(_id(language, question_on, code) for language in CLIMATE_LANGUAGES)
                yield Query(name, Passage(name, question, speaker.language), gold)


def _passages(speaker: Speaker, codes: tuple[str, ...], rng_for: RngFor) -> Iterator[Passage]:
    for code in codes:
        for attribute in CLIMATE:
            value = logs.values(rng_for("value", code, attribute.value), 1)[0]
            command = logs.tell(speaker, Entry(attribute, code, value), rng_for("tell", code, attribute.value))
            if command:
                yield Passage(_id(speaker.language, attribute, code), command[0], speaker.language)


def _id(language: str, attribute: Attribute, code: str) -> str:
    return f"{language}:{attribute.value}-{code}"
