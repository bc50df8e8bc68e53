"""What a model is named by: the encoder that comes with a package, a folder, or an id of the hub."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.places import expanded
from xtransfer_stats.base.provenance import checksum
from xtransfer_stats.base.usertext import shown

EMBEDDED = "e5-small-q4"  # the backbone that comes with a package
_WEIGHTS = "*.safetensors"


def short_names(models: Sequence[str]) -> dict[str, str]:
    """Model -> what it is called among these: the end of its path or id, where that tells them all apart."""
    ends = [name.rstrip("/").rsplit("/", 1)[-1] for name in models]
    return dict(zip(models, ends if len(set(ends)) == len(ends) else models, strict=True))


def is_hub_id(name: str) -> bool:
    """Whether a model is named by an id of the hub: neither the embedded one nor a path, be it there or not."""
    return name != EMBEDDED and not _is_path(name)


def _is_path(name: str) -> bool:
    path = expanded(name, "model")
    return path.is_dir() or path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1


def local_folder(name: str, role: str) -> Path | None:
    """The folder that a model's name means; None for a name that is no path.

    Raises DataError for a path where no folder is; `role` is the word for the model in its message.
    """
    folder = expanded(name, role)
    if _is_path(name) and not folder.is_dir():
        raise DataError(f"{role} {shown(name)}: no such directory; give a folder with config.json or a hub id")
    return folder if folder.is_dir() else None


def identity(name: str, revision: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a checkpoint's part in a step's arguments and in its places.

    A folder is told by the sha256 of its weights, a model of the hub by its revision. Raises DataError for a folder
    that is not there or holds no weights.
    """
    folder = local_folder(name, "checkpoint")
    if folder is None:
        return {"checkpoint": name, "revision": revision}, {}
    return {"checkpoint": name, "sha256": _digest(folder)}, {"checkpoint": str(folder.resolve())}


def _digest(folder: Path) -> str:
    files = sorted(folder.glob(_WEIGHTS))
    if not files:
        raise DataError(f"checkpoint {str(folder)!r}: no {_WEIGHTS} in it; save the model with safe_serialization=True")
    total = hashlib.sha256()
    for file in files:
        stat = file.stat()
        total.update(bytes.fromhex(_file_digest(file, stat.st_size, stat.st_mtime_ns)))
    return total.hexdigest()


@lru_cache
def _file_digest(file: Path, size: int, mtime_ns: int) -> str:
    """The sha256 of a file, read once as long as size and time stay."""
    return checksum(file)
