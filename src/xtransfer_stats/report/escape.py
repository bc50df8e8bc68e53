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
UNPRINTABLE = {"Cc": " ", "Cs": "\N{REPLACEMENT CHARACTER}"}  # control characters, halves of a pair


@functools.cache
def asset(name: str) -> str:
    """A template, style sheet or script that travels with this package."""
    return (resources.files("xtransfer_stats.report") / "assets" / name).read_text(encoding="utf-8")


def clean(text: object) -> str:
    """Text that can be encoded and shown: no control character, no lone surrogate."""
    shown = str(text)
    if shown.isprintable():  # most text, in a hundredth of the time
        return shown
    return "".join(UNPRINTABLE.get(unicodedata.category(character), character) for character in shown)


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
