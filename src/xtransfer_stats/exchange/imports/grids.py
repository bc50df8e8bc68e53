"""Tables in text as rows of cells: separated values, Markdown, and what pandas prints; of any common encoding."""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Sequence

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import Unreadable

Grid = list[list[str]]
SEPARATORS = ("\t", ";", ",", "|")
_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?")
_FOOTER = re.compile(r"\[\d+ rows x \d+ columns\]|Name: .*, dtype: .*|dtype: .*")
_AXIS = re.compile(r"(\S+)\s+(?=\S)")  # the first word of a line, and the blanks up to the second
_KEY_VALUE = re.compile(r"\s*[-*]?\s*[\"']?([A-Za-z_@][\w@./+ -]*?)[\"']?\s*[=:]\s*(\S.*?)\s*,?\s*")
_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8)
_NAMES = ("utf-32", "utf-32", "utf-16", "utf-16", "utf-8-sig")


def text_of(name: str, content: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 and UTF-32 by their mark. Raises DataError naming the byte otherwise."""
    encoding = next((name for mark, name in zip(_MARKS, _NAMES, strict=True) if content.startswith(mark)), "")
    if not encoding and content[1:4:2] == b"\0\0":
        encoding = "utf-16-le"
    try:
        return content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(
            f"{name}: byte {error.start + 1} ({content[error.start]:#04x}, line {line}) is not "
            f"{(encoding or 'utf-8').upper()}: "
            "save it as UTF-8"
        ) from None


def markdown(text: str) -> list[tuple[str, Grid]]:
    """The tables of a Markdown text, each with the title above it."""
    grids: list[tuple[str, Grid]] = []
    lines = text.splitlines()
    for number, line in enumerate(lines[1:], 1):
        if _RULE.fullmatch(line.strip()) and "|" in line and "|" in lines[number - 1]:
            rows = [_bars(lines[number - 1])]
            for further in lines[number + 1 :]:
                if "|" not in further:
                    break
                rows.append(_bars(further))
            grids.append((_title(lines[: number - 1]), even(rows)))
    return grids


def _title(above: Sequence[str]) -> str:
    """The last line of text above a table, where no other table is between; "" for none."""
    line = next((line.strip() for line in reversed(above) if line.strip()), "")
    return "" if "|" in line else line.strip("#*: ")


def _bars(line: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
    return [cell.replace("\\|", "|").strip() for cell in cells]


def separated(text: str, usual: str = ",") -> tuple[Grid, str] | None:
    """A table of separated values and its separator, the one that gives every line as many cells; None for none."""
    lines = [line for line in text.splitlines() if line.strip()][:200]
    best = max((usual, *SEPARATORS), key=lambda sign: _evenness(lines, sign))
    if _evenness(lines, best)[0] <= 0:
        return None
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=best) if any(cell.strip() for cell in row)]
    return _under_headings(rows), best


def _under_headings(rows: list[list[str]]) -> Grid:
    """Rows as long as their headings; where all have one cell more, the first is a row's name, as R writes it.

    Raises Unreadable for a row that is longer than the headings by filled cells: its values would be read as others.
    """
    first = next((place for place, row in enumerate(rows) if len(row) > 1), 0)  # below titles and remarks
    head, body = len(rows[first]), rows[first + 1 :]
    if body and all(len(row) == head + 1 for row in body) and any(row[-1].strip() for row in body):
        rows = [*rows[:first], ["", *rows[first]], *body]
        head += 1
    long = next((number for number, row in enumerate(rows) if any(cell.strip() for cell in row[head:])), None)
    if long is not None:
        raise Unreadable(
            f"row {long + 1:,} has {len(rows[long])} cells, and there are {head} headings; quote what holds the "
            "separator"
        )
    return [row[:head] for row in even(rows)]


def _evenness(lines: Sequence[str], sign: str) -> tuple[float, int]:
    """How many lines have as many cells as most have, where that is more than one; then how many cells."""
    counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
    if not counts:
        return 0.0, 0
    most = max(set(counts), key=lambda count: (counts.count(count), count))
    return (counts.count(most) / len(counts) if most > 1 else 0.0), most


def printed(text: str) -> Grid | None:
    """A table whose columns are told by blanks, as pandas prints it; None for none.

    Raises Unreadable where rows or columns were cut short with "...".
    """
    lines = [
        line.expandtabs().rstrip() for line in text.splitlines() if line.strip() and not _FOOTER.fullmatch(line.strip())
    ]
    if len(lines) < 2:
        return None
    if lines[0].endswith("\\"):
        raise Unreadable("a table printed in pieces, with \\ at the end of lines: write it with to_csv")
    if (name := _AXIS.match(lines[0])) and len(lines[1]) <= len(name[0]):
        # Names of an index, below the name of the columns, which may reach over several of them.
        lines[0] = " " * len(name[1]) + lines[0][len(name[1]) :]
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    blank = [all(line[place] == " " for line in padded) for place in range(width)]
    cuts = [0, *(place for place in range(1, width) if blank[place - 1] and not blank[place]), width]
    rows = [[line[start:end].strip() for start, end in itertools.pairwise(cuts)] for line in padded]
    words = [line.split() for line in lines]
    uneven = len(set(map(len, words))) > 1 or any(one in ("=", ":") for line in words for one in line)
    if not uneven and len(rows[0]) < len(
        words[0]
    ):  # one blank between, and columns that do not stand one below another
        rows = words
    if any(cell in ("...", "..") for row in rows for cell in row):
        raise Unreadable("a table that was cut short with '...': write it with to_csv")
    return even(rows) if len(rows[0]) > 1 else None


def key_values(text: str) -> list[dict[str, str]] | None:
    """Records of lines "key = value", a new one where a key comes again; None where the text is none of these."""
    lines = [line for line in text.splitlines() if any(one.isalnum() for one in line)]
    found = [_KEY_VALUE.fullmatch(line) for line in lines]
    if not lines or sum(match is not None for match in found) < 0.8 * len(lines):
        return None
    records: list[dict[str, str]] = [{}]
    for match in found:
        if match is None:
            continue
        if match[1] in records[-1]:
            records.append({})
        records[-1][match[1]] = match[2].strip("\"'")
    return records


def even(rows: Sequence[Sequence[str]]) -> Grid:
    """Rows made of one length, cells without blanks around them."""
    width = max(map(len, rows), default=0)
    return [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows]
