"""Languages beyond the catalogue's: ISO 639-1, 639-3, BCP-47 tags and English names, told strictly.

`codes.canonical` reads the first part of a text, as the releases' file names need; here the whole text has to be a
language, because a column or a folder may be called anything.
"""

import csv
import re
from collections.abc import Callable, Iterable
from functools import cache

from xtransfer_stats.base import resources
from xtransfer_stats.tasks.codes import CODES

# A language, then script, region, and variants or extensions, as BCP-47 orders them; _ for - as many write.
_TAG = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Z][a-z]{3})?(?:[-_](?:[A-Z]{2}|\d{3}))?)")
_SCRIPT = re.compile(r"[A-Z][a-z]{3}")
_REGION = re.compile(r"[A-Z]{2}|\d{3}")
# In small letters "de-en" is a pair of languages, and these alone are a language and its region.
_SMALL = frozenset({"pt-br", "pt-pt", "zh-cn", "zh-tw", "zh-hk", "en-us", "en-gb"})
_NO_SCRIPT = frozenset({"Base", "Test", "Full", "Main", "Seed", "Last", "Best", "Mean"})


@cache
def _known() -> dict[str, str]:
    with open(resources.packaged("data", "iso639.csv"), encoding="utf-8", newline="") as table:
        further = list(csv.DictReader(table))
    # Codes stand above names: "ga" is Irish, and the language called Ga is gaa.
    named = {row["name"].lower(): row["code"] for row in further}
    named |= {names[0].lower().replace("_", " "): code for code, names in CODES.items()}
    named |= {name: row["code"] for row in further for name in (row["code"], *row["iso3"].split())}
    return named | {name.lower(): code for code, names in CODES.items() for name in (code, *names[1:])}


def language_code(text: str) -> str | None:
    """The code of a language, ISO 639-1 where it has one, else 639-3; None where the whole text is no language.

    Read are codes ("de", "deu", "ger"), BCP-47 tags ("zh-Hans", "pt_BR") and English names ("Haitian Creole").
    """
    known = _known()
    plain = text.strip().lower()
    if found := known.get(plain) or known.get(plain.replace("_", " ").replace("-", " ")):
        return found
    tag = _TAG.fullmatch(text.strip())
    if plain.replace("_", "-") in _SMALL or (tag and tag[2] and is_subtag(re.split("[-_]", text.strip())[1])):
        return known.get(re.split("[-_]", plain)[0])
    return None


def is_subtag(text: str) -> bool:
    """Whether a text can stand behind a language as its script or region ("Hans", "BR")."""
    return bool(_REGION.fullmatch(text) or (_SCRIPT.fullmatch(text) and text not in _NO_SCRIPT))


def apart(names: Iterable[str], code_of: Callable[[str], str | None] = language_code) -> dict[str, str]:
    """Name -> its code, and the name itself where `code_of` knows none.

    A language in two scripts or regions stays two: "zh_Hans" and "zh-Hant" beside one another are zh-Hans and zh-Hant,
    while one of them alone, and "de" beside "deu", are their language.
    """
    codes = {name: code_of(name) for name in names}
    tags: dict[str, set[str]] = {}
    for name, code in codes.items():
        tags.setdefault(code or name, set()).add(_subtags(name))
    return {name: (_tag(code, name) if len(tags[code]) > 1 else code) if code else name for name, code in codes.items()}


def _tag(code: str, name: str) -> str:
    return "-".join(part for part in (code, _subtags(name)) if part)


def _subtags(name: str) -> str:
    """Script and region of a tag, "Hans", "BR"; "" where a name has none."""
    _, *rest = re.split("[-_]", name.strip())
    small = name.strip().lower().replace("_", "-") in _SMALL
    parts = [part.upper() for part in rest] if small else rest
    return "-".join(parts) if parts and all(map(is_subtag, parts)) else ""
