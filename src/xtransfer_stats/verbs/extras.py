"""Say which extras a command lacks before it starts, not in the middle of a study."""

from xtransfer_stats.base.errors import MissingExtra
from xtransfer_stats.base.extras import absent, install


def require(command: str, *extras: str) -> None:
    """Raise MissingExtra naming all that lacks, and the one command that installs it."""
    lacking = {extra: gone for extra in extras if (gone := absent(extra))}
    if lacking:
        packages = ", ".join(package for gone in lacking.values() for package in gone)
        raise MissingExtra(f"`{command}` needs {packages}, not installed here: {install(*lacking)}")
