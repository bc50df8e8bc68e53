"""The one theme at the size of print: text of 7 to 9 points, marks and rows made smaller with it.

A point is one unit of the drawing: 72 an inch, so that font sizes are those a reader measures on paper.
"""

from collections.abc import Callable, Mapping
from typing import Any

from xtransfer_stats.report.charts import theme
from xtransfer_stats.report.charts.export import Specification

SMALL, TEXT, HEADING = 7.0, 7.5, 8.0  # numbers in cells; labels; panel titles and titles of axes
SHRINK = 0.72  # lengths in print against those on the page
TALL = 540.0  # height in points that one panel takes when its rows can be made denser
DENSEST = 9.2  # least height of a row in points: its label and a little air

_WORDS = {"labelFontSize": TEXT, "titleFontSize": HEADING, "labelLimit": 0, "titleLimit": 0}
CONFIG: Mapping[str, Mapping[str, Any]] = {
    "axis": {
        **_WORDS,
        "tickSize": 3,
        "labelPadding": 2,
        "titlePadding": 3,
        "gridWidth": 0.6,
        "domainWidth": 0.6,
        "tickWidth": 0.6,
        "labelFlush": False,
    },
    "legend": {**_WORDS, "symbolSize": 36, "offset": 6, "rowPadding": 2, "columnPadding": 8, "gradientThickness": 7},
    "title": {"fontSize": HEADING, "subtitleFontSize": SMALL, "offset": 4, "limit": 0, "frame": "group"},
    "header": _WORDS,
    "text": {"fontSize": SMALL},
    "point": {"size": 14},
    "circle": {"size": 14},
    "line": {"strokeWidth": 1.4},
}

# What a mark states in pixels of the page, and how it is made smaller; areas by the square.
_MARKS: Mapping[str, Callable[[Any], Any]] = {
    "size": lambda value: round(value * SHRINK**2, 2),
    "strokeWidth": lambda value: round(value * SHRINK, 2),
    "thickness": lambda value: value,
    "fontSize": lambda value: SMALL,
    **dict.fromkeys(("yOffset", "xOffset", "dx", "dy"), lambda value: round(value * SHRINK, 2)),
}


def config(page: Mapping[str, Any]) -> Specification:
    """The page's configuration with the sizes of print laid over it."""
    inner = {name: {**page.get(name, {}), **sizes} for name, sizes in CONFIG.items()}
    return {**page, **inner, "font": theme.FONT, "padding": 1}


def smaller(node: Any) -> Any:
    """A specification's node with marks, heights and texts of its own at the size of print."""
    if type(node) is list:
        return [smaller(part) for part in node]
    if type(node) is not dict:
        return node
    parts = {key: smaller(value) for key, value in node.items() if key not in ("config", "datasets", "values")}
    kept = {key: node[key] for key in ("datasets", "values") if key in node}
    if type(node.get("mark")) is dict:
        parts["mark"] = _mark(node["mark"])
    if type(node.get("height")) in (int, float):
        parts["height"] = _height(node)
    if type(node.get("title")) is dict:
        parts["title"] = _title(node["title"])
    return parts | kept


def _mark(mark: Specification) -> Specification:
    plain = {key: _MARKS[key](value) if key in _MARKS and _number(value) else value for key, value in mark.items()}
    inner = {key: _mark(value) for key, value in mark.items() if type(value) is dict}
    return plain | inner


def _number(value: Any) -> bool:
    return type(value) in (int, float)


def _height(view: Specification) -> float:
    """Rows as dense as their labels allow where there are many; other panels in proportion."""
    wanted = round(view["height"] * SHRINK, 1)
    return max(min(wanted, TALL), round(DENSEST * rows(view), 1))


def _title(title: Specification) -> Specification:
    return {key: value for key, value in title.items() if key not in ("fontSize", "subtitleFontSize", "offset")}


def rows(view: Specification) -> int:
    """How many labelled rows a view has; 0 for a continuous axis."""
    return max((len(labels(channel)) for channel in channels(view, "y")), default=0)


def labels(channel: Specification) -> list[str]:
    """The labels of an axis in the order the chart states; none where it states none, as for numbers."""
    order = channel.get("sort")
    return [str(label) for label in order] if type(order) is list else []


def channels(node: Any, name: str) -> list[Specification]:
    """Every encoding channel called `name` in a view and its layers."""
    own = node.get("encoding", {}).get(name)
    of_view = [own] if type(own) is dict else []
    return of_view + [channel for part in node.get("layer", ()) for channel in channels(part, name)]
