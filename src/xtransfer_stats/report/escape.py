"""Names come from users: every one is escaped for the language it is written into."""

import html
import json
from typing import Any

LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",  # \\textquotedbl needs a font encoding that `article` alone does not load
    "\N{MINUS SIGN}": "$-$",
    "\N{EN DASH}": "--",
    "\N{EM DASH}": "---",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{MIDDLE DOT}": r"$\cdot$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
    "\n": " ",
}
MARKDOWN = {character: "\\" + character for character in "\\`*_{}[]<>#|~$"} | {"&": "&amp;", "\n": " "}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def for_html(text: object) -> str:
    """Text and attribute values alike: `& < > " '` become entities."""
    return html.escape(str(text), quote=True)


def for_latex(text: object) -> str:
    """Text for a paragraph or a cell; no cell that opens with `[` or `*` becomes an option of `\\\\`."""
    escaped = "".join(LATEX.get(character, character) for character in str(text))
    return "{}" + escaped if escaped[:1] in ("[", "*") else escaped


def for_markdown(text: object) -> str:
    """Text for a cell of a pipe table."""
    return "".join(MARKDOWN.get(character, character) for character in str(text))


def for_csv(text: str) -> str:
    """A text cell that a spreadsheet would run as a formula gets a leading apostrophe."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def for_script(value: Any) -> str:
    """JSON that may stand inside `<script>`: no `<`, `>` or `&`, so nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
