"""Tatoeba and BUCC twins: a sentence in one language searches its English counterpart.

Two genres: error sentences with localised names, and (in every language) phrases of the CLDR. Names come in
blocks, so that among the candidates stand the same sentence with another name and another sentence with the
same name: neither the frame nor the names alone find the partner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, product
from random import Random

from xtransfer_stats.sources.embedded import grammar
from xtransfer_stats.sources.embedded.draws import RngFor, rng_for
from xtransfer_stats.sources.embedded.names import codes, names, shared_codes
from xtransfer_stats.sources.embedded.registry import need, pool_twin
from xtransfer_stats.sources.source import Passage, Query
from xtransfer_stats.tasks.task import Family

# Every language of the catalogue but English and Haitian, whose CLDR entry Babel fills with French.
LANGUAGES = codes(
    "af ar az bg bn de el es et eu fa fi fr gu he hi hu id it ja jv ka kk ko lt ml mr ms my nl pa pl pt "
    "qu ro ru sw ta te th tl tr uk ur vi wo yo zh"
)
BUCC_LANGUAGES = ("de", "fr", "ru", "zh")
ERRORS = {
    "no_area": ("area",),
    "no_floor": ("floor",),
    "no_entity": ("entity",),
    "no_entity_exposed": ("entity",),
    "duplicate_entities": ("entity",),
    "no_entity_in_area": ("entity", "area"),
    "no_entity_in_floor": ("entity", "floor"),
    "no_entity_in_area_exposed": ("entity", "area"),
    "duplicate_entities_in_area": ("entity", "area"),
    "duplicate_entities_in_floor": ("entity", "floor"),
}
KIND_OF_VARIABLE = {"entity": "language", "area": "territory", "floor": "territory"}
BLOCKS = 40
PARTNERED, ALONE_HERE = 0.25, 0.375


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence without a language: an error's key or "" for a phrase, a month, names' codes or ""."""

    key: str
    spoken: str
    place: str
    month: int

    @property
    def name(self) -> str:
        """The id, the same in every language."""
        return f"{self.key or 'phrase'}-{self.spoken}-{self.place}-{self.month}"


def _partner(item: Item) -> str:
    return f"en:{item.name}"


@pool_twin("tatoeba", family=Family.SENTENCE_RETRIEVAL, languages=LANGUAGES)
def tatoeba(language: str, split: str, rng_for: RngFor) -> tuple[Iterator[Query], Iterator[Passage]]:
    """Sentences of the language and the English of each item that the language can say."""
    said = {item: text for item in items("tatoeba", split) if (text := say(item, language))}
    queries = (_query(item, text, language, (_partner(item),)) for item, text in said.items())
    return queries, _english(tuple(said))


@pool_twin("bucc2018", family=Family.BITEXT_MINING, languages=BUCC_LANGUAGES)
def bucc2018(language: str, split: str, rng_for: RngFor) -> tuple[Iterator[Query], Iterator[Passage]]:
    """Sentences of which 60 % have no partner, and as many English ones without."""
    draw = rng_for("partners")
    said = {item: text for item in items("bucc2018", split) if (text := say(item, language))}
    lot = {item: draw.random() for item in said}
    here = [item for item in said if lot[item] < PARTNERED + ALONE_HERE]
    gold = {item: (_partner(item),) if lot[item] < PARTNERED else () for item in here}
    there = tuple(item for item in said if not PARTNERED <= lot[item] < PARTNERED + ALONE_HERE)
    return (_query(item, said[item], language, gold[item]) for item in here), _english(there)


def _query(item: Item, text: str, language: str, gold: tuple[str, ...]) -> Query:
    return Query(f"{language}:{item.name}", Passage(f"{language}:{item.name}", text, language), gold)


def _english(wanted: tuple[Item, ...]) -> Iterator[Passage]:
    for item in wanted:
        text = say(item, "en")
        if text:
            yield Passage(_partner(item), text, "en")


@cache
def items(dataset: str, split: str) -> tuple[Item, ...]:
    """The data set's items, error sentences and phrases in turn."""
    rng = rng_for(dataset, split, "items")
    blocks = (zip(_errors(rng, split), _phrases(rng, split), strict=True) for _ in range(BLOCKS))
    return tuple(dict.fromkeys(chain.from_iterable(chain.from_iterable(blocks))))


def _errors(rng: Random, split: str) -> list[Item]:
    """Two sentences with each of three pairs of names, without those that a sentence has no place for."""
    keys = rng.sample(sorted(ERRORS), 2)
    return [_error(key, *pair) for pair in _pairs(rng, split) for key in keys]


def _error(key: str, spoken: str, place: str) -> Item:
    kinds = {KIND_OF_VARIABLE[variable] for variable in ERRORS[key]}
    return Item(key, spoken if "language" in kinds else "", place if "territory" in kinds else "", 0)


def _phrases(rng: Random, split: str) -> list[Item]:
    """Two months with each of three pairs of names."""
    months = rng.sample(range(1, 13), 2)
    return [Item("", *pair, month) for pair in _pairs(rng, split) for month in months]


def _pairs(rng: Random, split: str) -> list[tuple[str, str]]:
    """Three of the four pairs of two languages and two territories."""
    spoken = rng.sample(shared_codes((*LANGUAGES, "en"), "language", split), 2)
    places = rng.sample(shared_codes((*LANGUAGES, "en"), "territory", split), 2)
    return rng.sample(list(product(spoken, places)), 3)


def say(item: Item, language: str) -> str | None:
    """The item in a language's words; None when the language has no such sentence."""
    own = names(language)
    codes_of = {"language": item.spoken, "territory": item.place}
    words = {kind: own.pool(kind)[code] for kind, code in codes_of.items() if code}
    if not item.key:
        return _phrase(language, item.month, [words["territory"], words["language"]])
    if language not in grammar.LANGUAGES:
        return None
    fill = {variable: words[KIND_OF_VARIABLE[variable]] for variable in ERRORS[item.key]}
    return grammar.grammar(language).error(item.key, **fill)


def _phrase(language: str, month: int, words: list[str]) -> str:
    """A month and a list of two, as in "March: Japan and French"."""
    locale = need("babel.core").Locale.parse(language)
    listed = need("babel.lists").format_list(words, locale=locale)
    # Not "stand-alone": Babel resolves that alias to whichever language was read before.
    return f"{locale.months['format']['wide'][month]}: {listed}"
