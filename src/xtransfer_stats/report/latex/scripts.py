"""Text cut into runs of one script, for a typesetter that needs a font a script."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

OTHER = "Other"
ATTACHED = ("Mn", "Mc", "Me", "Cf", "Zs")  # marks, joiners and spaces go with the letter before


@dataclass(frozen=True)
class Script:
    """name: the script as OpenType fonts call it; fonts: in order of preference; rtl: written from the right."""

    name: str
    fonts: tuple[str, ...]
    rtl: bool = False


def _noto(name: str, *others: str, rtl: bool = False, family: str = "") -> Script:
    family = family or name
    return Script(name, (f"Noto Serif {family}", f"Noto Sans {family}", *others), rtl)


_FREE = ("FreeSerif", "FreeSans")
_CJK = ("Droid Sans Fallback", "SimSun", "Arial Unicode MS")
_WIDE = ("DejaVu Serif", "DejaVu Sans", "FreeSerif", "Times New Roman")
_HAN = Script("CJK", ("Noto Serif CJK SC", "Noto Sans CJK SC", *_CJK))
_KANA = Script("Kana", ("Noto Serif CJK JP", "Noto Sans CJK JP", *_CJK))

# By the first word of a character's Unicode name.
SCRIPTS: Mapping[str, Script] = MappingProxyType(
    {
        "LATIN": Script("Latin", ("Noto Serif", "Noto Sans", *_WIDE)),
        "GREEK": Script("Greek", ("Noto Serif", "Noto Sans", *_WIDE)),
        "CYRILLIC": Script("Cyrillic", ("Noto Serif", "Noto Sans", *_WIDE)),
        "ARABIC": Script(
            "Arabic", ("Noto Naskh Arabic", "Amiri", "Noto Sans Arabic", "FreeSerif", "DejaVu Sans"), True
        ),
        "HEBREW": _noto("Hebrew", *_FREE, "DejaVu Sans", rtl=True),
        "SYRIAC": Script("Syriac", ("Noto Sans Syriac", "Noto Sans Syriac Estrangela", "FreeSans"), True),
        "THAANA": Script("Thaana", ("Noto Sans Thaana", "FreeSerif"), True),
        "CJK": _HAN,
        "IDEOGRAPHIC": _HAN,
        "FULLWIDTH": _HAN,
        "HIRAGANA": _KANA,
        "KATAKANA": _KANA,
        "HANGUL": Script("Hangul", ("Noto Serif CJK KR", "Noto Sans CJK KR", "UnBatang", "Malgun Gothic")),
    }
    | {
        name.upper(): _noto(name, *_FREE)
        for name in (
            *("Devanagari", "Bengali", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Oriya", "Sinhala", "Tamil"),
            *("Telugu", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan", "Ethiopic", "Armenian", "Georgian"),
        )
    }
)
FALLBACK = Script(OTHER, ("DejaVu Sans", "FreeSerif", "Noto Sans Symbols 2", "Arial Unicode MS"))
BY_NAME: Mapping[str, Script] = MappingProxyType(
    {script.name: script for script in SCRIPTS.values()} | {OTHER: FALLBACK}
)


def script_of(character: str) -> str:
    """The name of a character's script, "Other" for signs and scripts without an entry."""
    return SCRIPTS.get(unicodedata.name(character, "").partition(" ")[0], FALLBACK).name


def runs(text: str) -> Iterator[tuple[str, str]]:
    """(script, text) of a text: one run a script, with the marks, joiners and spaces behind its letters."""
    named: list[tuple[str, str]] = []
    for character in text:
        attached = unicodedata.category(character) in ATTACHED
        named.append((named[-1][0] if attached and named else script_of(character), character))
    for name, members in groupby(named, key=lambda pair: pair[0]):
        yield name, "".join(character for _, character in members)
