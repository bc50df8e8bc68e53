"""Languages, families and scripts by the names that readers know, their codes beside."""

import re
from collections.abc import Mapping
from typing import Any

# ISO 15924.
SCRIPTS: Mapping[str, str] = {
    "Arab": "Arabic",
    "Armn": "Armenian",
    "Beng": "Bengali",
    "Cyrl": "Cyrillic",
    "Deva": "Devanagari",
    "Ethi": "Ethiopic",
    "Geor": "Georgian",
    "Grek": "Greek",
    "Gujr": "Gujarati",
    "Guru": "Gurmukhi",
    "Hang": "Hangul",
    "Hans": "Han, simplified",
    "Hant": "Han, traditional",
    "Hebr": "Hebrew",
    "Jpan": "Japanese",
    "Knda": "Kannada",
    "Latn": "Latin",
    "Mlym": "Malayalam",
    "Mymr": "Burmese",
    "Taml": "Tamil",
    "Telu": "Telugu",
    "Thai": "Thai",
}


def language_names(analysis: Any) -> dict[str, str]:
    """Code -> "Romanian (ro)", of the languages whose names are known."""
    facts = analysis.language_facts
    if not {"language", "name"} <= set(facts):
        return {}
    pairs = zip(facts["language"].astype(str), facts["name"].fillna("").astype(str), strict=True)
    return {code: f"{name} ({code})" for code, name in pairs if name and name != code}


def group_names(analysis: Any) -> dict[str, str]:
    """A family's or script's level in hypotheses -> its name: "ie-baltic" -> "IE: Baltic", "latn" -> "Latin"."""
    facts = analysis.language_facts
    names = {_as_level(code): name for code, name in SCRIPTS.items()}
    if "family" in facts:
        names |= {_as_level(name): name for name in facts["family"].dropna().astype(str) if name}
    return names


def _as_level(name: str) -> str:
    """A name as hypotheses spell it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
