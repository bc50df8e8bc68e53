"""The package's templates, and names of users escaped for the language that they are written into."""

import functools
import html
import json
import unicodedata
from importlib import resources
from typing import Any

MARKDOWN = {character: "\\" + character for character in "\\`*_{}[]<>#|~$"} | {"&": "&amp;"}
FORMULA_STARTS = ("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
                  "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
LOST = "\N{REPLACEMENT CHARACTER}"
# Control characters, separators of lines and paragraphs, halves of a pair, marks that turn or hide what stands by.
UNPRINTABLE = {"Cc": " ", "Zl": " ", "Zp": " ", "Cs": LOST, "Cf": ""}
JOINERS = ("\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}")  # scripts are spelled with them
NO_CHARACTERS = frozenset(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))


@functools.cache
def asset(name: str) -> str:
    """A template, style sheet or script that travels with this package."""
    return (resources.files("xtransfer_stats.report") / "assets" / name).read_text(encoding="utf-8")


def clean(text: object) -> str:
    """Text that can be encoded and shown on one line: no control or separator character, no lone surrogate."""
    shown = str(text)
    if shown.isprintable():  # most text, in a hundredth of the time
        return shown
    return "".join(map(_printable, shown))


def _printable(character: str) -> str:
    if character in JOINERS:
        return character
    if character in NO_CHARACTERS or "\ufdd0" <= character <= "\ufdef":
        return LOST
    return UNPRINTABLE.get(unicodedata.category(character), character)


def cleaned(value: Any) -> Any:
    """A chart's specification with every text clean but for its line breaks, which are the chart's own."""
    if isinstance(value, str):
        return value if value.isprintable() else "\n".join(map(clean, value.split("\n")))
    if isinstance(value, dict):
        return {cleaned(key): cleaned(one) for key, one in value.items()}
    return list(map(cleaned, value)) if isinstance(value, list | tuple) else value


def for_html(text: object) -> str:
    """Text and attribute values alike: `& < > " '` become entities."""
    return html.escape(clean(text), quote=True)


def for_markdown(text: object) -> str:
    """Text for a cell of a pipe table."""
    return "".join(MARKDOWN.get(character, character) for character in clean(text))


def for_csv(text: str) -> str:
    """A text cell that a spreadsheet would run as a formula gets a leading apostrophe.

    No line break is left in it: a bare carriage return would end the row.
    """
    safe = clean(text)
    return "'" + safe if safe.lstrip().startswith(FORMULA_STARTS) else safe


def for_script(value: Any) -> str:
    """JSON that may stand inside `<script>`: no `<`, `>` or `&`, so nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
