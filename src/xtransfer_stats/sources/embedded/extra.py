"""The optional packages of the embedded source, imported on first use only."""

from importlib import import_module
from types import ModuleType

from xtransfer_stats.base.errors import MissingExtra
from xtransfer_stats.base.provenance import installed

PACKAGES = ("home-assistant-intents", "hassil", "Babel")


def need(module: str) -> ModuleType:
    """Import a module that the extra brings. Raises MissingExtra naming the command that installs it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise _missing(error.name or module) from error


def versions() -> str:
    """`name==version` of each package, joined by commas. Raises MissingExtra when one is absent."""
    numbers = installed(PACKAGES)
    for name in PACKAGES:
        if name not in numbers:
            raise _missing(name)
    return ",".join(map("==".join, numbers.items()))


def _missing(package: str) -> MissingExtra:
    return MissingExtra(f"the embedded source needs {package!r}: pip install 'xtransfer-stats[embedded]'")
