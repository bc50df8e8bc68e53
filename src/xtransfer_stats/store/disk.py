"""What a disk refuses, as errors with a remedy: full, read-only, not permitted; also where a library hid it."""

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from xtransfer_stats.base.errors import StoreError

NO_ROOM = 2**20  # bytes; a disk with less is as good as full: a manifest, a failure and a lock would take the rest

_FULL, _ELSEWHERE = "free some space; finished steps are kept", "choose another place with store"
_REMEDIES: Mapping[int, str] = {
    errno.ENOSPC: f"the disk is full: {_FULL}",
    errno.EDQUOT: f"the disk quota is used up: {_FULL}",
    errno.EROFS: f"the file system is read-only: {_ELSEWHERE}",
    **dict.fromkeys((errno.EACCES, errno.EPERM), f"writing there is not permitted: {_ELSEWHERE}"),
    errno.EISDIR: "a folder stands where a file is needed: remove it",
    **dict.fromkeys(
        (errno.ENOTDIR, errno.EEXIST, errno.ELOOP),
        f"a file stands where a folder is needed: remove it, or {_ELSEWHERE}",
    ),
}
# Libraries of other languages (safetensors) keep of the system's error its words alone.
_WORDS: Mapping[str, int] = {
    word: number
    for number, own in ((errno.ENOSPC, 28), (errno.EDQUOT, 122), (errno.EROFS, 30))
    for word in (os.strerror(number), f"os error {own}")
}


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn what a disk refuses under `root` into a StoreError with a remedy."""
    try:
        yield
    except OSError as error:
        named = Path(error.filename).absolute() if error.filename else root
        number = error.errno
        if number is None or number not in _REMEDIES or not named.is_relative_to(root):
            raise
        raise _refused(root, named, number) from error


def _refused(root: Path, named: Path, number: int) -> StoreError:
    place = f"store {root.name!r}"
    places = [path for path in (*reversed(named.parents), named) if path.is_relative_to(root)]
    blocked = (path for path in places if os.path.lexists(path) and not path.is_dir())
    blocking = named if number == errno.EISDIR else next(blocked, root)
    part = "" if blocking == root else f"{blocking.relative_to(root)}: "
    return StoreError(f"{place}: {part}{_REMEDIES[number]}.", [place, "store."])


@contextmanager
def unwrapped(root: Path) -> Iterator[None]:
    """As `explained`, for work that writes through libraries, whose own errors may hide that the disk is full.

    Such an error is one of the disk where one of its causes is, where its words are the system's, or where no room
    is left: numpy tells the numbers of bytes alone.
    """
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        number = next(filter(None, map(_number, _causes(error))), None)
        if number is None and free(root) < NO_ROOM:
            number = errno.ENOSPC
        if number is None:
            raise
        raise _hidden(root, error, number) from error


def _hidden(root: Path, error: Exception, number: int) -> StoreError:
    """The refusal that a library's error hides; of another disk where the error names a place outside the store."""
    name = getattr(error, "filename", None)
    if name and not Path(name).absolute().is_relative_to(root):
        return StoreError(f"{name}: {_REMEDIES[number]}.")
    return _refused(root, root, number)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _number(error: BaseException) -> int | None:
    if isinstance(error, OSError) and error.errno in _WORDS.values():
        return error.errno
    text = str(error)
    return next((number for word, number in _WORDS.items() if word in text), None)


def free(root: Path) -> int:
    """Bytes that are free where a store is or will be."""
    there = next(place for place in (root, *root.parents) if place.exists())
    return shutil.disk_usage(there).free


def full(root: Path) -> StoreError | None:
    """The error of a disk without room, or None where there is some."""
    return _refused(root, root, errno.ENOSPC) if free(root) < NO_ROOM else None
