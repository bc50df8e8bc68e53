"""Small JSON files that carry their own checksum and are written in one atomic move.

The text is canonical, so that any changed byte is found, also one in the white space.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import Unreadable, parsed_json, regular_file


class BrokenSeal(ValueError):
    """What stands there is not what was written."""


_HEAD, _MIDDLE, _END = '{\n "content": ', ',\n "sha256": "', '"\n}\n'
_LARGEST = 2**28  # bytes; the largest that is written is a manifest of some thousand files


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write atomically: a reader sees the old file, or the new one, never a part; a write that fails leaves neither."""
    body = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(aside, "w", encoding="utf-8") as file:
            file.write(_HEAD + body.replace("\n", "\n ") + _MIDDLE + _digest(body) + _END)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)  # a full disk would keep an empty file for every try
        raise


def read(path: Path) -> dict[str, Any]:
    """Return the content.

    Raises BrokenSeal when the text was changed or no file that can be read is there (a folder, a link to itself), and
    FileNotFoundError where nothing is, or no folder that could hold it.
    """
    try:
        raw = regular_file(path, _LARGEST).read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise BrokenSeal(f"{path.name} is a link to nothing") from None
        raise
    except NotADirectoryError as error:
        raise FileNotFoundError(*error.args) from None
    except DataError:
        raise BrokenSeal(f"{path.name} is not a file of such text") from None
    except OSError as error:
        raise BrokenSeal(f"{path.name} cannot be read ({error.strerror})") from None
    return _opened(path.name, raw)


def _opened(name: str, raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8")
        content = parsed_json(text)["content"]
    except Unreadable as error:
        raise BrokenSeal(f"{name} is not readable JSON: {error}") from None
    except (ValueError, KeyError, TypeError):
        raise BrokenSeal(f"{name} is not readable JSON") from None
    # Held against the text, not against the content written anew, which would take most of a command's time.
    nested, _, digest = text.removeprefix(_HEAD).removesuffix(_END).rpartition(_MIDDLE)
    body = nested.replace("\n ", "\n")
    if text != _HEAD + body.replace("\n", "\n ") + _MIDDLE + digest + _END or digest != _digest(body):
        raise BrokenSeal(f"{name} does not match its checksum")
    if not isinstance(content, dict):
        raise BrokenSeal(f"{name} holds {type(content).__name__}, not a table")
    return content


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
