"""Mewsli-9's table of mentions: another data set than Mewsli-X, and without the articles' text."""

from collections import Counter
from pathlib import Path

from xtransfer_stats.sources.files.found import Found, Reader

FORMAT = "mewsli-9 mentions"
_COLUMNS = "docid position length mention url lang qid".split()


def read_mewsli9(path: Path) -> list[Found] | None:
    """Rows of the table, one a language, with nothing that can be used; None for any other file."""
    if path.suffix.lower() != ".tsv":
        return None
    with open(path, "rb") as file:
        head = file.readline(1 << 12).decode("utf-8-sig", "replace").rstrip("\r\n").split("\t")
    if head[: len(_COLUMNS)] != _COLUMNS:
        return None
    place = head.index("lang")
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        cells = (line.rstrip("\r\n").split("\t") for line in file)
        told = Counter(row[place] for row in cells if len(row) > place and row[place] != "lang")
    return [_nine(path, language, count) for language, count in sorted(told.items())]


def _nine(path: Path, language: str, count: int) -> Found:
    why = f"{count} mention(s) of Mewsli-9, not of Mewsli-X, and without the articles' text: nothing to use"
    return Found(path, "", language, "", FORMAT, 0, True, (why,))


READERS: tuple[Reader, ...] = (read_mewsli9,)
