"""The studies of a store, by name: each one's recipe as it was last run, and how often its scores were looked at."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.store import register
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.recipe import Recipe, parse_recipe


@dataclass(frozen=True)
class StoredStudy:
    """What a store remembers of a study: its recipe, and the versions of its data sets."""

    recipe: Recipe
    versions: Mapping[str, str]


def remember(store: Store, recipe: Recipe, versions: Mapping[str, str]) -> None:
    """Write the study's recipe and its data's versions, as those of the study run last."""
    name = register.path_of(register.STUDIES, recipe.study.name)
    content = {"recipe": recipe.model_dump(mode="json"), "versions": dict(versions)}
    before = register.read(store, name)
    if before is not None and {key: before.get(key) for key in content} == content:
        register.enter(store, name)
        (store.root / name).touch()
        return
    register.write(store, name, {**content, "written": datetime.now(UTC).isoformat(timespec="seconds")})


def known(store: Store, name: str) -> StoredStudy | None:
    """The study of that name, or None where the store has none."""
    content = register.read(store, register.path_of(register.STUDIES, name))
    return None if content is None else _study(name, content)


def names(store: Store) -> tuple[str, ...]:
    """Names of the studies that a store holds."""
    return tuple(sorted(path.stem for path in (store.root / register.STUDIES).glob("*.json")))


def recall(store: Store, name: str | None = None) -> StoredStudy:
    """Return the study called `name`, or the one that was run last.

    Raises StoreError with the names that are there.
    """
    there = names(store)
    if not there:
        place = f"store {store.root.name!r}"
        raise StoreError(f"{place} holds no study yet. `xstats run` makes one.", [place])
    if name is not None and name not in there:
        wanted = f"study {name!r}"
        raise StoreError(f"{wanted} is not in the store. It holds: {', '.join(there)}", [wanted])
    name = name or max(there, key=lambda one: _path(store, one).lstat().st_mtime_ns)
    found = known(store, name)
    if found is None:
        raise StoreError(f"studies/{name}.json is a link to nothing. Remove it and issue `xstats run` again.")
    return found


def _study(name: str, content: Mapping[str, Any]) -> StoredStudy:
    recipe = parse_recipe(content["recipe"], f"studies/{name}.json")
    if recipe.study.name != name:
        other = recipe.study.name
        raise StoreError(
            f"studies/{name}.json is that of the study {other!r}. Rename it to {other}.json, or remove it."
        )
    return StoredStudy(recipe, content.get("versions", {}))


def _path(store: Store, name: str) -> Path:
    return store.root / register.path_of(register.STUDIES, name)


def count_look(store: Store, study: str, data: str) -> int | None:
    """Note a look at the scores whose hash is `data`; return the number of different scores looked at so far.

    Looking again and again until a result pleases finds one by chance; looking twice at the same scores is one look.
    None where the store cannot be written, so that nothing can be counted.
    """
    name = register.path_of(register.LOOKS, study)
    content = register.read(store, name)
    seen = [] if content is None else content["data"]
    if data not in seen:
        seen.append(data)
        if not os.access(store.root, os.W_OK):
            return None
        register.write(store, name, {"data": seen})
    return len(seen)
