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
        trouble = manifest.damage(folder, thorough=True) if folder.is_dir() else "not a folder"
        trouble = trouble or _misplaced(folder)
        if trouble:
            yield f"{folder.relative_to(store.root)}: {trouble}"
    progress(len(folders), len(folders))
    yield from _broken_seals(store.root)


def _misplaced(folder: Path) -> str | None:
    key = sealed.read(folder / manifest.NAME)["key"]
    return None if key == folder.name else f"its manifest is that of step {key}"


def _broken_seals(root: Path) -> Iterator[str]:
    for part in ("studies", "failures", "looks", "."):
        for path in sorted((root / part).glob("*.json")):
            try:
                sealed.read(path)
            except (OSError, sealed.BrokenSeal) as error:
                yield f"{path.relative_to(root)}: {error}"
