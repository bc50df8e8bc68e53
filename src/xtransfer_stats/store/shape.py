"""What the sealed files of a store have to look like: the type of each key, as sentences of what is wrong.

A checksum says that a text is what was written, not that it is what this version writes.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

_KEYS: Mapping[str, type] = {
    "key": str,
    "kind": str,
    "name": str,
    "version": int,
    "args": dict,
    "parents": dict,
    "facts": dict,
    "versions": dict,
    "files": list,
}
_ENTRY: Mapping[str, type] = {"path": str, "size": int, "mtime_ns": int, "sha256": str}
_LISTED = re.compile(r"(studies|looks)/[^/]+\.json|licences\.json")
_HUGE = 2**63
_SCORES = "scores.json"
_THINNED = ("intermediate", "target")  # kinds of which weights are dropped


def misfit(manifest: Mapping[str, Any]) -> str | None:
    """The first thing in a manifest that is not of its type; None for a manifest as it should be."""
    return next(_misfits(manifest), None)


def _misfits(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield from _wrong(manifest, _KEYS)
    seconds = manifest.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < _HUGE:
        yield f"seconds is {shown(seconds)}"
    for name in ("parents", "versions"):
        if not all(isinstance(value, str) for value in manifest[name].values()):
            yield f"{name} is {shown(manifest[name])}"
    yield from _wrong_facts(manifest["facts"])
    yield from _wrong_files(manifest)


def _wrong(table: Mapping[str, Any], keys: Mapping[str, type]) -> Iterator[str]:
    for name, kind in keys.items():
        value = table.get(name)
        huge = isinstance(value, int) and not 0 <= value < _HUGE
        if not isinstance(value, kind) or isinstance(value, bool) or huge:
            yield f"{name} is {shown(value)}"


def _wrong_facts(facts: Mapping[str, Any]) -> Iterator[str]:
    """Facts that others than people read."""
    if not isinstance(facts.get("collapsed"), bool | None):
        yield f"facts.collapsed is {shown(facts['collapsed'])}"
    if not isinstance(facts.get("device", ""), str):
        yield f"facts.device is {shown(facts['device'])}"


def _wrong_files(manifest: Mapping[str, Any]) -> Iterator[str]:
    entries, dropped = manifest["files"], manifest.get("dropped", [])
    thinned = isinstance(dropped, list) and dropped and manifest["kind"] in _THINNED
    if "dropped" in manifest and not thinned:
        yield f"dropped is {shown(dropped)}"
    for entry in (*entries, *dropped):
        if not isinstance(entry, dict):
            yield f"files holds {shown(entry)}"
        yield from (f"files: {one}" for one in _wrong(entry, _ENTRY))
        if entry["path"].startswith("/") or ".." in entry["path"].split("/") or "\0" in entry["path"]:
            yield f"files: path is {shown(entry['path'])}, which is outside the step"
    scored = manifest["kind"] == "evaluation" and "languages" in manifest["args"]
    if scored and _SCORES not in (entry["path"] for entry in entries):
        yield f"files lacks {_SCORES}"


def wrong_study(content: Mapping[str, Any]) -> str | None:
    """What is not of its type in a study's file."""
    versions = content.get("versions", {})
    if not isinstance(content.get("recipe"), dict):
        return f"recipe is {shown(content.get('recipe'))}"
    named = isinstance(versions, dict) and all(isinstance(value, str) for value in versions.values())
    return None if named else f"versions is {shown(versions)}"


def wrong_list(content: Mapping[str, Any], key: str) -> str | None:
    """What is not of its type in a file that holds a list of texts under one key."""
    values = content.get(key)
    known = isinstance(values, list) and all(isinstance(value, str) for value in values)
    return None if known else f"{key} is {shown(values)}"


def wrong_texts(content: Mapping[str, Any]) -> str | None:
    """What is not a text in a file that holds texts alone."""
    return next((f"{key} is {shown(value)}" for key, value in content.items() if not isinstance(value, str)), None)


def wrong_register(content: Mapping[str, Any]) -> str | None:
    """What is not of its type in the register, or names a file that is none of a store's."""
    trouble = wrong_list(content, "files")
    strange = [] if trouble else [name for name in content["files"] if not _LISTED.fullmatch(name)]
    return trouble or (f"files holds {shown(strange[0])}" if strange else None)


def as_text(path: str | PurePath) -> str:
    """A path as text that every output takes; bytes that are not UTF-8 as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def shown(value: Any) -> str:
    """A value as it stands in a sentence."""
    if value is None:
        return "missing"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
