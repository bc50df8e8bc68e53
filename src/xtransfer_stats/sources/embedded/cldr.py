"""A language's own CLDR patterns as stretches of text with a silver tag: what the tagging twin is made of.

Dates, lists, measures, spans of time and currencies. The tags follow from the pattern a word stands in, not from an
annotator. Babel resolves what a locale lacks to the root's (in English, or in codes), silently; here only what the
locale itself states is used.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from xtransfer_stats.sources.embedded.names import names, root, shared_start, words
from xtransfer_stats.sources.embedded.registry import need

# Stretches of text, each with the tag of its words; put end to end they are the phrase.
Phrase = tuple[tuple[str, str], ...]
_LOCALES = {"tl": "fil"}
WITHOUT_SPACES = frozenset({"zh", "ja", "th", "my"})
# Here a date's numbers are followed by the words for year, month and day.
_COUNTED = frozenset({"zh", "ja", "ko"})
# Basque dates glue endings in brackets to their numbers.
_NO_DATES = frozenset({"eu"})


@cache
def own_data(language: str) -> Mapping[str, Any]:
    """What the language's locale states itself, nothing inherited."""
    code = _LOCALES.get(language, language)
    localedata = need("babel.localedata")
    # Babel caches a locale by its name alone, merged or not: whoever came first would decide for everyone after.
    cache_of_babel = localedata._cache
    merged = cache_of_babel.pop(code, None)
    try:
        return localedata.load(code, merge_inherited=False)
    finally:
        cache_of_babel.pop(code, None)
        if merged is not None:
            cache_of_babel[code] = merged


def place(pattern: str, parts: Mapping[str, Phrase], tag: str) -> Phrase:
    """A pattern such as "{0} and {1}" with phrases for its variables; its own words get the tag."""
    pieces = re.split(r"(\{\d\})", pattern)
    return tuple(s for piece in pieces if piece for s in parts.get(piece, ((piece, tag),)))


def listed(language: str, phrases: list[Phrase], kind: str) -> Phrase:
    """Phrases as a list of `kind` ("standard": and; "or"); a language without a word for it uses commas."""
    patterns = {"start": "{0}, {1}", "middle": "{0}, {1}", **own_data(language).get("list_patterns", {}).get(kind, {})}
    two = patterns.get("2", "{0}, {1}")
    steps = [two] if len(phrases) == 2 else [patterns["start"]] + [patterns["middle"]] * (len(phrases) - 3)
    steps += [] if len(phrases) == 2 else [patterns.get("end", two)]
    whole = phrases[0]
    for pattern, phrase in zip(steps, phrases[1:], strict=True):
        whole = place(pattern, {"{0}": whole, "{1}": phrase}, "CCONJ")
    return whole


def date(language: str, year: int, month: int, day: int, weekday: int) -> Phrase | None:
    """The full date: month and weekday are nouns, the pattern's own words adpositions, or nouns if short.

    None for a language whose dates glue endings to numbers.
    """
    if language in _NO_DATES:
        return None
    own = own_data(language)
    parts = {
        "y": ((str(year), "NUM"),),
        "M": ((own["months"]["format"]["wide"][month], "NOUN"),),
        "d": ((str(day), "NUM"),),
        "E": ((own["days"]["format"]["wide"][weekday], "NOUN"),),
        "c": ((own["days"]["format"]["wide"][weekday], "NOUN"),),
        "G": (),
    }
    numeric = {"M": ((str(month), "NUM"),)}
    stretches: list[tuple[str, str]] = []
    for kind, value in need("babel.dates").tokenize_pattern(own["date_formats"]["full"].pattern):
        if kind == "chars":
            noun = language in _COUNTED or re.search(r"\w\.", value)
            stretches.append((value, "NOUN" if noun else "ADP"))
        else:
            stretches.extend((numeric if value[0] == "M" and value[1] < 3 else parts).get(value[0], parts[value[0]]))
    return tuple(stretches)


def month_names(language: str) -> list[str]:
    """The twelve months as they stand in dates."""
    return list(own_data(language)["months"]["format"]["wide"].values())


def day_names(language: str) -> list[str]:
    """The seven weekdays as they stand in dates."""
    return list(own_data(language)["days"]["format"]["wide"].values())


# Spelt "Bft" or "B" in the long form as well.
_ABBREVIATED = frozenset({"speed-beaufort"})
SPANS = ("year", "month", "week", "day", "hour", "minute", "second")


def units(language: str) -> list[str]:
    """Units with a spelt-out form, sorted."""
    return sorted(unit for unit in own_data(language).get("unit_patterns", {}) if measure(language, unit, 5))


@cache
def measure(language: str, unit: str, number: int) -> Phrase | None:
    """A number and its unit: a noun, adjective and noun (square metre) or noun, adposition, noun (per hour).

    None where the locale has no pattern of one of these shapes.
    """
    pattern = None if unit in _ABBREVIATED else _pattern(language, unit, number)
    own_words = (pattern or "").replace("{0}", " ").split()
    if pattern is None or not own_words or pattern.count("{0}") != 1 or any(mark in pattern for mark in "/.·’'-()"):
        return None
    if "-per-" in unit:
        tags = dict(zip(own_words, ("NOUN", "ADP", "NOUN"), strict=True)) if len(own_words) == 3 else {}
    elif unit.startswith(("area-square-", "volume-cubic-")):
        same = _siblings(language, unit)
        tags = {word: "ADJ" if len(own_words) > 1 and word in same else "NOUN" for word in own_words}
    else:
        tags = {own_words[0]: "NOUN"}
    fits = set(own_words) == tags.keys() and "NOUN" in tags.values() and len(own_words) <= 3
    return _by_word(pattern, tags, number) if fits else None


