"""The studies of a store: each one's recipe as it was last run, by name."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xtransfer_stats import sealed
from xtransfer_stats.errors import StoreError
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.recipe import Recipe, parse_recipe


def remember(store: Store, recipe: Recipe) -> None:
    """Write the study's recipe; a file that already says the same is left alone."""
    path = _path(store, recipe.study.name)
    content = recipe.model_dump(mode="json")
    if path.exists() and _read(path)["recipe"] == content:
        path.touch()
        return
    sealed.write(path, {"recipe": content, "written": datetime.now(UTC).isoformat(timespec="seconds")})


def recall(store: Store, name: str | None = None) -> Recipe:
    """Return the recipe of the study called `name`, or of the one that was run last.

    Raises StoreError with the names that are there.
    """
    paths = {path.stem: path for path in (store.root / "studies").glob("*.json")}
    if not paths:
        raise StoreError(f"--store {store.root.name!r} holds no study yet. `xstats run` makes one.")
    if name is not None and name not in paths:
        raise StoreError(f"--study {name!r} is not in the store. It holds: {', '.join(sorted(paths))}")
    path = paths[name] if name else max(paths.values(), key=lambda found: found.stat().st_mtime_ns)
    return parse_recipe(_read(path)["recipe"], f"studies/{path.name}")


def _path(store: Store, name: str) -> Path:
    return store.root / "studies" / f"{name}.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        return sealed.read(path)
    except sealed.BrokenSeal as error:
        raise StoreError(f"studies/{error}. Remove that file and issue `xstats run` again.") from None
