"""A cell's parts: the stars behind its number, the pieces of a word too long for a line."""

import re

LONG_WORD = 16  # characters; a longer one may break after signs and, in ASCII, every so often
SIGNS = r"!-/:-@\[-`{-~"  # of ASCII
STARRED = re.compile(r"(.*?)(\*+)", re.DOTALL)
LONG = re.compile(rf"(\S{{{LONG_WORD + 1},}})")
ASCII_PIECES = re.compile(rf"[^{SIGNS}]{{1,12}}[{SIGNS}]?|[{SIGNS}]")
OTHER_PIECES = re.compile(rf"[^{SIGNS}]+[{SIGNS}]?|[{SIGNS}]")  # letters of other scripts join


def number_and_stars(cell: str, align: str) -> tuple[str, str]:
    """A cell of a column of numbers as its number and its stars; text has none."""
    found = STARRED.fullmatch(cell) if align == "r" else None
    return (found[1], found[2]) if found else (cell, "")


def most_stars(cells: list[str], align: str) -> int:
    """The longest mark in a column; other cells leave its room blank, so that brackets stand in line."""
    return max((len(number_and_stars(cell, align)[1]) for cell in cells), default=0)


def words(text: str) -> list[str]:
    """`text` cut at its long words: texts of short words at the even places, long words at the odd ones."""
    return LONG.split(text)


def pieces(word: str) -> list[str]:
    """Where a long word may break."""
    return (ASCII_PIECES if word.isascii() else OTHER_PIECES).findall(word)


def unbroken(text: str) -> list[str]:
    """Every stretch of `text` that cannot break."""
    return [piece for place, part in enumerate(words(text)) for piece in (pieces(part) if place % 2 else part.split())]
