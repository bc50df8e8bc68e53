"""Lines of text files that are aligned or matched by line or by id."""

from pathlib import Path


def lines_of(path: Path) -> list[str]:
    """Lines without their ends (LF or CRLF alone: other separators are characters of a sentence).

    A byte order mark at the start of the file is no character of the text. Raises UnicodeDecodeError.
    """
    lines = [line.removesuffix("\r") for line in path.read_bytes().decode("utf-8-sig").split("\n")]
    return lines if lines[-1] else lines[:-1]
