"""Results that take long to make, kept in the user's cache from one command to the next: bounded, and each sealed.

What is read is text with its checksum, never code. A folder or file that others may write is not used.
"""

import hashlib
import os
import stat
import warnings
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from xtransfer_stats.base import cache
from xtransfer_stats.base.errors import RecipeError

VARIABLE = "XSTATS_CACHE"  # "off": nothing is kept, and nothing that was kept is read
LARGEST = 200 * 2**20  # bytes of all results together; what was used least lately goes first
_LARGEST_TEXT = 2**30  # bytes of one result unpacked
_HEAD = b"xtransfer-stats result\n"
_END = ".kept"
T = TypeVar("T")


class CacheWarning(UserWarning):
    """Something that was kept cannot be used; the result is made anew."""


@dataclass(frozen=True)
class KeptResults:
    """Texts by key. name: of their folder in the user's cache. largest: bytes of them together."""

    name: str
    largest: int = LARGEST

    @property
    def folder(self) -> Path:
        """Where they are."""
        return cache.folder() / self.name

    def get(self, key: str, read: Callable[[str], T]) -> T | None:
        """What `read` makes of the text called `key`; None where there is none.

        Warns by CacheWarning where it is damaged (`read` raises ValueError for it too) or others may write it.
        """
        if not wanted() or not self._is_ours():
            return None
        path = self.folder / f"{key}{_END}"
        try:
            found = read(_opened(path))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, zlib.error) as error:
            told = getattr(error, "strerror", None) or str(error)
            warnings.warn(f"What is kept in {path} cannot be used ({told}): made anew.", CacheWarning, stacklevel=2)
            return None
        with suppress(OSError):
            os.utime(path)  # used just now
        return found

    def put(self, key: str, text: str) -> None:
        """Keep a text. Where that cannot be done only time is lost."""
        if not wanted():
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self.folder.is_symlink() and _is_mine(self.folder.stat()):
                self.folder.chmod(0o700)
        if not self._is_ours():
            return
        with suppress(OSError):
            content = text.encode()
            sealed = _HEAD + hashlib.sha256(content).hexdigest().encode() + b"\n" + zlib.compress(content, 1)
            aside = self.folder / f".{key}.{os.getpid()}"
            aside.write_bytes(sealed)
            aside.chmod(0o600)
            os.replace(aside, self.folder / f"{key}{_END}")
            self._trim()

    def files(self) -> list[Path]:
        """What is kept, the least lately used first."""
        with suppress(OSError):
            return sorted(self.folder.glob(f"*{_END}"), key=lambda path: path.stat().st_mtime)
        return []

    def _trim(self) -> None:
        paths = self.files()
        sizes = {path: path.stat().st_size for path in paths}
        over = sum(sizes.values()) - self.largest
        for path in paths[:-1]:
            if over <= 0:
                return
            path.unlink(missing_ok=True)
            over -= sizes[path]

    def _is_ours(self) -> bool:
        """Whether the folder is there, and nobody else may write it."""
        try:
            found = self.folder.lstat()
        except OSError:
            return False
        if stat.S_ISDIR(found.st_mode) and _is_mine(found) and not _open_to_others(found):
            return True
        warnings.warn(f"{self.folder} may be written by others: nothing is kept there.", CacheWarning, stacklevel=3)
        return False


def wanted() -> bool:
    """Whether results are kept; raises RecipeError for a value of the variable that says neither."""
    value = os.environ.get(VARIABLE, "on").strip().lower()
    if value not in ("on", "off", ""):
        raise RecipeError(f"{VARIABLE}={value!r}: say on or off")
    return value != "off"


def _opened(path: Path) -> str:
    """The text of a file; ValueError where it is not as it was written."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or not _is_mine(found) or _open_to_others(found):
            raise ValueError("others may write it")
        raw = file.read()
    head, digest, packed = raw[: len(_HEAD)], raw[len(_HEAD) : len(_HEAD) + 65], raw[len(_HEAD) + 65 :]
    if head != _HEAD:
        raise ValueError("it is no such file")
    content = zlib.decompressobj().decompress(packed, _LARGEST_TEXT)
    if hashlib.sha256(content).hexdigest().encode() + b"\n" != digest:
        raise ValueError("it does not match its checksum")
    return content.decode()


def _is_mine(found: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or found.st_uid == os.getuid()


def _open_to_others(found: os.stat_result) -> bool:
    return hasattr(os, "getuid") and bool(found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
