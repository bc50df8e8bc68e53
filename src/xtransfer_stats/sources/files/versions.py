"""Hashes of files, so that a step's key changes when its data do."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_BLOCK = 1 << 20


def version(root: Path, files: Iterable[Path]) -> str:
    """A hash of the names, sizes and contents of files. Raises OSError for one that cannot be read."""
    whole = hashlib.sha256()
    for path in sorted(set(files)):
        about = path.stat()
        content = _content(path, about.st_size, about.st_mtime_ns)
        whole.update(f"{path.relative_to(root).as_posix()}\0{about.st_size}\0{content}\n".encode())
    return whole.hexdigest()[:32]


@cache
def _content(path: Path, size: int, changed: int) -> str:
    """The hash of a file's bytes; size and time of change only tell whether it was read before."""
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
