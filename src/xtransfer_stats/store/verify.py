"""Check every byte of a store and name what is damaged."""

from collections.abc import Callable, Iterator
from pathlib import Path

from xtransfer_stats.base import sealed
from xtransfer_stats.store import manifest
from xtransfer_stats.store.store import Store


def verify(store: Store, progress: Callable[[int, int], None] = lambda done, total: None) -> Iterator[str]:
    """Yield a sentence for each damaged file: its step's place in the store, the file, the trouble."""
    folders = sorted(path for path in (store.root / "steps").glob("*/*"))
    for done, folder in enumerate(folders):
        progress(done, len(folders))
        trouble = _trouble(folder) if folder.is_dir() else "not a folder"
        if trouble:
            yield f"{folder.relative_to(store.root)}: {trouble}"
    progress(len(folders), len(folders))
    yield from _broken_seals(store.root)


def _trouble(folder: Path) -> str | None:
    try:
        content = sealed.read(folder / manifest.NAME)
    except (OSError, sealed.BrokenSeal) as error:
        return f"{manifest.NAME}: {error}"
    misplaced = "" if content["key"] == folder.name else f"its manifest is that of step {content['key']}"
    return manifest.damage(folder, content, thorough=True) or misplaced or None


def _broken_seals(root: Path) -> Iterator[str]:
    for part in ("studies", "failures", "looks", "."):
        for path in sorted((root / part).glob("*.json")):
            try:
                sealed.read(path)
            except (OSError, sealed.BrokenSeal) as error:
                yield f"{path.relative_to(root)}: {error}"
