"""Files packed by gzip, as pandas and the hub leave them: unpacked once a process, beside what lies beside them.

The unpacked file stands under the same folders' names, which tell its corpus and language, in a temporary folder that
goes when the process ends.
"""

import gzip
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import LARGEST
from xtransfer_stats.sources.files.filerow import FileRow, Reader

ENDING = ".gz"
_BLOCK = 1 << 20
_TAR = slice(257, 262)  # where a tar archive says that it is one


def is_packed(path: Path) -> bool:
    """Whether a file is one that gzip packed."""
    with open(path, "rb") as file:
        return path.suffix.lower() == ENDING and file.read(2) == b"\x1f\x8b"


def read_packed(path: Path, recognise: Reader) -> list[FileRow]:
    """The rows of what is packed in the file, at the file's own path.

    Raises DataError for archives of several files, damaged ones and those that are too large unpacked.
    """
    inside = _folder(path.parent) / path.name[: -len(ENDING)]
    _unpack(path, inside)
    for beside in path.parent.glob(f"*{ENDING}"):  # the other side of a pair, the answers beside the questions
        if is_packed(beside) and beside.stem.partition(".")[0] == path.stem.partition(".")[0]:
            _unpack(beside, inside.with_name(beside.stem))
    return [replace(row, path=path) for row in recognise(inside) or ()]


@cache
def _root() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="xstats-unpacked-")


@cache
def _folder(folder: Path) -> Path:
    """The folder for what is unpacked, with links to the files that are not packed."""
    mirror = Path(_root().name).joinpath(*folder.resolve().parts[1:])
    mirror.mkdir(parents=True, exist_ok=True)
    for folder_beside in filter(Path.is_dir, folder.parent.iterdir()):  # names beside which a name is a code
        (mirror.parent / folder_beside.name).mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.is_file() and path.suffix.lower() != ENDING and not (mirror / path.name).exists():
            (mirror / path.name).symlink_to(path.resolve())
    return mirror


def _unpack(path: Path, inside: Path) -> None:
    if inside.exists() and inside.stat().st_mtime_ns == path.stat().st_mtime_ns:
        return
    inside.unlink(missing_ok=True)  # a link to the user's own file must not be written through
    try:
        with gzip.open(path, "rb") as packed, open(inside, "wb") as file:
            size = 0
            while block := packed.read(_BLOCK):
                if not size and block[_TAR] == b"ustar":
                    raise DataError("a tar archive: unpack it")
                size += len(block)
                if size > LARGEST:
                    raise DataError(f"more than {LARGEST / 2**30:g} GB unpacked: cut it to what is needed")
                file.write(block)
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        inside.unlink(missing_ok=True)
        raise DataError(f"the gzip file is damaged ({error}): fetch it again") from error
    except DataError:
        inside.unlink(missing_ok=True)
        raise
    shutil.copystat(path, inside)
