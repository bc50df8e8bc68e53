"""The catalogue's language codes (ISO 639-1) and what other sources call the same languages."""

import csv
from functools import cache
from types import MappingProxyType

from xtransfer_stats.base import resources

# Code -> English name as google/xtreme and TyDiQA write it, ISO 639-3 as Tatoeba writes it, then further names:
# ISO 639-2/B, macro-languages and individual ones, withdrawn codes. Source: ISO 639, and the release that uses one.
# Norwegian, Serbian and Yiddish are in no benchmark; a user's own entry may name them.
with open(resources.packaged("data", "languages.csv"), encoding="utf-8", newline="") as _table:
    CODES = MappingProxyType(
        {row["code"]: (row["english_name"], row["iso3"], *row["other_codes"].split()) for row in csv.DictReader(_table)}
    )


@cache
def _known() -> dict[str, str]:
    named = ((code, name) for code, names in CODES.items() for name in (code, *names))
    return {name.lower().replace("_", " "): code for code, name in named}


def canonical(code: str) -> str | None:
    """Return the catalogue's code for a language by any common code or its English name; None when unknown.

    Upper and lower case are alike. What follows the first hyphen or underscore is script, region or variant
    ("zh_Hans", "pt-BR", "sr-Latn") and is left out; "arabic-2387335860751143628-1" is an id of TyDiQA.
    """
    known = _known()
    text = code.strip().lower().replace("_", "-")
    first = text.split("-", 1)[0]
    return known.get(text.replace("-", " ")) or known.get(first)


def in_language(text: str, code: str) -> str:
    """A name of a recipe or an entry with the language's code where it says {language}; other braces stay."""
    return text.replace("{language}", code)


def english_name(code: str) -> str:
    """The language's English name, as in google/xtreme's configurations; raises KeyError for an unknown code."""
    return CODES[code][0].replace("_", " ")


def iso3(code: str) -> str:
    """The ISO 639-3 code by which Tatoeba's files go; raises KeyError for an unknown code."""
    return CODES[code][1]
