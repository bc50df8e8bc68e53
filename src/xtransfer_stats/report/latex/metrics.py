"""How wide text comes out, about: Computer Modern at 9 points, the widest type that papers set tables in."""

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


def width(text: str) -> float:
    """The width of a line of `text` in points, rather too large than too small."""
    return EM * sum(map(_thousandths, unicodedata.normalize("NFC", text)))


def _thousandths(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    other = BROAD if unicodedata.east_asian_width(character) in "WF" else OTHER
    return WIDTH_OF.get(character, other)
