"""Writing of text files, as they are."""

from collections.abc import Iterable
from pathlib import Path


def write(path: Path, content: str) -> None:
    """Write the text with its own line ends, making folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="")


def lines(rows: Iterable[str]) -> str:
    """One row a line."""
    return "".join(f"{row}\n" for row in rows)
