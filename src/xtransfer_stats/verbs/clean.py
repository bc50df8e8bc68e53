"""`clean`: what a store and its reports hold that nobody needs any more, and its removal."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import StoreError, XstatsError
from xtransfer_stats.base.keptresults import wanted
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.store import leftovers, register, studies
from xtransfer_stats.store.leftovers import Leftover
from xtransfer_stats.store.manifest import NAME as MANIFEST
from xtransfer_stats.store.store import Store
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.keptanalyses import KEPT as ANALYSES

KILLED, UNNEEDED, REPORTS = "left by killed runs", "steps that no study of the store needs", "reports out of date"
KEPT = "analyses kept to answer sooner, of any store"
REPORTS_FOLDER = Path("reports")
_PAGE, _ROWS = "report.html", "results.parquet"  # a folder with both is a report


@dataclass(frozen=True)
class Cleaning:
    """What may go, by reason; what was kept though it might seem to be old, a sentence each.

    deleted: studies whose file is gone from the store. removed: whether it has been done.
    """

    store: Store
    found: Mapping[str, tuple[Leftover, ...]]
    notes: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    removed: bool = False

    @property
    def size(self) -> int:
        """Bytes that are freed."""
        return sum(one.size for some in self.found.values() for one in some)

    def __str__(self) -> str:
        rows = (f"{len(some)} {why}: {sum(one.size for one in some):,} bytes" for why, some in self.found.items())
        return "\n".join(rows) or "Nothing is to be removed."

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        found = {why: [{"path": str(one.path), "bytes": one.size} for one in some] for why, some in self.found.items()}
        return {"found": found, "bytes": self.size, "removed": self.removed, "notes": list(self.notes)}


def clean(store: str | Path = STORE, *, reports: str | Path = REPORTS_FOLDER, dry_run: bool = False) -> Cleaning:
    """Remove what killed runs left, the steps of deleted studies, reports older than their scores, and kept analyses.

    A step that a study of the store needs is never removed, nor a counted look at scores. reports: the folder of
    reports. dry_run: say what would go, and remove nothing. Raises StoreError where a run is at work in the store, and
    where a study cannot be planned, so that what it needs is not known.
    """
    planned = cleaning(store, reports)
    return planned if dry_run else carried_out(planned)


def cleaning(store: str | Path = STORE, reports: str | Path = REPORTS_FOLDER) -> Cleaning:
    """What may go; nothing is removed."""
    place = named(store, "store")
    opened = Store(place).opened()
    _require_rest(opened)
    names = studies.names(opened)
    held = {name: StudyInStore(place, name) for name in names}
    needed = {key for name, study in held.items() for key in _needed(name, study)}
    notes: tuple[str, ...] = ()
    if names:
        unneeded = leftovers.unneeded(opened, needed)
    else:
        unneeded, notes = [], ("The store holds no study, so which steps are needed is not known: all are kept.",)
    old = list(_old_reports(held, named(reports, "reports"), opened))
    found = {KILLED: leftovers.leftovers(opened), UNNEEDED: unneeded, REPORTS: old, KEPT: _kept(opened)}
    kept = {why: tuple(some) for why, some in found.items() if some}
    return Cleaning(opened, kept, notes, tuple(register.deleted_studies(opened)) if names else ())


def carried_out(planned: Cleaning) -> Cleaning:
    """Remove what was planned, but for what somebody has begun to use meanwhile."""
    store = planned.store
    _require_rest(store)
    for why, some in planned.found.items():
        for one in some:
            if why == REPORTS:
                shutil.rmtree(one.path)
            elif why == KEPT:
                one.path.unlink(missing_ok=True)
            else:
                leftovers.remove(store, one)
    register.forget(store, [register.path_of(register.STUDIES, name) for name in planned.deleted])
    return Cleaning(store, planned.found, planned.notes, planned.deleted, removed=True)


def _require_rest(store: Store) -> None:
    if store.is_in_use():
        place = f"store {store.root.name!r}"
        raise StoreError(f"{place}: a run is at work in it. Wait for its end, or stop it, and clean then.", [place])


def _needed(name: str, study: StudyInStore) -> Iterator[str]:
    """Keys of a study's steps."""
    try:
        yield from study.plan.steps
    except StoreError:
        raise
    except XstatsError as error:
        raise StoreError(f"study {name!r} cannot be planned again, so what it needs is not known: {error}") from None


def _old_reports(held: Mapping[str, StudyInStore], folder: Path, store: Store) -> Iterator[Leftover]:
    """Reports of the store's studies that some step is younger than, and of its deleted studies."""
    if not folder.is_dir() or not held:
        return
    from xtransfer_stats.report.files import folder_name

    for name, study in held.items():
        place = folder / folder_name(name)
        if _is_report(place) and (place / _PAGE).stat().st_mtime < _last_written(study):
            yield Leftover(place, leftovers.size_of(place), store.root / "locks" / "report")
    for name in register.deleted_studies(store):
        place = folder / folder_name(name)
        if _is_report(place):
            yield Leftover(place, leftovers.size_of(place), store.root / "locks" / "report")


def _kept(store: Store) -> list[Leftover]:
    """Analyses in the user's cache: they are made again where one is asked for."""
    paths = ANALYSES.files() if wanted() else []
    return [Leftover(path, leftovers.size_of(path), store.root / "locks" / "kept") for path in paths]


def _is_report(place: Path) -> bool:
    return not place.is_symlink() and (place / _PAGE).is_file() and (place / _ROWS).is_file()


def _last_written(study: StudyInStore) -> float:
    """When the last step of a study was published, in seconds."""
    manifests = (study.store.folder(step) / MANIFEST for step in study.plan.steps.values())
    return max((path.stat().st_mtime for path in manifests if path.is_file()), default=0.0)