def _by_word(pattern: str, tags: Mapping[str, str], number: int) -> Phrase:
    pieces = re.findall(r"\{0\}|\s+|(?:(?!\{0\})\S)+", pattern)
    return tuple((str(number), "NUM") if p == "{0}" else (p, tags.get(p, "ADP")) for p in pieces)


def _pattern(language: str, unit: str, number: int) -> str | None:
    forms = own_data(language).get("unit_patterns", {}).get(unit, {})
    # Where long and short are the same, only the short one is stated: in Chinese everywhere, else for time.
    short = forms.get("short", {}) if language == "zh" or unit.startswith("duration-") else {}
    return _plural(language, {**short, **forms.get("long", {})}, number)


def _plural(language: str, forms: Mapping[str, str], number: int) -> str | None:
    locale = need("babel.core").Locale.parse(language)
    return forms.get(locale.plural_form(number), forms.get("other"))


def _siblings(language: str, unit: str) -> set[str]:
    """Words of the other units of its kind: what "square" is called."""
    kind = unit.rsplit("-", 1)[0] + "-"
    others = [_pattern(language, other, 5) for other in own_data(language)["unit_patterns"] if other.startswith(kind)]
    mine = _pattern(language, unit, 5)
    return {word for other in others if other and other != mine for word in other.split()}


def span_from_now(language: str, span: str, past: bool, number: int) -> Phrase | None:
    """ "in 3 days", "3 days ago": the word akin to the unit is a noun, the others adpositions."""
    field = own_data(language).get("date_fields", {}).get(span, {})
    pattern = _plural(language, field.get("past" if past else "future", {}), number)
    nouns = _span_nouns(language, span)
    if pattern is None or "{0}" not in pattern or not nouns:
        return None
    pieces = [q for p in re.split(r"(\{0\}|\s+)", pattern) if p for q in _noun_first(p, nouns, language)]
    phrase = tuple((str(number), "NUM") if text == "{0}" else (text, tag) for text, tag in pieces)
    return phrase if sum(tag == "NOUN" for _, tag in phrase) == 1 else None


def _span_nouns(language: str, span: str) -> set[str]:
    forms = own_data(language).get("unit_patterns", {}).get(f"duration-{span}", {})
    patterns = [
        pattern for width in ("long", "short") for name, pattern in forms.get(width, {}).items() if name != "per"
    ]
    return {word for pattern in patterns for word in pattern.replace("{0}", " ").split() if "." not in word}


def _noun_first(word: str, nouns: Iterable[str], language: str) -> Phrase:
    """The word with its tag; where words are not spaced, the noun that it begins with and the rest."""
    if language in WITHOUT_SPACES:
        noun = max((n for n in nouns if word.startswith(n)), key=len, default="")
        return tuple(piece for piece in ((noun, "NOUN"), (word[len(noun) :], "ADP")) if piece[0])
    akin = any(shared_start(word, noun) >= min(3, len(noun), len(word)) for noun in nouns)
    return ((word, "NOUN" if akin and word != "{0}" and word.strip() else "ADP"),)


def percent(language: str, number: int) -> Phrase:
    """A percentage, with the locale's space or without; a number and a symbol."""
    own = own_data(language).get("percent_formats", {}).get(None)
    space = " " if own is not None and "\xa0" in own.pattern else ""
    return ((str(number), "NUM"), (space, "SYM"), ("%", "SYM"))


@cache
def currencies(language: str) -> dict[str, Phrase]:
    """Currency code -> its name, where all words but one are akin to places or languages: adjectives."""
    own = own_data(language).get("currency_names", {})
    places = {
        root(w) for kind in ("territory", "language") for n in names(language).pool(kind).values() for w in words(n)
    }
    # A locale may state the English name as its own, as Wolof does.
    english = {} if language == "en" else own_data("en")["currency_names"]
    other = {code: name for code, name in sorted(own.items()) if name != english.get(code)}
    phrases = {code: _currency(name, places) for code, name in other.items()}
    return {code: phrase for code, phrase in phrases.items() if phrase}


def _currency(name: str, places: set[str]) -> Phrase | None:
    parts = name.split()
    tags = ["ADP" if len(p) < 3 else "ADJ" if root(p) in places else "NOUN" for p in parts]
    plain = all(part.isalpha() or part.replace("-", "").isalnum() for part in parts) or not name.isascii()
    if not 2 <= len(parts) <= 3 or sorted(tags).count("NOUN") != 1 or "ADJ" not in tags or not plain:
        return None
    if any(mark in name for mark in "()0123456789.&"):
        return None
    return tuple(s for part, tag in zip(parts, tags, strict=True) for s in ((part, tag), (" ", tag)))[:-1]
