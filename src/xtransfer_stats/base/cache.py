"""Texts that take seconds to make and never change, kept in the user's cache from one command to the next."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def folder() -> Path:
    """The package's folder in the user's cache: $XDG_CACHE_HOME, else ~/.cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "xtransfer-stats"


def kept(name: str, make: Callable[[], str]) -> str:
    """The text called `name`, which must say the version of what makes it; made, and kept, where it is not there.

    Where the cache cannot be read or written the text is made each time: only seconds are lost.
    """
    path = folder() / name
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8")
    text = make()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{name}.{os.getpid()}")
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, path)
    return text
