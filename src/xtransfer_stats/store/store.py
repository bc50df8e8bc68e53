"""The store: steps by key, locked, written aside, published whole, and verified before they are read."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from xtransfer_stats.base import sealed
from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.store import manifest
from xtransfer_stats.store.disk import explained, unwrapped
from xtransfer_stats.store.manifest import Look
from xtransfer_stats.study.step import KINDS, Step


class State(StrEnum):
    """What the store knows of a step."""

    DONE = "done"
    MISSING = "missing"
    DAMAGED = "damaged"
    THINNED = "thinned"  # done, its weights dropped since nothing needed them any more


FOLDERS = (*(f"steps/{kind}" for kind in KINDS), "studies", "failures", "locks", "aside")
WEIGHTS = frozenset({"encoder.safetensors"})
THINNED_AWAY = "its weights were dropped and are needed again"
_UNREADABLE = {State.MISSING: "not in the store", State.THINNED: THINNED_AWAY}


class DamagedStep(StoreError):
    """A published step whose files are not what its manifest says."""

    def __init__(self, key: str, trouble: str) -> None:
        super().__init__(key)
        self.args = key, trouble  # what a copy in another process is made from
        self.key, self.trouble = key, trouble

    def __str__(self) -> str:
        return f"step {self.key} is damaged: {self.trouble}. Issue `xstats run` again: it redoes the step."


class Store:
    """A folder of steps. Everything a reader gets was published by one atomic move."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root).absolute()
        self._checked: set[str] = set()
        self._manifests: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {}  # path -> mark of the file, content

    def create(self) -> "Store":
        """Make the folders.

        Raises StoreError where the place cannot be written.
        """
        with explained(self.root):
            for part in FOLDERS:
                (self.root / part).mkdir(parents=True, exist_ok=True)
            probe = self.root / "aside" / f"probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
        return self

    def opened(self) -> "Store":
        """Return the store if there is one at its root; raises StoreError otherwise, and where a part is no folder."""
        place = f"store {self.root.name!r}"
        for part in ("steps", "looks", *FOLDERS):
            if os.path.lexists(self.root / part) and not (self.root / part).is_dir():
                remedy = "Remove it and issue `xstats run` again: it makes what was there anew."
                raise StoreError(f"{place}: {part} is not a folder. {remedy}", [place])
        if not (self.root / "steps").is_dir():
            raise StoreError(f"{place}: no store there. `xstats run --store DIR` makes one.", [place])
        return self

    def folder(self, step: Step) -> Path:
        """Where the step is, or will be, published."""
        return self.root.joinpath("steps", step.kind, step.key)

    def state(self, step: Step, look: Look = Look.TIMES) -> tuple[State, str]:
        """The step's state and, if it is damaged, what is wrong."""
        folder = self.folder(step)
        try:
            content = self._content(folder)
        except (FileNotFoundError, sealed.BrokenSeal) as error:
            if not os.path.lexists(folder):
                return State.MISSING, ""
            reason = "missing" if isinstance(error, FileNotFoundError) else error
            return State.DAMAGED, f"{manifest.NAME}: {reason}" if folder.is_dir() else "not a folder"
        trouble = manifest.damage(folder, content, look)
        if trouble:
            return State.DAMAGED, trouble
        return (State.THINNED if "dropped" in content else State.DONE), ""

    def _content(self, folder: Path) -> dict[str, Any]:
        """A manifest, read and parsed once as long as its file is the same; raises as manifest.read."""
        path = f"{folder}/{manifest.NAME}"
        try:
            stat = os.stat(path)
        except OSError:
            return manifest.read(folder)  # which says why it cannot
        mark = (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        if self._manifests.get(path, (None, {}))[0] != mark:
            self._manifests[path] = mark, manifest.read(folder)
        return self._manifests[path][1]

    def read(self, step: Step) -> Path:
        """Return the step's folder, its checksums verified (once in a process).

        Raises DamagedStep when it is missing or not what was written.
        """
        if step.key not in self._checked:
            state, trouble = self.state(step, Look.BYTES)
            if state is not State.DONE:
                raise self.damaged(step, trouble or _UNREADABLE[state])
            self._checked.add(step.key)
        return self.folder(step)

    def damaged(self, step: Step, trouble: str) -> DamagedStep:
        """The error of a step in which this trouble was found; every later look finds it too, so that `run` does."""
        manifest.distrust(self.folder(step))
        self._checked.discard(step.key)
        return DamagedStep(step.key, f"{step.kind} {step.name}: {trouble}")

    def is_there(self, step: Step) -> bool:
        """Whether something stands in the step's place, whole or damaged: `read` tells which."""
        return step.key in self._checked or os.path.lexists(self.folder(step))

    def manifest(self, step: Step) -> dict[str, Any]:
        """The manifest of a published step."""
        return self._content(self.folder(step))

    def manifests(self, kind: str) -> Iterator[dict[str, Any]]:
        """All readable manifests of a kind."""
        for folder in sorted((self.root / "steps" / kind).glob("*")):
            try:
                yield self._content(folder)
            except (FileNotFoundError, sealed.BrokenSeal):
                continue

    def remove(self, step: Step) -> None:
        """Take a damaged step out, in one move first, so that no reader meets half of it."""
        aside = self.root / "aside" / f"removed-{step.key}-{os.getpid()}"
        self._checked.discard(step.key)
        try:
            self.folder(step).rename(aside)
        except FileNotFoundError:
            return
        discard(aside)

    def thin(self, step: Step) -> bool:
        """Drop a finished step's weights: scores and facts stay, what only later steps would read goes.

        The manifest lists what was dropped with its checksum, so that a number's lineage can still be traced; a step
        that needs the weights again makes them be trained again. False where the step has none, is not done, or
        another process is at it.
        """
        with self.claimed(step) as mine:
            if not mine or self.state(step)[0] is not State.DONE:
                return False
            folder, content = self.folder(step), self.manifest(step)
            dropped = [entry for entry in content["files"] if entry["path"] in WEIGHTS]
            if dropped:
                files = [entry for entry in content["files"] if entry not in dropped]
                # The manifest first: a file that it calls dropped may still be there, the reverse would be damage.
                sealed.write(folder / manifest.NAME, {**content, "files": files, "dropped": dropped})
                for entry in dropped:
                    (folder / entry["path"]).unlink(missing_ok=True)
            return bool(dropped)

    @contextmanager
    def claimed(self, step: Step) -> Iterator[bool]:
        """Hold the step's lock; yields False when another process is at it."""
        with ExitStack() as stack:
            with explained(self.root):
                mine = stack.enter_context(held(self.root / "locks" / step.key))
            for leftover in (self.root / "aside").glob(f"{step.key}-*") if mine else ():
                discard(leftover)
            yield mine

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Say to other processes, as long as it lasts, that a run is at work here."""
        with explained(self.root), held(self.root / "locks" / f"run-{os.getpid()}"):
            yield

    def is_in_use(self) -> bool:
        """Whether a run, of this process or another, is at work here."""
        return any(map(is_held, (self.root / "locks").glob("*")))

    def sweep(self, step: Step) -> None:
        """Remove what a killed owner left of the step, unless another process is at it."""
        with self.claimed(step):
            pass

    def publish(self, step: Step, work: Callable[[Path], dict[str, Any]]) -> None:
        """Let `work` fill an empty folder aside, then publish it; the caller holds the step's lock."""
        aside = self.root / "aside" / f"{step.key}-{os.getpid()}"
        with explained(self.root):
            aside.mkdir(parents=True)
            try:
                began = time.monotonic()
                with unwrapped(self.root):
                    facts = work(aside)
                    manifest.write(aside, step, facts, time.monotonic() - began)
                aside.rename(self.folder(step))
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        discard(self.failure_path(step))

    def failure_path(self, step: Step) -> Path:
        """Where the step's last failure is told; the file is gone once the step is done."""
        return self.root / "failures" / f"{step.key}.json"

    def fail(self, step: Step, message: str) -> None:
        """Record why a step failed.

        Raises StoreError where that cannot be written.
        """
        text = message.encode("utf-8", "backslashreplace").decode()  # it may name a path that is not UTF-8
        with explained(self.root):
            discard(self.failure_path(step))
            sealed.write(self.failure_path(step), {"kind": step.kind, "name": step.name, "message": text})

    def failure(self, step: Step) -> str | None:
        """Why the step failed when it was last tried, or None."""
        try:
            content = sealed.read(self.failure_path(step))
        except FileNotFoundError:
            return None
        except sealed.BrokenSeal as error:
            return f"its reason is not known: {error}"
        return str(content.get("message", "its reason was not written"))


def discard(path: Path) -> None:
    """Remove whatever stands there: a folder, a file, a link, or nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Try to hold the lock at `path` without waiting; yields whether it is held.

    The kernel drops a lock with its owner, so a killed process leaves no stale one.
    """
    descriptor = _acquire(path)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            path.unlink(missing_ok=True)
            os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a process holds the lock at `path`; the file stays as it is."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _acquire(path: Path) -> int | None:
    """Return a locked descriptor of the file now at `path`, or None when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), os.stat(path)):
                return descriptor
        # The former owner removed the file between our open and our lock: what we locked is nobody's name.
        os.close(descriptor)
