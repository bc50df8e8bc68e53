"""What a file that is no UTF-8 is instead, by its bytes: so that the remedy can be named."""

import codecs
from pathlib import Path

_MARKS = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"), (codecs.BOM_UTF16_LE, "UTF-16"),
          (codecs.BOM_UTF16_BE, "UTF-16"))  # fmt: skip
_BLOCK = 1 << 20
_REMEDY = "save the file as UTF-8"


def wide(path: Path) -> str:
    """A sentence where the first bytes are those of UTF-16 or UTF-32, "" where they are not."""
    with open(path, "rb") as file:
        start = file.read(256)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return f"the first bytes are {mark.hex(' ').upper()}, the mark of {name}: {_REMEDY}"
    halves = start[::2], start[1::2]
    empty = [half.count(0) / len(half) if half else 0 for half in halves]
    if len(start) >= 8 and max(empty) > 0.6 and min(empty) < 0.1:
        byte = 0 if empty[0] > empty[1] else 1
        return f"every second byte from byte {byte} on is 00, as in UTF-16 without its mark: {_REMEDY}"
    return ""


def bad_byte(path: Path) -> str:
    """A sentence that names the first byte that is not UTF-8, counted from 0, and what it is elsewhere; "" for none."""
    decoder, before = codecs.getincrementaldecoder("utf-8")(), 0
    with open(path, "rb") as file:
        while True:
            block = file.read(_BLOCK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return _named(before - held + error.start, error.object[error.start])
            if not block:
                return ""
            before += len(block)


def _named(place: int, byte: int) -> str:
    try:
        elsewhere = f", {bytes([byte]).decode('cp1252')!r} in Windows-1252"
    except UnicodeDecodeError:
        elsewhere = ""
    return f"byte {place} is not UTF-8 (0x{byte:02X}{elsewhere}): {_REMEDY}"
