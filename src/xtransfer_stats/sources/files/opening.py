"""The first lines of a file: enough to know its format before all of it is read."""

from pathlib import Path

_BYTES = 1 << 16


def opening(path: Path) -> list[str]:
    """Whole lines of the first 64 KiB, without their ends; empty for what is not text.

    Bytes that are not UTF-8 are replaced here: reading all of the file names them.
    """
    with open(path, "rb") as file:
        start = file.read(_BYTES)
    if b"\0" in start:
        return []
    lines = start.decode("utf-8-sig", errors="replace").split("\n")
    kept = lines[:-1] if len(start) == _BYTES or not lines[-1] else lines
    return [line.removesuffix("\r") for line in kept]
