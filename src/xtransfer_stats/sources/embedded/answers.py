"""LAReQA twin: a question searches the command that set what it asks for, in a pool of all languages.

Every language says the same set of commands. Beside the right one stand, in the question's own language, the
same place with its other attribute and the same attribute of other places.
"""

from collections.abc import Iterator

from xtransfer_stats.sources.embedded import logs
from xtransfer_stats.sources.embedded.log_qa import CLIMATE, CLIMATE_LANGUAGES
from xtransfer_stats.sources.embedded.logs import Attribute, Entry
from xtransfer_stats.sources.embedded.parallel import shared_codes
from xtransfer_stats.sources.embedded.registry import pool_twin
from xtransfer_stats.sources.embedded.seeds import RngFor, rng_for
from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.source import Passage, Query
from xtransfer_stats.tasks.task import Family

PLACES = 60
QUESTIONS_PER_PLACE = 2


@pool_twin(
    "lareqa",
    family=Family.ANSWER_RETRIEVAL,
    languages=CLIMATE_LANGUAGES,
    sizes={"test": PLACES * QUESTIONS_PER_PLACE},
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
    asked = next(attribute for attribute in CLIMATE if attribute.ask)
    for turn in range(QUESTIONS_PER_PLACE):
        for code in codes:
            question = logs.ask(speaker, Entry(asked, code), rng_for("question", code, turn))
            if question:
                name = f"{speaker.language}:question-{turn}-{code}"
                gold = tuple(_id(language, asked, code) for language in CLIMATE_LANGUAGES)
                yield Query(name, Passage(name, question, speaker.language), gold)


def _passages(speaker: Speaker, codes: tuple[str, ...], rng_for: RngFor) -> Iterator[Passage]:
    for code in codes:
        for attribute in CLIMATE:
            value = logs.values(rng_for("value", code, attribute.value), 1)[0]
            told = logs.tell(speaker, Entry(attribute, code, value), rng_for("tell", code, attribute.value))
            if told:
                yield Passage(_id(speaker.language, attribute, code), told[0], speaker.language)


def _id(language: str, attribute: Attribute, code: str) -> str:
    return f"{language}:{attribute.value}-{code}"
