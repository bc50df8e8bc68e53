"""Mewsli-X twin: a territory named in a command searches its description in another language.

A description gives currency, language and cities; the territory's name, and words that share its root, are
withheld. Half of the territories are described in each language; a language's questions are about the other
half, so that every right description stands in another language. Homonyms and near names (the Congos, the
Guineas, Niger and Nigeria) stand in one pool and are told apart by what is described.
"""

from collections.abc import Iterator
from functools import cache
from random import Random

from xtransfer_stats.sources.embedded.commands import Speaker
from xtransfer_stats.sources.embedded.draws import RngFor, number_of
from xtransfer_stats.sources.embedded.names import codes, name_of, names, root, shared_codes, shared_start, words
from xtransfer_stats.sources.embedded.registry import need, pool_twin
from xtransfer_stats.sources.source import Passage, Query
from xtransfer_stats.tasks.task import Family

LANGUAGES = codes(
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja ka ko lt ml nl pl pt ro ru ta te th tr uk ur vi zh"
)
# Questions about one territory.
TURNS = {"train": 40, "dev": 20, "test": 7}
COMMANDS = (("HassTurnOn", "area_domain"), ("HassTurnOff", "area_domain"))
_WITHOUT_SPACES = {"zh", "ja", "th"}
_OFFICIAL = {"official", "de_facto_official"}


@pool_twin("mewslix", family=Family.ENTITY_RETRIEVAL, languages=LANGUAGES)
def mewslix(language: str, split: str, rng_for: RngFor) -> tuple[Iterator[Query], Iterator[Passage]]:
    """Commands that name a territory, and the descriptions in the language."""
    return _queries(Speaker(language, split), rng_for), _descriptions(language, split)


def _queries(speaker: Speaker, rng_for: RngFor) -> Iterator[Query]:
    split = speaker.split
    for turn in range(TURNS[split]):
        for code in _territories(split):
            gold = tuple(f"{other}:{code}" for other in _spoken(split) if _described(other, split, code))
            rng = rng_for("question", code, turn)
            passage = _mention(speaker, code, f"{speaker.language}:question-{turn}-{code}", rng)
            if passage and not (split == "test" and _described(speaker.language, split, code)):
                yield Query(passage.id, passage, gold)


def _mention(speaker: Speaker, code: str, name: str, rng: Random) -> Passage | None:
    territory = name_of(speaker.language, "territory", speaker.split, code)
    said = speaker.command(*rng.choice(COMMANDS), rng, {"area": territory})
    slot = said.slot("area") if said else None
    if said is None or slot is None:
        return None
    return Passage(name, said.text, speaker.language, mention=(slot.start, slot.end))


def _descriptions(language: str, split: str) -> Iterator[Passage]:
    for code in _territories(split):
        if _described(language, split, code):
            yield Passage(f"{language}:{code}", describe(language, code), language)


def _spoken(split: str) -> tuple[str, ...]:
    return LANGUAGES if split == "test" else ("en",)


def _described(language: str, split: str, code: str) -> bool:
    """Whether the language describes the territory: training is English throughout."""
    return split != "test" or number_of("described", language, code) % 2 == 0


@cache
def _territories(split: str) -> tuple[str, ...]:
    """Territories with a name, a city and another fact in every language of the split, in a fixed order.

    Without a city, colonies and neighbours would have the same description.
    """
    spoken = _spoken(split)
    named = shared_codes(spoken, "territory", split)
    distinct = [code for code in named if all(_tells_enough(language, code) for language in spoken)]
    return tuple(sorted(distinct, key=lambda code: number_of("territory", code)))


def _tells_enough(language: str, code: str) -> bool:
    kinds = [kind for kind, _ in _facts_in_words(language, code)]
    return "city" in kinds and len(kinds) > 1


@cache
def describe(language: str, code: str) -> str:
    """Currency, languages and cities of a territory in a language's words, "" if nothing is left to say."""
    return ", ".join(fact for _, fact in _facts_in_words(language, code))


def _facts_in_words(language: str, code: str) -> list[tuple[str, str]]:
    own = names(language)
    territory = own.pool("territory").get(code, "")
    facts = [(kind, withhold(own.pool(kind).get(fact, ""), territory, language)) for kind, fact in _facts(code)]
    return [(kind, fact) for kind, fact in dict.fromkeys(facts) if fact]


@cache
def _facts(code: str) -> tuple[tuple[str, str], ...]:
    """(kind, code) of what is told: today's currency, two official languages, two cities."""
    glob = need("babel.core").get_global
    currencies = [row[0] for row in glob("territory_currencies").get(code, ()) if row[2] is None and row[3]]
    shares = glob("territory_languages").get(code, {})
    spoken = [name for name, share in shares.items() if share["official_status"] in _OFFICIAL]
    zones = sorted(glob("territory_zones").get(code, ()))
    facts = (("currency", currencies[:1]), ("language", spoken[:2]), ("city", zones[:2]))
    return tuple((kind, fact) for kind, few in facts for fact in few)


def withhold(fact: str, territory: str, language: str) -> str:
    """The fact without the words that share a root with the territory's name.

    A root is the first letters of a word without article and vowel signs; where words are not spaced, a
    common beginning of two characters.
    """
    if language in _WITHOUT_SPACES:
        shared = shared_start(fact, territory)
        left = fact[shared:].strip()
        return fact if shared < 2 else left if len(left) > 1 else ""
    roots = {root(word) for word in words(territory)}
    return " ".join(word for word in fact.split() if not roots.intersection(map(root, words(word))))
