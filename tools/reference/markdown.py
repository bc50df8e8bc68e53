"""Pieces of a page in Markdown."""

import re
from collections.abc import Iterable, Sequence

# One or two backticks around code, which stays as it is.
_CODE = re.compile(r"(`+[^`]+`+)")


def head(title: str, made_from: str, *paragraphs: str) -> str:
    """A page's beginning: its title, where it comes from, and what it is about."""
    made = f"<!-- Made by `make reference` from {made_from}: change that. -->"
    return "\n\n".join([f"# {title}", made, *paragraphs])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown already."""
    lines = [heads, ["---"] * len(heads), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """The text as code; nothing for nothing."""
    return f"`{text}`" if text else ""


def words(text: str) -> str:
    """Plain text as Markdown: signs that would be markup are escaped, code between backticks stays."""
    parts = _CODE.split(text)
    return "".join(part if number % 2 else re.sub(r"([<*\[\]])", r"\\\1", part) for number, part in enumerate(parts))


def page(*blocks: str) -> str:
    """The whole text of a page."""
    return "\n\n".join(block for block in blocks if block) + "\n"
