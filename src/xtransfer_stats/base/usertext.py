"""Text of a user's: only regular files are opened, and what no parser can take is named by its place.

Parsers fail on hostile text by other errors than their own: RecursionError where it is nested deep, ValueError without
a place where a number is too long. Here all of them are an Unreadable, which is a ValueError as JSONDecodeError is.
"""

import json
import re
import stat
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError

DEEPEST = 100  # brackets within brackets; no format that is read here needs ten
LONGEST = 400  # digits; a double has 309 before the point
_QUOTED = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'')
_LONG_KEY = re.compile(rf"(?:(?:[\w-]+|'')[ \t]*\.[ \t]*){{{DEEPEST}}}")  # a.b.c = 1 is a table in a table
LARGEST = 2 * 2**30  # bytes of a file that is held in memory whole


class Unreadable(ValueError):
    """Text that is not what it should be; the message names the place within it."""


def regular_file(path: Path, largest: int = LARGEST) -> Path:
    """`path` itself, when it or what it links to is a regular file of at most `largest` bytes.

    Raises DataError for folders, pipes, sockets and devices, which may never end, and for larger files; OSError as
    `Path.stat` does.
    """
    seen = path.stat()
    if not stat.S_ISREG(seen.st_mode):
        raise DataError(f"{path} is not a regular file: pipes, devices and folders are not read; copy it to a file")
    if seen.st_size > largest:
        raise DataError(
            f"{path} has {seen.st_size / 2**20:.1f} MB, more than the {largest / 2**20:g} MB that are read at once; "
            "cut it to what is needed"
        )
    return path


def parsed_json(text: str | bytes) -> Any:
    """The value that JSON text stands for; raises Unreadable."""
    try:
        return json.loads(text)
    except RecursionError:
        raise Unreadable(_too_deep(_decoded(text))) from None
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start + 1} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}") from None
    except ValueError:  # int() refuses what is longer than the interpreter's limit
        raise Unreadable(_too_long(_decoded(text))) from None


def parsed_toml(text: str) -> dict[str, Any]:
    """The table that TOML text stands for; raises Unreadable."""
    _refuse_long_keys(text)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Unreadable(_too_deep(text)) from None
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"not TOML: {error}") from None
    except ValueError:
        raise Unreadable(_too_long(text)) from None


def _refuse_long_keys(text: str) -> None:
    """A key of many parts is tables in tables, whose reading takes the square of its length in memory."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") >= DEEPEST and _LONG_KEY.search(_QUOTED.sub("''", line)):
            raise Unreadable(f"nested more than {DEEPEST} deep at line {number}")


def shown(value: Any, most: int = 60) -> str:
    """A value of a user's as an error quotes it: as Python writes it, cut after `most` characters, whatever it is."""
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # nested deep, or a whole number longer than the interpreter writes
        return "what is too long to be shown"
    return (
        text
        if len(text) <= most
        else f"{text[:most]}… ({len(value) if isinstance(value, str) else len(text):,} characters)"
    )


def few(texts: Sequence[str], most: int) -> str:
    """The first of some texts, joined, and how many more there are: "a, b and 3 more"."""
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return f"{', '.join(texts[:most])}{more}"


def _decoded(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8-sig")


def _too_deep(text: str) -> str:
    """Names the first line that passes the limit; brackets within quotes count too, which only moves the place."""
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        for character in line:
            depth += (character in "[{") - (character in "]}")
            if depth > DEEPEST:
                return f"nested more than {DEEPEST} deep at line {number}"
    return f"nested more than {DEEPEST} deep"


def _too_long(text: str) -> str:
    number = next(i for i, line in enumerate(text.splitlines(), 1) if re.search(rf"\d{{{LONGEST}}}", line))
    return f"a number of more than {LONGEST} digits at line {number}: {_start(text.splitlines()[number - 1])}"


def _start(line: str) -> str:
    return line if len(line) <= 40 else line[:40] + "…"
