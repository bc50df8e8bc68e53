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


def _text(content: Mapping[str, Any]) -> str:
    body = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(body.encode()).hexdigest()
    return json.dumps({"content": content, "sha256": digest}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write atomically: a reader sees the old file, or the new one, never a part."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with open(aside, "w", encoding="utf-8") as file:
        file.write(_text(content))
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


def read(path: Path) -> dict[str, Any]:
    """Return the content; raises BrokenSeal when the text was changed, OSError when it cannot be read."""
    raw = path.read_bytes()
    try:
        content = json.loads(raw.decode("utf-8"))["content"]
    except (ValueError, KeyError, TypeError):
        raise BrokenSeal(f"{path.name} is not readable JSON") from None
    if raw != _text(content).encode():
        raise BrokenSeal(f"{path.name} does not match its checksum")
    return content
