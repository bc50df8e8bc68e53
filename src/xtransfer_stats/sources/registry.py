"""Sources by name. Each is made when it is first asked for, so that planning needs none of its packages."""

from collections.abc import Callable
from functools import lru_cache

from xtransfer_stats.errors import RecipeError
from xtransfer_stats.sources.source import Source


def _embedded() -> Source:
    from xtransfer_stats.sources.embedded.source import EmbeddedSource

    return EmbeddedSource()


_SOURCES: dict[str, Callable[[], Source]] = {"embedded": _embedded}


@lru_cache
def source_named(name: str) -> Source:
    """Return the source called `name`.

    Raises RecipeError with the known names.
    """
    if name not in _SOURCES:
        raise RecipeError(f"source.name = {name!r}: no such source. Known: {', '.join(sorted(_SOURCES))}")
    return _SOURCES[name]()


@lru_cache
def fingerprint(name: str, dataset: str) -> str:
    """The version of a data set in a source, for the keys of steps."""
    return source_named(name).fingerprint(dataset)
