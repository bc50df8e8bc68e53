"""Text files: their lines, tagged sentences in them, and plain text for masked language modelling."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.source import Portion, Sentence, Tagging
from xtransfer_stats.tasks.codes import canonical

FOLDER, FORMAT = "mlm", "plain text"
_OPENING = 1 << 16  # bytes


def lines_of(path: Path) -> list[str]:
    """Lines without their ends (LF or CRLF alone: other separators are characters of a sentence).

    A byte order mark at the start of the file is no character of the text. Raises UnicodeDecodeError.
    """
    lines = [line.removesuffix("\r") for line in path.read_bytes().decode("utf-8-sig").split("\n")]
    return lines if lines[-1] else lines[:-1]


def opening(path: Path) -> list[str]:
    """Whole lines of the first 64 KiB, without their ends: enough to know the format; empty for what is not text.

    Bytes that are not UTF-8 are replaced here: reading all of the file names them.
    """
    with open(path, "rb") as file:
        start = file.read(_OPENING)
    if b"\0" in start:
        return []
    lines = start.decode("utf-8-sig", errors="replace").split("\n")
    whole = lines[:-1] if len(start) == _OPENING or not lines[-1] else lines
    return [line.removesuffix("\r") for line in whole]


def sentences_of(lines: Iterable[str], space: str | None = None) -> Iterator[list[list[str]]]:
    """Cells (between tabs) of the lines of each sentence; lines of nothing but `space` (default: any) part them."""
    rows: list[list[str]] = []
    for line in (*lines, ""):
        if line.strip(space):
            rows.append(line.split("\t"))
        elif rows:
            yield rows
            rows = []


def tagged(examples: Sequence[Tagging], counts: Counter[str]) -> Portion:
    """Tagged sentences, and the problems that were counted: "3 sentences ..."."""
    unlabelled = sum(example.tags is None for example in examples)
    problems = tuple(f"{count} {what}" for what, count in counts.items() if count)
    return Portion(tuple(examples), unlabelled=unlabelled, problems=problems)


def read_plain(path: Path) -> list[FileRow] | None:
    """The row of mlm/LANGUAGE.txt, a sentence a line; None for any other, as plain text has no sign of its own."""
    if path.parent.name != FOLDER or path.suffix != ".txt":
        return None
    language = canonical(path.stem)
    if language is None:
        why = f"the name {path.stem!r} is no language's code: name the file de.txt, say"
        return [FileRow(path, FOLDER, "", "train", FORMAT, problems=(why,))]
    read = partial(_sentences, path)
    # Text is its own gold: what is masked is known.
    return [FileRow(path, FOLDER, language, "train", FORMAT, len(read().examples), True, read=read)]


def _sentences(path: Path) -> Portion:
    lines = [line for line in lines_of(path) if line.strip()]
    return Portion(tuple(Sentence(f"{path.stem}:{number}", line) for number, line in enumerate(lines)))
