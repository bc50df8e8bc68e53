"""Twin of CommonsenseQA: facts of the CLDR, five choices: a territory's currency, language or city, and back.

The wrong choices are answers to the same question about other territories. Many answers contain their
territory's name; the right one is nevertheless at every rank of overlap equally often.
"""

import random
from collections.abc import Iterator, Mapping
from functools import cache, partial

from xtransfer_stats.sources.embedded.choice import Draft, ranked
from xtransfer_stats.sources.embedded.draws import RngFor
from xtransfer_stats.sources.embedded.names import Names, names
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, need, twin
from xtransfer_stats.sources.source import Example
from xtransfer_stats.tasks.task import Family

_WRONG = 24  # wrong answers drawn for a question
# Relation -> what is asked of a territory, and of which thing the territory is asked.
QUESTIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "currency": (
        (
            "What is the currency of {}?",
            "What do people pay with in {}?",
            "Which money is used in {}?",
            "What do shops in {} accept?",
        ),
        (
            "Where do people pay with the {}?",
            "In which place is the {} used?",
            "Whose currency is the {}?",
            "Where is the {} money?",
        ),
    ),
    "language": (
        (
            "What language is spoken in {}?",
            "What do people speak in {}?",
            "In which language is school taught in {}?",
            "Which language should a visitor of {} know?",
        ),
        (
            "Where do people speak {}?",
            "In which place is {} spoken?",
            "Where would you hear {}?",
            "Where is {} taught in school?",
        ),
    ),
    "city": (
        (
            "Which city is in {}?",
            "Where could you be when you are in {}?",
            "What town can be visited in {}?",
            "Which place sets its clocks by the time of {}?",
        ),
        (
            "Where is {}?",
            "In which country or region is {}?",
            "What place would you travel to in order to see {}?",
            "To which territory does {} belong?",
        ),
    ),
}


@twin("commonsenseqa", family=Family.MULTIPLE_CHOICE, languages=("en",), translations=TRANSLATIONS)
def commonsenseqa(language: str, split: str, rng_for: RngFor) -> Iterator[Example]:
    """Questions on the territories of the split's part; currencies, languages and cities are of any part."""
    rng = rng_for()
    return ranked(partial(_draft, names(language), split, rng), 5, rng)


def _draft(known: Names, split: str, rng: random.Random) -> Draft | None:
    kind = rng.choice(tuple(QUESTIONS))
    (of_place, of_thing), things_of = QUESTIONS[kind], _READERS[kind]()
    places, things = known.pool("territory", split), known.pool(kind)
    place = rng.choice(tuple(places))
    own = sorted(things_of.get(place, frozenset()) & things.keys())
    if not own:
        return None
    thing = rng.choice(own)
    if rng.random() < 0.5:
        drawn = rng.sample(sorted(things), min(_WRONG, len(things)))
        wrong = [things[code] for code in drawn if code not in own]
        return Draft(rng.choice(of_place).format(places[place]), things[thing], tuple(wrong))
    wrong = [places[code] for code in places if thing not in things_of.get(code, ())]
    prompt = rng.choice(of_thing).format(things[thing])
    return Draft(prompt, places[place], tuple(rng.sample(wrong, min(_WRONG, len(wrong)))))


@cache
def _currencies() -> dict[str, frozenset[str]]:
    table = need("babel.core").get_global("territory_currencies")
    # Rows are (code, start, end, whether it is legal tender); an end makes it a currency of the past.
    return {place: frozenset(row[0] for row in rows if row[2] is None and row[3]) for place, rows in table.items()}


@cache
def _languages() -> dict[str, frozenset[str]]:
    table = need("babel.core").get_global("territory_languages")
    return {
        place: frozenset(code for code, facts in spoken.items() if facts.get("official_status") == "official")
        for place, spoken in table.items()
    }


@cache
def _cities() -> dict[str, frozenset[str]]:
    cities: dict[str, set[str]] = {}
    for zone, place in need("babel.core").get_global("zone_territories").items():
        cities.setdefault(place, set()).add(zone)
    return {place: frozenset(zones) for place, zones in cities.items()}


# Which things (codes) belong to each territory, from the CLDR's tables.
_READERS = {"currency": _currencies, "language": _languages, "city": _cities}
