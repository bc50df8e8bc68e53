"""Items that say the same in every language: names shared by languages, one plan an item, ids alike."""

from functools import cache

from xtransfer_stats.sources.embedded.names import names

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
