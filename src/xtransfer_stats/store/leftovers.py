"""What lies in a store and nobody needs: what killed runs left, and steps of no study."""

import os
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from xtransfer_stats.store.store import Store, discard, explained, held, is_held

UNFINISHED = re.compile(r"\..+\.json\.\d+")  # what a killed process was writing; no reader takes it for the file
ABANDONED = 60.0  # seconds after which nobody writes a file any more
_SEALED = (".", "studies", "looks", "failures")  # folders of sealed files


@dataclass(frozen=True)
class Leftover:
    """path: of a file or folder. size: bytes that it takes. lock: the file that whoever works on it holds."""

    path: Path
    size: int
    lock: Path


def leftovers(store: Store) -> list[Leftover]:
    """What killed runs left, but for what somebody is at work on."""
    found = (_leftover(store, path, _key(path)) for path in _left(store))
    return [one for one in found if not is_held(one.lock)]


def _left(store: Store) -> Iterator[Path]:
    yield from sorted((store.root / "aside").glob("*"))
    for part in _SEALED:
        yield from (path for path in sorted((store.root / part).glob(".*")) if _is_unfinished(path))


def _is_unfinished(path: Path) -> bool:
    """Whether a file was being written and is not any more: writing takes no minute."""
    return bool(UNFINISHED.fullmatch(path.name)) and time.time() - path.lstat().st_mtime > ABANDONED


def _key(aside: Path) -> str:
    """The step that a folder aside was to be, or was."""
    return aside.name.removeprefix("removed-").rpartition("-")[0] or aside.name


def unneeded(store: Store, needed: Collection[str]) -> list[Leftover]:
    """Published steps whose keys are not among those needed, and notes on failures of such steps."""
    steps = (path for path in sorted((store.root / "steps").glob("*/*")) if path.name not in needed)
    notes = (path for path in sorted((store.root / "failures").glob("*.json")) if path.stem not in needed)
    found = [_leftover(store, path, path.name) for path in steps]
    return [*found, *(_leftover(store, path, path.stem) for path in notes)]


def _leftover(store: Store, path: Path, key: str) -> Leftover:
    return Leftover(path, size_of(path), store.root / "locks" / key)


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; links count as themselves."""
    if path.is_symlink() or not path.is_dir():
        return path.lstat().st_size if os.path.lexists(path) else 0
    places = (os.path.join(place, name) for place, _, names in os.walk(path) for name in names)
    return sum(os.lstat(place).st_size for place in places)


def remove(store: Store, one: Leftover) -> bool:
    """Remove it, in one move out of readers' sight first; False where somebody is at work on it."""
    with explained(store.root), held(one.lock) as mine:
        if mine and os.path.lexists(one.path):
            aside = store.root / "aside" / f"removed-{one.lock.name}-{os.getpid()}"
            if one.path.parent != aside.parent and not os.path.lexists(aside):
                one.path.rename(aside)
                discard(aside)
            else:
                discard(one.path)
        return mine
