"""The texts of a chart in print: titles, ticks, labels and legends in lines that fit a width in points."""

import json
import textwrap
from typing import Any

from xtransfer_stats.report.charts.export import Specification
from xtransfer_stats.report.paper import sizes
from xtransfer_stats.report.paper.sizes import HEADING, SMALL, TEXT

EM = 0.56  # mean width of a letter in font sizes, on the wide side of Liberation Sans
LONGEST = 0.5  # share of the drawing's width that a row's label may take before it goes on a second line
HEIGHT = 1.2 * TEXT  # points from one line of a label to the next
TICK = 34.0  # points that a number on an axis takes with the air around it
LEAST_TICKS = 3
SYMBOL = 20.0  # points that a legend's symbol and its gaps take
GRADIENT = 0.7  # share of the panel's width that a colour scale may take


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
    channels = sizes.channels(view, "y")
    labels = list(dict.fromkeys(label for channel in channels for label in sizes.labels(channel)))
    several = {text: lines(text, LONGEST * width, TEXT) for text in labels}
    several = {text: parts for text, parts in several.items() if len(parts) > 1}
    if not several:
        return view
    raised = _raised(several)
    for channel in channels:
        if channel.get("axis", {}) is not None:
            own = channel.get("axis", {})
            channel["axis"] = own | {"labelExpr": lookup(several), "labelOffset": raised, "labelLineHeight": HEIGHT}
    needed = HEIGHT * max(map(len, several.values())) * len(labels)
    return view | {"height": max(view["height"], round(needed, 1))}


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


def texts(view: Specification, width: float, labels: float) -> Specification:
    """The view with every text around it in lines that fit.

    width: of the plotting area; labels: of what stands at its left; both in points.
    """
    for channel in sizes.channels(view, "x"):
        channel.update(_across(channel, width, labels))
    for channel in sizes.channels(view, "y"):
        channel.update(_titled(channel, view["height"]))
    for name in ("color", "shape", "strokeDash"):
        for channel in sizes.channels(view, name):
            channel.update(_legend(channel, width))
    return view | {key: _title(value, width) for key, value in view.items() if key == "title"}


def _title(title: Any, width: float) -> Any:
    if type(title) is not dict:
        return broken(title, width, HEADING)
    sizes = {"text": HEADING, "subtitle": SMALL}
    return {key: broken(value, width, sizes[key]) if key in sizes else value for key, value in title.items()}


def _titled(channel: Specification, length: float) -> Specification:
    return {"title": broken(channel["title"], length, HEADING)} if channel.get("title") else {}


def _across(channel: Specification, width: float, labels: float) -> Specification:
    """Title and labels of a horizontal axis."""
    axis = channel.get("axis")
    if "axis" in channel and axis is None:
        return {}
    heads = sizes.labels(channel)
    fitted = _heads(axis or {}, heads, width) if heads else _ticks(axis or {}, width)
    if length(channel.get("title") or "", HEADING) <= width:
        return {"axis": fitted}
    # A title longer than its axis may go on below the labels at the left.
    return _titled(channel, width + labels) | {"axis": fitted | {"titleAnchor": "end"}}


def _ticks(axis: Specification, width: float) -> Specification:
    return axis | ({} if "values" in axis else {"tickCount": max(LEAST_TICKS, int(width / TICK))})


def _heads(axis: Specification, labels: list[str], width: float) -> Specification:
    """Heads of columns in lines as wide as their column, upright where a word is wider than that."""
    each = width / len(labels)
    several = {text: [line for part in text.split(", ") for line in lines(part, each, TEXT)] for text in labels}
    if max(len(word) for text in labels for word in text.replace(",", " ").split()) * EM * TEXT > each:
        kept = {key: value for key, value in axis.items() if key not in ("labelExpr", "labelPadding")}
        return kept | {"labelAngle": -90, "labelOverlap": False}
    most = max(map(len, several.values()))
    above = axis.get("orient") == "top"
    padded = {text: [" "] * (most - len(parts)) + parts if above else parts for text, parts in several.items()}
    # Lines of a label grow downwards from its first, so that heads above the panel start higher.
    padding = 2 + (HEIGHT * (most - 1) if above else 0)
    return axis | {"labelExpr": lookup(padded), "labelPadding": round(padding, 1), "labelLineHeight": HEIGHT}


def _legend(channel: Specification, width: float) -> Specification:
    """Entries in as many columns as fit, a colour scale no longer than the panel is wide."""
    legend, domain = channel.get("legend"), (channel.get("scale") or {}).get("domain", [])
    if "legend" in channel and legend is None:
        return {}
    names = [name for name in domain if type(name) is str]
    fitted = dict(legend or {})
    if names:
        longest = max(length(name, TEXT) for name in names)
        fitted["columns"] = max(1, min(len(names), int(width / (longest + SYMBOL))))
    if "gradientLength" in fitted:
        fitted["gradientLength"] = round(min(fitted["gradientLength"], GRADIENT * width), 1)
    return {"legend": fitted} if fitted else {}
