"""Sources by what a recipe says of them. Each is made when it is first asked for: planning needs few of its packages.

A place is plain JSON: {"kind": "embedded"}, {"kind": "hub", "revisions": {repository: commit}},
{"kind": "files", "directory": path}.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.sources.source import Source

Place = Mapping[str, Any]


def source_at(place: Place) -> Source:
    """Return the source of a place; one object for equal places.

    Raises RecipeError with the known kinds.
    """
    return _made(json.dumps(place, sort_keys=True))


@lru_cache
def _made(place: str) -> Source:
    parsed = json.loads(place)
    match parsed["kind"]:
        case "embedded":
            from xtransfer_stats.sources.embedded.source import EmbeddedSource

            return EmbeddedSource()
        case "files":
            from xtransfer_stats.sources.files.source import FilesSource

            return FilesSource(Path(parsed["directory"]))
        case "hub":
            from xtransfer_stats.sources.hub.source import HubSource

            return HubSource(parsed["revisions"])
        case kind:
            raise RecipeError(f"source.name = {kind!r}: no such source. Known: embedded, files, hub")


def fingerprint(place: Place, dataset: str) -> str:
    """The version of a data set in a source, for the keys of steps."""
    return _version(json.dumps(place, sort_keys=True), dataset)


@lru_cache
def _version(place: str, dataset: str) -> str:
    return _made(place).fingerprint(dataset)
