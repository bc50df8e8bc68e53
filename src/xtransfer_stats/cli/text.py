"""Text for the terminal: as it was typed, in any encoding, and wrapped at words, never within one."""

import codecs
import io
import re
import sys

from rich.cells import cell_len
from rich.text import Text

from xtransfer_stats.report.escape import clean

_WORD = re.compile(r"\S+\s*")
NARROWEST = 20  # columns of what stands behind an indent


def as_it_is(text: str) -> Text:
    """Text for the terminal as it was typed: no markup is read in it, no control character reaches the screen.

    Halves of a pair stand for the bytes of a path that are not UTF-8; `streams` writes these bytes.
    """
    if text.isprintable():
        return Text(text)
    return Text("".join(one if one == "\n" or "\udc80" <= one <= "\udcff" else clean(one) for one in text))


def streams() -> None:
    """Write what an output's encoding lacks too: bytes of paths as they are, other characters by their number."""
    codecs.register_error("as-it-is", _encoded)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="as-it-is")


def _encoded(error: UnicodeError) -> tuple[bytes | str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    parts = (
        bytes([ord(one) - 0xDC00]) if "\udc80" <= one <= "\udcff" else one.encode("ascii", "backslashreplace")
        for one in lost
    )
    return b"".join(parts), error.end


def wrapped(text: Text, width: int) -> Text:
    """Lines of at most `width` columns, broken between words alone; later lines stand under the first one's text.

    A word that is longer (a path) keeps a line of its own, for the terminal to fold: it can be copied whole.
    """
    lines = [line for paragraph in text.split("\n", allow_blank=True) for line in _lines(paragraph, width)]
    return Text("\n").join(lines)


def _lines(text: Text, width: int) -> list[Text]:
    plain = text.plain
    indent = len(plain) - len(plain.lstrip(" "))
    indent += 2 * plain[indent:].startswith("- ")
    if text.cell_len <= width:
        return [text]
    head, rest = text.divide([indent]) if indent else (Text(), text)
    parts = rest.divide(_breaks(rest.plain, max(width - indent, NARROWEST)))
    for part in parts:
        part.rstrip()
    return [Text.assemble(head if number == 0 else " " * indent, part) for number, part in enumerate(parts)]


def _breaks(plain: str, width: int) -> list[int]:
    """Where lines of at most `width` columns end: before a word that has no room, however long that word is."""
    places, begun = [], 0
    for word in _WORD.finditer(plain):
        if word.start() > begun and cell_len(plain[begun : word.end()].rstrip()) > width:
            begun = word.start()
            places.append(begun)
    return places
