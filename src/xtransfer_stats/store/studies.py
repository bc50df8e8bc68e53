"""The studies of a store, by name: each one's recipe as it was last run, and how often its scores were looked at."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xtransfer_stats.base import sealed
from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.recipe import Recipe, parse_recipe


@dataclass(frozen=True)
class StoredStudy:
    """What a store remembers of a study: its recipe, and the versions of its data sets."""

    recipe: Recipe
    versions: Mapping[str, str]


def remember(store: Store, recipe: Recipe, versions: Mapping[str, str]) -> None:
    """Write the study's recipe and its data's versions; a file that already says the same is left alone."""
    path = _path(store, recipe.study.name)
    content = {"recipe": recipe.model_dump(mode="json"), "versions": dict(versions)}
    if path.exists() and {key: _read(path).get(key) for key in content} == content:
        path.touch()
        return
    sealed.write(path, {**content, "written": datetime.now(UTC).isoformat(timespec="seconds")})


def known(store: Store, name: str) -> StoredStudy | None:
    """The study of that name, or None where the store has none."""
    return _study(_path(store, name)) if _path(store, name).is_file() else None


def names(store: Store) -> tuple[str, ...]:
    """Names of the studies that a store holds."""
    return tuple(sorted(path.stem for path in (store.root / "studies").glob("*.json")))


def recall(store: Store, name: str | None = None) -> StoredStudy:
    """Return the study called `name`, or the one that was run last.

    Raises StoreError with the names that are there.
    """
    paths = {path.stem: path for path in (store.root / "studies").glob("*.json")}
    if not paths:
        place = f"store {store.root.name!r}"
        raise StoreError(f"{place} holds no study yet. `xstats run` makes one.", [place])
    if name is not None and name not in paths:
        wanted = f"study {name!r}"
        raise StoreError(f"{wanted} is not in the store. It holds: {', '.join(sorted(paths))}", [wanted])
    path = paths[name] if name else max(paths.values(), key=lambda file: file.stat().st_mtime_ns)
    return _study(path)


def _study(path: Path) -> StoredStudy:
    content = _read(path)
    return StoredStudy(parse_recipe(content["recipe"], f"studies/{path.name}"), content.get("versions", {}))


def _path(store: Store, name: str) -> Path:
    return store.root / "studies" / f"{name}.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        return sealed.read(path)
    except sealed.BrokenSeal as error:
        raise StoreError(f"studies/{error}. Remove that file and issue `xstats run` again.") from None


def count_look(store: Store, study: str, data: str) -> int | None:
    """Note a look at the scores whose hash is `data`; return the number of different scores looked at so far.

    Looking again and again until a result pleases finds one by chance; looking twice at the same scores is one look.
    None where the store cannot be written, so that nothing can be counted.
    """
    path = store.root / "looks" / f"{study}.json"
    seen = sealed.read(path)["data"] if path.is_file() else []
    if data not in seen:
        seen.append(data)
        if not os.access(store.root, os.W_OK):
            return None
        path.parent.mkdir(exist_ok=True)
        sealed.write(path, {"data": seen})
    return len(seen)
