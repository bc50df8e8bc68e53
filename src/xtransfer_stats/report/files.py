"""Where the files of a report go."""

import re
from pathlib import Path

from xtransfer_stats.base.errors import DataError

LONGEST_NAME = 60  # letters; no file system has less for the bytes of so many


def folder_name(*names: str) -> str:
    """ "compare-quick-quick-mlm": one folder's name, whatever the studies are called; never a path out of its place."""
    parts = (re.sub(r"[^\w.-]+", "-", name).strip("-.") for name in names)
    return "-".join(filter(None, parts))[:LONGEST_NAME].strip("-.") or "study"


def write_file(path: Path, content: bytes) -> Path:
    """Write one file, its folder made if need be; raises DataError with the remedy."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise DataError(
            f"Report: cannot write {path} ({error.strerror}). Give a writable folder with --out."
        ) from error
    return path
