"""The texts around a panel in print: titles, ticks, column heads and legends fitted to the panel's width."""

from collections.abc import Iterator
from typing import Any

from xtransfer_stats.report import papertheme, words
from xtransfer_stats.report.papertheme import HEADING, SMALL, TEXT, Specification

TICK = 34.0  # points that a number on an axis takes with the air around it
LEAST_TICKS = 3
SYMBOL = 20.0  # points that a legend's symbol and its gaps take
GRADIENT = 0.7  # share of the panel's width that a colour scale may take


def texts(view: Specification, width: float, labels: float) -> Specification:
    """The view with every text around it in lines that fit.

    width: of the plotting area; labels: of what stands at its left; both in points.
    """
    for channel in papertheme.channels(view, "x"):
        channel.update(_across(channel, width, labels))
    for channel in papertheme.channels(view, "y"):
        channel.update(_titled(channel, view["height"]))
    for name in ("color", "shape", "strokeDash"):
        for channel in papertheme.channels(view, name):
            channel.update(_legend(channel, width))
    return view | {key: _title(value, width) for key, value in view.items() if key == "title"}


def _title(title: Any, width: float) -> Any:
    if type(title) is not dict:
        return words.broken(title, width, HEADING)
    sizes = {"text": HEADING, "subtitle": SMALL}
    return {key: words.broken(value, width, sizes[key]) if key in sizes else value for key, value in title.items()}


def _titled(channel: Specification, length: float) -> Specification:
    return {"title": words.broken(channel["title"], length, HEADING)} if channel.get("title") else {}


def _across(channel: Specification, width: float, labels: float) -> Specification:
    """Title and labels of a horizontal axis."""
    axis = channel.get("axis")
    if "axis" in channel and axis is None:
        return {}
    heads = papertheme.labels(channel)
    made = _heads(axis or {}, heads, width) if heads else _ticks(axis or {}, width)
    if words.length(channel.get("title") or "", HEADING) <= width:
        return {"axis": made}
    # A title longer than its axis may go on below the labels at the left.
    return _titled(channel, width + labels) | {"axis": made | {"titleAnchor": "end"}}


def _ticks(axis: Specification, width: float) -> Specification:
    return axis | ({} if "values" in axis else {"tickCount": max(LEAST_TICKS, int(width / TICK))})


def _heads(axis: Specification, labels: list[str], width: float) -> Specification:
    """Heads of columns in lines as wide as their column, upright where a word is wider than that."""
    each = width / len(labels)
    several = {text: list(_lines(text, each)) for text in labels}
    if max(len(word) for text in labels for word in text.replace(",", " ").split()) * words.EM * TEXT > each:
        return {key: value for key, value in axis.items() if key not in ("labelExpr", "labelPadding")} | _UPRIGHT
    most = max(map(len, several.values()))
    above = axis.get("orient") == "top"
    padded = {text: [" "] * (most - len(parts)) + parts if above else parts for text, parts in several.items()}
    # Lines of a label grow downwards from its first, so that heads above the panel start higher.
    padding = 2 + (words.HEIGHT * (most - 1) if above else 0)
    return axis | {
        "labelExpr": words.lookup(padded),
        "labelPadding": round(padding, 1),
        "labelLineHeight": words.HEIGHT,
    }


_UPRIGHT = {"labelAngle": -90, "labelOverlap": False}


def _lines(text: str, width: float) -> Iterator[str]:
    for part in text.split(", "):
        yield from words.lines(part, width, TEXT)


def _legend(channel: Specification, width: float) -> Specification:
    """Entries in as many columns as fit, a colour scale no longer than the panel is wide."""
    legend, domain = channel.get("legend"), (channel.get("scale") or {}).get("domain", [])
    if "legend" in channel and legend is None:
        return {}
    names = [name for name in domain if type(name) is str]
    made = dict(legend or {})
    if names:
        longest = max(words.length(name, TEXT) for name in names)
        made["columns"] = max(1, min(len(names), int(width / (longest + SYMBOL))))
    if "gradientLength" in made:
        made["gradientLength"] = round(min(made["gradientLength"], GRADIENT * width), 1)
    return {"legend": made} if made else {}
