"""Versions of a plan's data sets, which are part of the keys of its steps: asked of the sources, or remembered.

A study that was run remembers them, so that it is analysed, exported and shown without its data at hand.
"""

from collections.abc import Callable, Mapping

from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.sources.registry import Place, fingerprint
from xtransfer_stats.study.step import canonical

Versions = Callable[[Place, str], str]
BLOCKED = "cannot be had"


def name_of(place: Place, dataset: str) -> str:
    """The name under which a data set's version is remembered."""
    return canonical([dict(place), dataset])


def current(place: Place, dataset: str) -> str:
    """The version that the source has now. Raises what the source raises."""
    return fingerprint(place, dataset)


def tolerant(place: Place, dataset: str) -> str:
    """As `current`; BLOCKED where the source cannot tell, as before a study's data are all there."""
    try:
        return fingerprint(place, dataset)
    except XstatsError:
        return BLOCKED


def remembered(known: Mapping[str, str]) -> Versions:
    """Versions of an earlier run; what it did not have is asked of its source."""

    def version(place: Place, dataset: str) -> str:
        return known.get(name_of(place, dataset)) or current(place, dataset)

    return version
