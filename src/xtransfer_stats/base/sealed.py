"""Small JSON files that carry their own checksum and are written in one atomic move.

The text is canonical, so that any changed byte is found, also one in the white space.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class BrokenSeal(ValueError):
    """The file's text is not what was written."""


_HEAD, _MIDDLE, _END = '{\n "content": ', ',\n "sha256": "', '"\n}\n'


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write atomically: a reader sees the old file, or the new one, never a part."""
    body = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with open(aside, "w", encoding="utf-8") as file:
        file.write(_HEAD + body.replace("\n", "\n ") + _MIDDLE + _digest(body) + _END)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


def read(path: Path) -> dict[str, Any]:
    """Return the content; raises BrokenSeal when the text was changed, OSError when it cannot be read."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
        content = json.loads(text)["content"]
    except (ValueError, KeyError, TypeError):
        raise BrokenSeal(f"{path.name} is not readable JSON") from None
    # Held against the text, not against the content written anew, which would take most of a command's time.
    nested, _, digest = text.removeprefix(_HEAD).removesuffix(_END).rpartition(_MIDDLE)
    body = nested.replace("\n ", "\n")
    if text != _HEAD + body.replace("\n", "\n ") + _MIDDLE + digest + _END or digest != _digest(body):
        raise BrokenSeal(f"{path.name} does not match its checksum")
    return content


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
