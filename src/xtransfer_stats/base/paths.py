"""Whether a path that a user gave is there; one that the system cannot even ask for is named, not raised as it is."""

from pathlib import Path

from xtransfer_stats.base.errors import DataError


def is_folder(path: Path) -> bool:
    """Whether a folder is there. Raises DataError for a name that the system does not take."""
    try:
        return path.is_dir()
    except (OSError, ValueError) as error:
        raise _no_name(path, error) from None


def is_there(path: Path) -> bool:
    """Whether anything is there. Raises DataError for a name that the system does not take."""
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        raise _no_name(path, error) from None


def _no_name(path: Path, error: OSError | ValueError) -> DataError:
    longest = max(map(len, path.parts), default=0)
    why = error.strerror if isinstance(error, OSError) else error
    shown = str(path) if len(str(path)) <= 80 else f"{str(path)[:40]}…{str(path)[-20:]}"
    return DataError(f"{shown!r}: {why}; a part of the path has {longest} characters: give a name the system can hold")
