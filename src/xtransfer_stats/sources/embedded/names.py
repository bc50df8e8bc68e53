"""Names from the CLDR (by Babel) for slots: cities, territories, languages, currencies; and the roots of their words.

Every name belongs to one part (train, dev, test), by its English form, so that no name of a test is seen
in training, whatever kind it is used as.
"""

import random
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.embedded.draws import number_of
from xtransfer_stats.sources.embedded.registry import need

# Latin, Greek and Cyrillic stand before the scripts whose vowels are signs or unwritten.
_LAST_ALPHABETIC = "\u0530"


def codes(text: str) -> tuple[str, ...]:
    """The codes in a text, parted by spaces."""
    return tuple(text.split())


def words(text: str) -> list[str]:
    """The words of a name, parted at spaces and hyphens."""
    return text.replace("-", " ").split()


def root(word: str) -> str:
    """The first four letters without accents and article; three where vowels are signs or unwritten."""
    letters = [c for c in unicodedata.normalize("NFD", word.casefold().removeprefix("ال")) if c.isalpha()]
    alphabetic = "".join(letters[:1]) < _LAST_ALPHABETIC
    return "".join(letters[: 4 if alphabetic else 3])


def shared_start(first: str, second: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(second)))


KINDS = ("city", "territory", "language", "currency")
PARTS = ("train", "dev", "test")
# Not places: pseudo-locales, the unknown, and unions.
_NOT_PLACES = {"XA", "XB", "ZZ", "EU", "UN", "EZ", "QO"}
# Babel answers Haitian with French names, silently.
_FALLS_BACK = {"ht"}
_LONGEST = {"city": 16, "territory": 16, "language": 16, "currency": 28}
_UNFIT = re.compile(r"[()\[\]{}<>|/,0-9]| - | – |UTC|GMT")


def part_of(english: str) -> str:
    """The part of a name: 60 % train, 10 % dev, 30 % test."""
    digit = number_of("part", english.casefold()) % 10
    return "train" if digit < 6 else "dev" if digit == 6 else "test"


class Names:
    """One language's names: `pool(kind)` maps a concept's code to its name."""

    def __init__(self, language: str) -> None:
        locale, english = _locale(language), _locale("en")
        self.language = language
        self._pools = {kind: _POOLS[kind](locale) for kind in KINDS}
        self._english = {kind: _POOLS[kind](english) for kind in KINDS}
        self._cache: dict[tuple[str, str | None], Mapping[str, str]] = {}

    def pool(self, kind: str, part: str | None = None) -> dict[str, str]:
        """Concept code -> name, sorted by code; of one part if asked.

        Names that are long, bracketed or numbered are left out, and the second of two equal names.
        Raises DataError for an unknown kind or part, or when the language has too few names of its own.
        """
        if kind not in KINDS or part not in (None, *PARTS):
            raise DataError(f"names of kind {kind!r}, part {part!r}: choose from {KINDS} and {PARTS}")
        return dict(self._pool(kind, part))

    def _pool(self, kind: str, part: str | None) -> Mapping[str, str]:
        if (kind, part) not in self._cache:
            own, english = self._pools[kind], self._english[kind]
            pool: dict[str, str] = {}
            for code in sorted(own.keys() & english.keys()):
                name = own[code]
                fits = len(name) <= _LONGEST[kind] and not _UNFIT.search(name) and name not in pool.values()
                if fits and part in (None, part_of(english[code])):
                    pool[code] = name
            self._check_own(kind, pool)
            self._cache[kind, part] = pool
        return self._cache[kind, part]

    def _check_own(self, kind: str, pool: Mapping[str, str]) -> None:
        same = sum(name == self._english[kind][code] for code, name in pool.items())
        if len(pool) < 4 or (kind == "currency" and self.language != "en" and same > 0.6 * len(pool)):
            raise DataError(f"language {self.language!r} has too few {kind!r} names of its own in the CLDR")

    def draw(self, kind: str, part: str, rng: random.Random, count: int = 1) -> list[str]:
        """`count` distinct names of a kind and part."""
        return rng.sample(list(self._pool(kind, part).values()), count)


@cache
def names(language: str) -> Names:
    """The language's names, read once. Raises DataError when the CLDR has none of its own."""
    if language in _FALLS_BACK:
        raise DataError(f"language {language!r} has no CLDR names (Babel falls back silently)")
    return Names(language)


def _locale(language: str) -> Any:
    core = need("babel.core")
    try:
        return core.Locale.parse(language)
    except (core.UnknownLocaleError, ValueError) as error:
        raise DataError(f"language {language!r} is not in the CLDR: {error}") from error


def _territories(locale: Any) -> dict[str, str]:
    places = {code: name for code, name in locale.territories.items() if re.fullmatch("[A-Z]{2}", code)}
    return {code: name for code, name in places.items() if code not in _NOT_PLACES}


def _languages(locale: Any) -> dict[str, str]:
    return {code: name for code, name in locale.languages.items() if re.fullmatch("[a-z]{2}", code)}


def _currencies(locale: Any) -> dict[str, str]:
    return {code: name for code, name in locale.currencies.items() if re.fullmatch("[A-Z]{3}", code)}


def _cities(locale: Any) -> dict[str, str]:
    """Cities of time zones; unlisted ones have the zone's own name in languages of the Latin script."""
    listed = {zone: entry["city"] for zone, entry in locale.time_zones.items() if "city" in entry and _is_city(zone)}
    if not _writes_latin(locale):
        return listed
    zones = need("babel.core").get_global("zone_territories")
    bare = {zone: zone.rsplit("/", 1)[1].replace("_", " ") for zone in zones if _is_city(zone)}
    return {**bare, **listed}


def _is_city(zone: str) -> bool:
    return "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))


def _writes_latin(locale: Any) -> bool:
    return all("LATIN" in unicodedata.name(c, "") for c in locale.languages["en"] if c.isalpha())


_POOLS = {"city": _cities, "territory": _territories, "language": _languages, "currency": _currencies}


# Languages written without spaces between words: nothing stands between sentences but their own stop.
STOPS = {"zh": "。", "ja": "。", "th": " ", "hi": "। ", "bn": "। ", "ur": "۔ "}


@cache
def shared_codes(languages: tuple[str, ...], kind: str, part: str) -> tuple[str, ...]:
    """Codes of the names of a kind and part that all the languages have, sorted."""
    pools = [names(language).pool(kind, part).keys() for language in languages]
    return tuple(sorted(set(pools[0]).intersection(*pools[1:])))


def name_of(language: str, kind: str, part: str, code: str) -> str:
    """The language's name of a code that `shared_codes` returned."""
    return names(language).pool(kind, part)[code]


def stop(language: str) -> str:
    """What ends one sentence before the next begins."""
    return STOPS.get(language, ". ")
