"""Checkpoints that stand in for an intermediate training: where they lie, and what tells two versions apart."""

import hashlib
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.base.resources import nearest

_WEIGHTS = "*.safetensors"


def identity(name: str, revision: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a checkpoint's part in a step's arguments and in its places.

    A folder is told by the sha256 of its weights, a model of the hub by its revision. Raises DataError for a folder
    that is not there or holds no weights.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return {"checkpoint": name, "sha256": _digest(folder)}, {"checkpoint": str(folder.resolve())}
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise DataError(f"checkpoint {name!r}: no such directory; give a folder with config.json or a hub id")
    return {"checkpoint": name, "revision": revision}, {}


def check_used(sets: Iterable[str], drawn: Collection[str]) -> None:
    """Raises RecipeError for a checkpoint that stands in for a task set that no run has."""
    for name in sets:
        if name not in drawn:
            raise RecipeError(
                f"intermediate.checkpoints: no run has the task set {name!r}: "
                f"{nearest(name, drawn)}the sets drawn are {', '.join(sorted(drawn)) or 'none'}"
            )


def _digest(folder: Path) -> str:
    files = sorted(folder.glob(_WEIGHTS))
    if not files:
        raise DataError(f"checkpoint {str(folder)!r}: no {_WEIGHTS} in it; save the model with safe_serialization=True")
    total = hashlib.sha256()
    for file in files:
        stat = file.stat()
        total.update(_file_digest(file, stat.st_size, stat.st_mtime_ns))
    return total.hexdigest()


@lru_cache
def _file_digest(file: Path, size: int, mtime_ns: int) -> bytes:
    """The sha256 of a file, read once as long as size and time stay."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
