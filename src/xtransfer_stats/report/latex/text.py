"""A cell's text in print: how wide it comes out, the stars behind its number, where a long word may break.

Widths are those of Computer Modern at 9 points, the widest type that papers set tables in.
"""

import re
import unicodedata

POINTS = 9
EM = POINTS * 1.03 / 1000  # in points; smaller sizes of the type are cut a little wider
WIDTHS = {  # thousandths of an em
    250: "\N{COMBINING ACUTE ACCENT}",
    278: "ijl.,:;'!",
    306: "f",
    340: " -",
    392: "rst()[]",
    444: "ceuvxyz" + "*",
    500: "0123456789aoghknpqbd/?$\"|`",
    570: "I_",
    720: "JFLEPSTZ",
    780: "wABCDGHKNOQRUVXY+=<>&@%#~^\\{}\N{MINUS SIGN}\N{MULTIPLICATION SIGN}\N{EN DASH}",
    1030: "mMW\N{EM DASH}",
}  # fmt: skip
WIDTH_OF = {character: width for width, characters in WIDTHS.items() for character in characters}
BROAD, OTHER = 1000, 700  # of a character of east Asia, of any other

LONG_WORD = 16  # characters; a longer one may break after signs and, in ASCII, every so often
SIGNS = r"!-/:-@\[-`{-~"  # of ASCII
STARRED = re.compile(r"(.*?)(\*+)", re.DOTALL)
LONG_WORDS = re.compile(rf"(\S{{{LONG_WORD + 1},}})")
ASCII_PIECES = re.compile(rf"[^{SIGNS}]{{1,12}}[{SIGNS}]?|[{SIGNS}]")
OTHER_PIECES = re.compile(rf"[^{SIGNS}]+[{SIGNS}]?|[{SIGNS}]")  # letters of other scripts join


def width(text: str) -> float:
    """The width of a line of `text` in points, rather too large than too small."""
    return EM * sum(map(_thousandths, unicodedata.normalize("NFC", text)))


def _thousandths(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    other = BROAD if unicodedata.east_asian_width(character) in "WF" else OTHER
    return WIDTH_OF.get(character, other)


def number_and_stars(cell: str, align: str) -> tuple[str, str]:
    """A cell of a column of numbers as its number and its stars; text has none."""
    starred = STARRED.fullmatch(cell) if align == "r" else None
    return (starred[1], starred[2]) if starred else (cell, "")


def most_stars(cells: list[str], align: str) -> int:
    """The longest mark in a column; other cells leave its room blank, so that brackets stand in line."""
    return max((len(number_and_stars(cell, align)[1]) for cell in cells), default=0)


def words(text: str) -> list[str]:
    """`text` cut at its long words: texts of short words at the even places, long words at the odd ones."""
    return LONG_WORDS.split(text)


def pieces(word: str) -> list[str]:
    """Where a long word may break."""
    return (ASCII_PIECES if word.isascii() else OTHER_PIECES).findall(word)


def unbroken(text: str) -> list[str]:
    """Every stretch of `text` that cannot break."""
    return [piece for place, part in enumerate(words(text)) for piece in (pieces(part) if place % 2 else part.split())]
