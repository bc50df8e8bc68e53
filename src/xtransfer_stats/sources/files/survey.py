"""A folder -> what each of its files is, by the first reader that knows the content."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from xtransfer_stats.base.errors import DataError, XstatsError
from xtransfer_stats.base.formats import counted
from xtransfer_stats.base.places import is_folder
from xtransfer_stats.base.usertext import regular_file
from xtransfer_stats.sources.files.bitext import read_bucc, read_tatoeba
from xtransfer_stats.sources.files.conllu import read_conllu
from xtransfer_stats.sources.files.encoding import bad_byte, wide
from xtransfer_stats.sources.files.filerow import FileRow, Reader
from xtransfer_stats.sources.files.lareqa import read_lareqa
from xtransfer_stats.sources.files.leaderboard_files import read_leaderboard
from xtransfer_stats.sources.files.mewslix import read_mewsli9, read_mewslix
from xtransfer_stats.sources.files.namecorpora import NOT_HERE, foreign
from xtransfer_stats.sources.files.parquet import read_columns, unknown_columns
from xtransfer_stats.sources.files.squad_json import read_squad
from xtransfer_stats.sources.files.supertags import read_ccg
from xtransfer_stats.sources.files.text import opening, read_plain
from xtransfer_stats.sources.files.textrows import read_delimited, read_json_rows, unknown_json, unknown_table
from xtransfer_stats.sources.files.tokentags import read_tags
from xtransfer_stats.sources.files.unpacked import is_packed, read_packed
from xtransfer_stats.sources.files.xtreme_pairs import read_pairs

# In this order: layouts with the most signs of their own first, two or three bare columns last.
READERS: tuple[Reader, ...] = (
    read_leaderboard,
    read_lareqa,
    read_squad,
    read_mewslix,
    read_mewsli9,
    read_tatoeba,
    read_bucc,
    read_columns,
    read_plain,
    read_json_rows,
    read_conllu,
    read_ccg,
    read_tags,
    read_pairs,
    read_delimited,
)
# Documents, programs, and companions that a reader of the file beside them looks at.
_NO_DATA = re.compile(
    r"(readme|licen[cs]e|copying|notice|changelog|citation|authors)(\W.*)?|"
    r".*\.(md|rst|pdf|html|py|sh|ipynb|bib|lst|toml|ya?ml|log)|"
    r"dataset_infos?\.json|dataset_dict\.json|state\.json|label-names\.txt",
    re.IGNORECASE,
)
_START = 1 << 16
_JSON_ENDINGS = (".json", ".jsonl", ".jsonlines", ".ndjson")
_SIGNS = (
    (b"PK\x03\x04", "a zip archive: unpack it"),
    (b"\x1f\x8b", "packed by gzip under another ending: name it .gz, or unpack it"),
    (b"PAR1", "a Parquet file that is damaged, or has another ending: fetch it again, or name it .parquet"),
    (b"{", "JSON of no known data set"),
    (b"[", "JSON of no known data set"),
)


def survey(directory: Path) -> list[FileRow]:
    """Rows of every file under a folder, in the order of the paths.

    Links are followed as long as they lead inside the folder. Hidden files and folders, links that lead out, and what
    cannot be read are rows with a problem. Raises DataError when there is no such folder.
    """
    if not is_folder(directory):
        raise DataError(f"{str(directory)!r}: no folder there: give one with data sets")
    root = directory.resolve()
    return [row for path in _walk(directory, root, ()) for row in _rows_of(path, root)]


def _walk(folder: Path, root: Path, above: tuple[Path, ...]) -> Iterator[Path]:
    """Files in order, and the folders that are not entered."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        yield folder
        return
    inside = (*above, folder.resolve())
    for path in (folder / name for name in names):
        # A link to a folder above would lead round for ever.
        if path.is_dir() and not _closed(path, root) and path.resolve() not in inside:
            yield from _walk(path, root, inside)
        else:
            yield path


def _closed(path: Path, root: Path) -> str:
    """Why a path is not entered or read, "" when it may be."""
    if path.name.startswith("."):
        return "hidden: not read"
    if path.is_symlink() and not path.exists():
        return "a link that leads nowhere"
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        return "a link that leads out of the folder: not followed"
    return ""


def _rows_of(path: Path, root: Path) -> list[FileRow]:
    why = _closed(path, root)
    if why:
        return [unread(path, why)]
    if path.is_dir():
        return [unread(path, "a folder that cannot be read, or a link to one above it: not entered")]
    if not path.is_file():
        return [unread(path, "no regular file: not read")]
    return recognise(path)


def recognise(path: Path) -> list[FileRow]:
    """Rows of a file: none for what is no data or belongs to another file, one with a problem for what none knows.

    Raises nothing: what goes wrong while reading is the row's problem.
    """
    if _NO_DATA.fullmatch(path.name):
        return []
    try:
        if is_packed(regular_file(path)):
            return read_packed(path, recognise)
        why = wide(path) or _blank(path)
        if why:
            return [unread(path, why)]
        read = (reader(path) for reader in READERS)
        known = next((rows for rows in read if rows is not None), None)
        return [_unknown(path)] if known is None else known
    except UnicodeDecodeError as error:
        return [unread(path, bad_byte(path) or str(error))]
    except OSError as error:
        return [unread(path, f"cannot be read ({error.strerror})")]
    except (XstatsError, ValueError) as error:
        return [unread(path, f"cannot be read: {error}")]


def _blank(path: Path) -> str:
    """A sentence where a file begins with nothing but empty lines, however many follow."""
    with open(path, "rb") as file:
        start = file.read(_START)
    return f"nothing but empty lines in the first {len(start)} bytes: not read" if start and not start.strip() else ""


def _unknown(path: Path) -> FileRow:
    """The row of a file that no reader knows: what was found, and what it lacks."""
    binary = any(path.suffix.lower().endswith(ending) for ending in (".parquet", ".arrow"))
    row = unknown_columns(path) if binary else unknown_json(path) or unknown_table(path)
    named = foreign(path)
    row = row or unread(path, _looks(path))
    return replace(row, problems=(*row.problems, f"the name says {named}, {NOT_HERE}")) if named else row


def unread(path: Path, problem: str) -> FileRow:
    """The row of a path that gives no example."""
    return FileRow(path, problems=(problem,))


def _looks(path: Path) -> str:
    """What a file that no reader knows seems to be, in a sentence."""
    with open(path, "rb") as file:
        start = file.read(64)
    if not start:
        return "empty"
    for sign, what in _SIGNS if path.suffix.lower() in _JSON_ENDINGS else _SIGNS[:3]:
        if start.lstrip(b"\xef\xbb\xbf \r\n").startswith(sign):
            return what
    lines = [line for line in opening(path) if line.strip()]
    if not lines:
        return "not text, and no format that is known"
    odd = bad_byte(path)
    if odd:
        return odd
    columns = sorted({len(line.split("\t")) for line in lines})
    counts = counted(columns[0], "column") if len(columns) == 1 else f"{columns[0]} to {columns[-1]} columns"
    return f"text of {counts} between tabs, of no known data set; it begins with {lines[0][:40]!r}"
