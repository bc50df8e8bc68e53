"""What a result was made from: checksums of files, versions of Python and packages."""

import hashlib
import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from xtransfer_stats.base import __version__


def checksum(path: Path | str) -> str:
    """The sha256 of a file, in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def installed(packages: Iterable[str]) -> dict[str, str]:
    """Package -> version, of those that are installed."""
    return {name: version for name in packages if (version := _version(name))}


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Versions of Python, of this package, and of those of `packages` that are installed."""
    return {"python": platform.python_version(), "xtransfer-stats": __version__, **installed(packages)}


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
