"""Texts of a chart broken into lines that fit a width in points."""

import json
import textwrap
from typing import Any

from xtransfer_stats.report import papertheme

EM = 0.56  # mean width of a letter in font sizes, on the wide side of Liberation Sans
LONGEST = 0.5  # share of the drawing's width that a row's label may take before it goes on a second line
HEIGHT = 1.2 * papertheme.TEXT  # points from one line of a label to the next

Specification = dict[str, Any]


def length(text: str, size: float) -> float:
    """About how many points a text takes; wide on purpose, since letters differ."""
    return EM * size * len(text)


def lines(text: str, width: float, size: float) -> list[str]:
    """`text` in lines of at most `width` points, broken at blanks, inside a word only where it is longer."""
    most = max(4, int(width / (EM * size)))
    broken = textwrap.wrap(text, most, break_on_hyphens=False, break_long_words=False)
    return [piece for part in broken for piece in _pieces(part, most)] or [""]


def _pieces(word: str, most: int) -> list[str]:
    """A word in pieces, cut after one of its marks if one is near the end."""
    pieces = []
    while len(word) > most:
        cut = max(word.rfind(mark, most // 3, most) for mark in "_-.+:") + 1 or most
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def broken(text: Any, width: float, size: float) -> Any:
    """The text, or its lines where it is longer than the width; what is computed in the drawing stays as it is."""
    if type(text) is list:
        return [line for part in text for line in lines(part, width, size)]
    if type(text) is not str or length(text, size) <= width:
        return text
    return lines(text, width, size)


def long_labels(view: Specification, width: float) -> Specification:
    """The view with labels of its rows on several lines where they would take too much of the drawing's width."""
    channels = papertheme.channels(view, "y")
    labels = list(dict.fromkeys(label for channel in channels for label in papertheme.labels(channel)))
    several = {text: lines(text, LONGEST * width, papertheme.TEXT) for text in labels}
    several = {text: parts for text, parts in several.items() if len(parts) > 1}
    if not several:
        return view
    for channel in channels:
        if channel.get("axis", {}) is not None:
            channel["axis"] = {**channel.get("axis", {}), **_several(several)}
    needed = HEIGHT * max(map(len, several.values())) * len(labels)
    return view | {"height": max(view["height"], round(needed, 1))}


def _several(several: dict[str, list[str]]) -> Specification:
    return {"labelExpr": lookup(several), "labelOffset": _raised(several), "labelLineHeight": HEIGHT}


def _raised(several: dict[str, list[str]]) -> Specification:
    """Lines grow downwards from the row's middle: each label starts so much higher that its own middle stands there."""
    by_count: dict[int, list[str]] = {}
    for text, parts in several.items():
        by_count.setdefault(len(parts), []).append(text)
    raised = [
        {"test": f"indexof({json.dumps(texts)}, datum.label) >= 0", "value": round((1 - count) * HEIGHT / 2, 2)}
        for count, texts in by_count.items()
    ]
    return {"condition": raised, "value": 0}


def lookup(several: dict[str, list[str]]) -> str:
    """A Vega expression: the lines of a label in the table, any other label as it is."""
    table = json.dumps(several, ensure_ascii=True)
    return f"{table}[datum.label] || datum.label"
