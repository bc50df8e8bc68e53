"""Whether every file under a store is what was written: each byte is read, each name is known."""

from collections.abc import Callable, Iterator
from pathlib import Path

from xtransfer_stats.base import sealed
from xtransfer_stats.store import contents, manifest, register
from xtransfer_stats.store.leftovers import UNFINISHED
from xtransfer_stats.store.shape import as_text
from xtransfer_stats.store.store import FOLDERS, Store

_PARTS = {"steps", *FOLDERS, register.LOOKS, register.NAME, register.LICENCES}
_SEALED = (register.STUDIES, register.LOOKS, "failures")  # folders of sealed files alone


def verify(store: Store, progress: Callable[[int, int], None] = lambda done, total: None) -> Iterator[str]:
    """Check every byte; yield a sentence for each damaged file: its place, the trouble.

    Steps that it names are done again by the next run. Work that is being done (aside, locks) is not judged.
    """
    folders = sorted(path for path in (store.root / "steps").glob("*/*"))
    for done, folder in enumerate(folders):
        progress(done, len(folders))
        trouble = _trouble(folder)
        if trouble:
            manifest.distrust(folder)
            yield f"{as_text(folder.relative_to(store.root))}: {trouble}"
    progress(len(folders), len(folders))
    yield from register.troubles(store)
    yield from _failures(store)
    yield from _strange(store)


def _trouble(folder: Path) -> str | None:
    if not folder.is_dir():
        return "not a folder"
    try:
        content = manifest.read(folder)
    except FileNotFoundError:
        return f"{manifest.NAME}: missing"
    except sealed.BrokenSeal as error:
        return f"{manifest.NAME}: {error}"
    damage = manifest.damage(folder, content, manifest.Look.BYTES)
    return damage or next(_misfits(folder, content), None)


def _misfits(folder: Path, content: dict[str, list[dict[str, str]]]) -> Iterator[str]:
    for entry in content["files"]:
        trouble = contents.misfit(folder, entry["path"], content)
        if trouble:
            yield f"{entry['path']}: {trouble}"


def _failures(store: Store) -> Iterator[str]:
    for path in sorted((store.root / "failures").glob("*.json")):
        try:
            sealed.read(path)
        except (OSError, sealed.BrokenSeal) as error:
            yield f"failures/{error}. Remove it: the step is tried again anyway."


def _strange(store: Store) -> Iterator[str]:
    """Whatever lies where nothing writes it."""
    here = [path for path in store.root.glob("*") if path.name not in _PARTS]
    here += [path for path in (store.root / "steps").glob("*") if not path.is_dir()]
    here += [path for part in _SEALED for path in (store.root / part).glob("*") if path.suffix != ".json"]
    for path in sorted(here):
        if not UNFINISHED.fullmatch(path.name):
            yield f"{as_text(path.relative_to(store.root))}: not a file of a store. Remove it."
