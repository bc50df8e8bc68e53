"""One file -> its rows, by the first reader that knows the content."""

import re
from itertools import chain
from pathlib import Path

from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.sources.files import (
    bucc,
    ccg,
    conllu,
    delimited,
    jsonlines,
    lareqa,
    leaderboard_files,
    mewsli9,
    mewslix,
    parquet,
    plain,
    squad_json,
    tatoeba,
    xtreme_pairs,
    xtreme_tags,
)
from xtransfer_stats.sources.files.found import Found, Reader
from xtransfer_stats.sources.files.opening import opening

# In this order: layouts with the most signs of their own first, two or three bare columns last.
_MODULES = (
    leaderboard_files,
    lareqa,
    squad_json,
    mewslix,
    mewsli9,
    tatoeba,
    bucc,
    parquet,
    plain,
    jsonlines,
    conllu,
    ccg,
    xtreme_tags,
    xtreme_pairs,
    delimited,
)
READERS: tuple[Reader, ...] = tuple(chain.from_iterable(module.READERS for module in _MODULES))

# Documents, programs, and companions that a reader of the file beside them looks at.
_NO_DATA = re.compile(
    r"(readme|licen[cs]e|copying|notice|changelog|citation|authors)(\W.*)?|"
    r".*\.(md|rst|pdf|html|py|sh|ipynb|bib|lst|toml|ya?ml|log)|"
    r"dataset_infos?\.json|dataset_dict\.json|state\.json",
    re.IGNORECASE,
)
_SIGNS = (
    (b"PK\x03\x04", "a zip archive: unpack it"),
    (b"\x1f\x8b", "a gzip archive: unpack it"),
    (b"PAR1", "Parquet with columns of no known data set"),
    (b"{", "JSON of no known data set"),
    (b"[", "JSON of no known data set"),
)


def recognise(path: Path) -> list[Found]:
    """Rows of a file: none for what is no data or belongs to another file, one with a problem for what none knows.

    Raises nothing: what goes wrong while reading is the row's problem.
    """
    if _NO_DATA.fullmatch(path.name):
        return []
    try:
        read = (reader(path) for reader in READERS)
        found = next((rows for rows in read if rows is not None), None)
        return [unread(path, _looks(path))] if found is None else found
    except UnicodeDecodeError as error:
        return [unread(path, f"byte {error.start} is not UTF-8: save the file as UTF-8")]
    except OSError as error:
        return [unread(path, f"cannot be read ({error.strerror})")]
    except (XstatsError, ValueError) as error:
        return [unread(path, f"cannot be read: {error}")]


def unread(path: Path, problem: str) -> Found:
    """The row of a path that gives no example."""
    return Found(path, "", "", "", "", 0, False, (problem,))


def _looks(path: Path) -> str:
    """What a file that no reader knows seems to be, in a sentence."""
    with open(path, "rb") as file:
        start = file.read(64)
    if not start:
        return "empty"
    for sign, told in _SIGNS:
        if start.lstrip(b"\xef\xbb\xbf \r\n").startswith(sign):
            return told
    lines = [line for line in opening(path) if line.strip()]
    if not lines:
        return "not text, and no format that is known"
    columns = sorted({len(line.split("\t")) for line in lines})
    counts = f"{columns[0]}" if len(columns) == 1 else f"{columns[0]} to {columns[-1]}"
    return f"text of {counts} column(s) between tabs, of no known data set; it begins with {lines[0][:40]!r}"
