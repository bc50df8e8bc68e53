"""UD-POS twin: dense CLDR phrases (dates, measures, lists, currencies, names) with silver universal tags.

The tags come from the patterns (see cldr), they are not gold: "silver" wherever the
twin is shown. Names, units and currencies of a test are not seen in training under any name; lower-cased, so
that capitals tell nothing.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from operator import attrgetter
from random import Random

from xtransfer_stats.sources.embedded import cldr
from xtransfer_stats.sources.embedded.cldr import Phrase
from xtransfer_stats.sources.embedded.draws import RngFor, distinct
from xtransfer_stats.sources.embedded.names import codes, names, part_of
from xtransfer_stats.sources.embedded.registry import twin
from xtransfer_stats.sources.embedded.utterance import as_tagging, is_mark, tokens
from xtransfer_stats.sources.source import Tagging
from xtransfer_stats.tasks.task import Family

LANGUAGES = codes(
    "af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko lt mr nl pl pt ro ru ta te th tl tr uk ur vi wo yo zh"
)
LABELS = ("ADJ", "ADP", "CCONJ", "NOUN", "NUM", "PROPN", "PUNCT", "SYM")
_SEPARATORS = ((", ", "PUNCT"), ("; ", "PUNCT"), (" – ", "PUNCT"), (": ", "PUNCT"))
_TRIES = 200


@twin("udpos", family=Family.TAGGING, labels=LABELS, languages=LANGUAGES, version=2)
def udpos(language: str, split: str, rng_for: RngFor) -> Iterator[Tagging]:
    """Two or three phrases of different kinds, parted by marks."""
    rng = rng_for("phrases")
    return distinct(partial(_draw, language, split, rng), attrgetter("tokens"), _TRIES)


def _draw(language: str, split: str, rng: Random) -> Tagging | None:
    phrase = tag(sentence(language, split, rng))
    return phrase if len(phrase.tokens) > 2 else None


def tag(phrase: Phrase) -> Tagging:
    """The phrase cut into tokens, lower-cased; a stretch's edge always cuts."""
    text = "".join(stretch for stretch, _ in phrase)
    tags: list[str] = []
    edges: list[int] = []
    for stretch, name in phrase:
        edges.append(len(tags))
        tags.extend([name] * len(stretch))
    return as_tagging(tokens(text, edges), lambda token: _of(token.text, tags[token.start]), str.lower)


def _of(text: str, tag: str) -> str:
    if text.isdigit():
        return "NUM"
    return "PUNCT" if tag != "SYM" and all(map(is_mark, text)) else tag


def sentence(language: str, split: str, rng: Random) -> Phrase:
    """Two or three phrases of different kinds, parted by marks."""
    phrases = [make(language, split, rng) for make in rng.sample(KINDS, rng.choice((2, 3)))]
    stretches: list[tuple[str, str]] = []
    for phrase in filter(None, phrases):
        stretches += [rng.choice(_SEPARATORS), *phrase] if stretches else phrase
    return tuple(stretches)


def _date(language: str, split: str, rng: Random) -> Phrase | None:
    return cldr.date(language, rng.randrange(1950, 2050), rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(7))


def _measure(language: str, split: str, rng: Random) -> Phrase | None:
    units = _part(tuple(cldr.units(language)), split)
    return cldr.measure(language, rng.choice(units), rng.randrange(2, 100)) if units else None


def _units(language: str, split: str, rng: Random) -> Phrase | None:
    """A list of units or currencies without numbers: nouns that stand as names do in lists."""
    phrases = [rng.choice((_measure, _currency))(language, split, rng) for _ in range(2)]
    bare = list(dict.fromkeys(without_number(phrase) for phrase in phrases if phrase))
    return cldr.listed(language, bare, rng.choice(("standard", "or"))) if len(bare) > 1 else None


def without_number(phrase: Phrase) -> Phrase:
    """The phrase without its number and the space beside it."""
    stretches = [(text, tag) for text, tag in phrase if tag != "NUM"]
    while stretches and stretches[0][0].isspace():
        del stretches[0]
    while stretches and stretches[-1][0].isspace():
        del stretches[-1]
    return tuple(stretches)


def _span(language: str, split: str, rng: Random) -> Phrase | None:
    return cldr.span_from_now(language, rng.choice(cldr.SPANS), rng.random() < 0.5, rng.randrange(2, 100))


def _currency(language: str, split: str, rng: Random) -> Phrase | None:
    names_of = cldr.currencies(language)
    codes = _part(tuple(names_of), split)
    return ((str(rng.randrange(2, 100)), "NUM"), (" ", "NUM"), *names_of[rng.choice(codes)]) if codes else None


def _names(language: str, split: str, rng: Random) -> Phrase | None:
    kind = rng.choice(("territory", "language", "city"))
    drawn = names(language).draw(kind, split, rng, rng.choice((2, 3)))
    return cldr.listed(language, [((name, "PROPN"),) for name in drawn], rng.choice(("standard", "or")))


def _times(language: str, split: str, rng: Random) -> Phrase | None:
    """Months or weekdays: a list of nouns, so that standing in a list does not make a name."""
    drawn = rng.sample(rng.choice((cldr.month_names, cldr.day_names))(language), 2)
    return cldr.listed(language, [((name, "NOUN"),) for name in drawn], rng.choice(("standard", "or")))


def _percent(language: str, split: str, rng: Random) -> Phrase | None:
    return cldr.percent(language, rng.randrange(2, 100))


@cache
def _part(codes: tuple[str, ...], split: str) -> tuple[str, ...]:
    return tuple(code for code in codes if part_of(code) == split)


# Names and nouns stand twice, lest numbers and marks make up the text: a list of words can tag those.
KINDS: tuple[Callable[[str, str, Random], Phrase | None], ...] = (
    *(_date, _measure, _span, _currency, _percent),
    *(_names, _times, _units, _names, _times, _units),
)
