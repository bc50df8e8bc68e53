"""A folder -> what each of its files is."""

import os
from collections.abc import Iterator
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.files.found import Found
from xtransfer_stats.sources.files.recognise import recognise, unread


def survey(directory: Path) -> list[Found]:
    """Rows of every file under a folder, in the order of the paths.

    Links are followed as long as they lead inside the folder. Hidden files and folders, links that lead out, and what
    cannot be read are rows with a problem. Raises DataError when there is no such folder.
    """
    if not directory.is_dir():
        raise DataError(f"{str(directory)!r}: no folder there: give one with data sets")
    return [found for path in _walk(directory, directory.resolve(), ()) for found in _rows(path, directory.resolve())]


def _walk(folder: Path, root: Path, above: tuple[Path, ...]) -> Iterator[Path]:
    """Files in order, and the folders that are not entered."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        yield folder
        return
    inside = (*above, folder.resolve())
    for path in (folder / name for name in names):
        # A link to a folder above would lead round for ever.
        if path.is_dir() and not _closed(path, root) and path.resolve() not in inside:
            yield from _walk(path, root, inside)
        else:
            yield path


def _closed(path: Path, root: Path) -> str:
    """Why a path is not entered or read, "" when it may be."""
    if path.name.startswith("."):
        return "hidden: not read"
    if path.is_symlink() and not path.exists():
        return "a link that leads nowhere"
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        return "a link that leads out of the folder: not followed"
    return ""


def _rows(path: Path, root: Path) -> list[Found]:
    why = _closed(path, root)
    if why:
        return [unread(path, why)]
    if path.is_dir():
        return [unread(path, "a folder that cannot be read, or a link to one above it: not entered")]
    if not path.is_file():
        return [unread(path, "no regular file: not read")]
    return recognise(path)
