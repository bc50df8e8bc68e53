"""The sealed files beside a store's steps (studies, looks, licences), and the register of those that were written.

With the register a file that was deleted is missed, and one from elsewhere is known as such.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from xtransfer_stats.base import sealed
from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.store import shape
from xtransfer_stats.store.disk import explained
from xtransfer_stats.store.store import Store, held

NAME, LICENCES = "register.json", "licences.json"
STUDIES, LOOKS = "studies", "looks"
_SHAPES: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    STUDIES: shape.wrong_study,
    LOOKS: lambda content: shape.wrong_list(content, "data"),
    LICENCES: shape.wrong_texts,
    NAME: shape.wrong_register,
}
_REMEDIES = {
    STUDIES: "Remove it and issue `xstats run` again.",
    LOOKS: "Remove it: looks at the scores are then counted from 1 again.",
    LICENCES: "Remove it and issue `xstats run` again; it asks once more.",
    NAME: "Remove it: the next `xstats run` writes it anew.",
}


def path_of(part: str, name: str) -> str:
    """Place in a store of the file on a study called `name`."""
    return f"{part}/{name}.json"


def read(store: Store, name: str) -> dict[str, Any] | None:
    """The content of the file at `name` in the store; None where there is none.

    Raises StoreError with the remedy where it is not what was written, or of another shape.
    """
    if not store.root.is_dir():
        return None
    try:
        content = sealed.read(store.root / name)
    except FileNotFoundError:
        return None
    except sealed.BrokenSeal as error:
        raise _refused(name, str(error)) from None
    trouble = _SHAPES[name.partition("/")[0]](content)
    if trouble:
        raise _refused(name, f"{name.rpartition('/')[2]}: {trouble}")
    return content


def _refused(name: str, trouble: str) -> StoreError:
    part, slash, _ = name.partition("/")
    folder = part + slash if slash else ""
    return StoreError(f"{folder}{trouble}. {_REMEDIES[part]}")


def write(store: Store, name: str, content: Mapping[str, Any]) -> None:
    """Write the file at `name`, and enter it in the register before."""
    enter(store, name)
    path = store.root / name
    with explained(store.root):
        path.parent.mkdir(exist_ok=True)
        sealed.write(path, content)


def enter(store: Store, name: str) -> None:
    """Note in the register that the file at `name` is written; a register that is lacking begins with what is there."""
    with explained(store.root), _alone(store):
        known = listed(store)
        names = set(present(store)) if known is None else set(known)
        if known is None or name not in names:
            sealed.write(store.root / NAME, {"files": sorted({*names, name})})


def forget(store: Store, names: Collection[str]) -> None:
    """Strike files that are gone for good out of the register."""
    with explained(store.root), _alone(store):
        known = listed(store) or []
        if set(known) & set(names):
            sealed.write(store.root / NAME, {"files": sorted(set(known) - set(names))})


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """Hold the register's lock."""
    while True:
        with held(store.root / "locks" / NAME) as mine:
            if mine:
                yield
                return
        time.sleep(0.02)


def listed(store: Store) -> list[str] | None:
    """Names in the register; None for a store of before there was one."""
    content = read(store, NAME)
    return None if content is None else content["files"]


def present(store: Store) -> list[str]:
    """Names of the files that are there, but for the register."""
    files = [path for part in (STUDIES, LOOKS) for path in sorted((store.root / part).glob("*.json"))]
    return [path.relative_to(store.root).as_posix() for path in (*files, *store.root.glob(LICENCES))]


@dataclass(frozen=True)
class Misplaced:
    """A file beside the steps that is not as it should be. remove: the file without which all is well again."""

    sentence: str
    remove: str


def troubles(store: Store) -> list[str]:
    """A sentence for each file that is damaged, deleted, or not of this store."""
    return [one.sentence for one in misplaced(store)]


def misplaced(store: Store) -> list[Misplaced]:
    """Each file that is damaged, deleted, or not of this store."""
    there = present(store)
    wrong = {name: trouble for name in (NAME, *there) if (trouble := _trouble(store, name))}
    found = [Misplaced(trouble, name) for name, trouble in wrong.items()]
    known = None if NAME in wrong else listed(store)
    if known is None:
        return found
    gone = [f"{name}: deleted. {_gone(name)}" for name in known if name not in there]
    strange = [name for name in there if name not in known and name not in wrong]
    told = [f"{shape.as_text(name)}: not written in this store. Remove it, or {_ACCEPTED}" for name in strange]
    return [*found, *(Misplaced(sentence, NAME) for sentence in (*gone, *told))]


_ACCEPTED = f"remove {NAME} to have it counted in: `xstats run` writes that file anew."


def _gone(name: str) -> str:
    part, _, file = name.partition("/")
    if part == STUDIES:
        again = f"Issue `xstats run` for the study {file.removesuffix('.json')!r} again, or"
        return f"{again} remove {NAME} to have it forgotten: `xstats run` writes that file anew."
    return "Looks at its scores are counted from 1 again." if part == LOOKS else "`xstats run` asks once more."


def deleted_studies(store: Store) -> list[str]:
    """Names of the studies whose file was written here and is gone."""
    there, known = present(store), listed(store) or []
    parts = (name.partition("/") for name in known if name not in there)
    return [file.removesuffix(".json") for part, _, file in parts if part == STUDIES]


def _trouble(store: Store, name: str) -> str | None:
    try:
        read(store, name)
    except StoreError as error:
        return str(error)
    return None
