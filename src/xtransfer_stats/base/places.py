"""Paths of a user's: what the system can have no file by is told before anything is asked of it."""

import os
from collections.abc import Callable
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import shown

LONGEST_NAME, LONGEST_PATH = 255, 4095  # bytes, of a name and of a whole path, as Linux and macOS have them at most


def named(text: str | Path, what: str) -> Path:
    """The path that a user wrote; `what` is the word for it in the error.

    Raises DataError for a name that no file can have: it would else be an OSError at the first look at it.
    """
    trouble = _trouble(str(text))
    if trouble:
        raise DataError(
            f"{what} {shown(str(text))}: {trouble}; give the name of what is there, or a shorter one", [what]
        )
    return Path(text)


def expanded(text: str | Path, what: str) -> Path:
    """`named`, with the home folder in place of a leading ~; raises DataError for the home of nobody known, too."""
    path = named(text, what)
    try:
        return path.expanduser()
    except RuntimeError:
        raise DataError(
            f"{what} {shown(str(text))}: nobody of that name has a home here; write the path out", [what]
        ) from None


def nameable(text: str) -> str:
    """The text itself; raises ValueError where no file can have that name, as models of tables do."""
    trouble = _trouble(text)
    if trouble:
        raise ValueError(f"{shown(text)}: {trouble}")
    return text


def is_folder(path: Path) -> bool:
    """Whether a folder is there. Raises DataError for a name that the system does not take."""
    return _asked(path, Path.is_dir)


def is_there(path: Path) -> bool:
    """Whether anything is there. Raises DataError for a name that the system does not take."""
    return _asked(path, Path.exists)


def _asked(path: Path, question: Callable[[Path], bool]) -> bool:
    try:
        return question(path)
    except (OSError, ValueError) as error:
        longest = max(map(len, path.parts), default=0)
        why = error.strerror if isinstance(error, OSError) else error
        short = str(path) if len(str(path)) <= 80 else f"{str(path)[:40]}…{str(path)[-20:]}"
        raise DataError(
            f"{short!r}: {why}; a part of the path has {longest} characters: give a name the system can hold"
        ) from None


def is_file(path: Path) -> bool:
    """Whether a file is there; False for a name that the system refuses to look for."""
    try:
        return path.is_file()
    except OSError:
        return False


def _trouble(text: str) -> str:
    if "\0" in text:
        return "no file's name holds the character of code 0"
    size = len(os.fsencode(text))
    if size > LONGEST_PATH:
        return f"a path of {size:,} bytes, and the system takes {LONGEST_PATH:,}"
    longest = max(len(os.fsencode(part)) for part in text.split(os.sep))
    return f"a name of {longest:,} bytes, and the system takes {LONGEST_NAME}" if longest > LONGEST_NAME else ""
