"""A language's own CLDR patterns as stretches of text with a silver tag: what the tagging twin is made of.

The tags follow from the pattern a word stands in, not from an annotator. Babel resolves what a locale lacks
to the root's (in English, or in codes), silently; here only what the locale itself states is used.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from xtransfer_stats.sources.embedded.extra import need

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
    known = localedata._cache
    merged = known.pop(code, None)
    try:
        return localedata.load(code, merge_inherited=False)
    finally:
        known.pop(code, None)
        if merged is not None:
            known[code] = merged


def place(pattern: str, parts: Mapping[str, Phrase], tag: str) -> Phrase:
    """A pattern such as "{0} and {1}" with phrases for its variables; its own words get the tag."""
    pieces = re.split(r"(\{\d\})", pattern)
    return tuple(s for piece in pieces if piece for s in parts.get(piece, ((piece, tag),)))


def listed(language: str, phrases: list[Phrase], kind: str) -> Phrase:
    """Phrases as a list of `kind` ("standard": and; "or"); a language without a word for it uses commas."""
    patterns = {
        "start": "{0}, {1}",
        "middle": "{0}, {1}",
        **own_data(language).get("list_patterns", {}).get(kind, {}),
    }
    two = patterns.get("2", "{0}, {1}")
    steps = [two] if len(phrases) == 2 else [patterns["start"]] + [patterns["middle"]] * (len(phrases) - 3)
    steps += [] if len(phrases) == 2 else [patterns.get("end", two)]
    found = phrases[0]
    for pattern, phrase in zip(steps, phrases[1:], strict=True):
        found = place(pattern, {"{0}": found, "{1}": phrase}, "CCONJ")
    return found


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
    found: list[tuple[str, str]] = []
    for kind, value in need("babel.dates").tokenize_pattern(own["date_formats"]["full"].pattern):
        if kind == "chars":
            noun = language in _COUNTED or re.search(r"\w\.", value)
            found.append((value, "NOUN" if noun else "ADP"))
        else:
            found.extend((numeric if value[0] == "M" and value[1] < 3 else parts).get(value[0], parts[value[0]]))
    return tuple(found)


def month_names(language: str) -> list[str]:
    """The twelve months as they stand in dates."""
    return list(own_data(language)["months"]["format"]["wide"].values())


def day_names(language: str) -> list[str]:
    """The seven weekdays as they stand in dates."""
    return list(own_data(language)["days"]["format"]["wide"].values())
