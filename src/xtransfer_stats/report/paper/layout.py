"""A chart laid out anew for a paper: panels, texts and legends fitted to the width of a column or of a page.

The page's chart is not scaled: its panels get widths of their own, stand below each other where they would be too
narrow, and title and subtitle are left to the paper's caption.
"""

import copy
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.report.charts import export
from xtransfer_stats.report.charts.export import Specification
from xtransfer_stats.report.paper import geometry, sizes, texts

WIDTHS: Mapping[str, float] = MappingProxyType({"column": 3.3, "full": 7.0})  # inches
GAP = 12.0  # points between panels
WANTED, LEAST = 82.0, 44.0  # width in points of a panel's plotting area: wished for, and at the least
LOW, ASPECT = 110.0, 0.75  # a plotting area without rows: its least height, and its height by its width
AROUND = 45.0  # points above and below a plotting area, for a first guess at the height of a stack
PAGE = 648.0  # points of height: more than that is no page of a paper
ROUNDING = 0.01  # points
TRIES, CLOSE = 5, 2.5  # fitting stops within so many points below the width


def paper(spec: Specification, width: str) -> Specification:
    """The specification laid out for "column" or "full"; drawn, it is at most that wide and hardly narrower.

    spec: a page's chart: one view, layers, or one concatenation of those.
    """
    points = WIDTHS[width] * geometry.POINTS
    laid_out = _styled(spec)
    laid_out = _arranged(laid_out, points) if "concat" in laid_out else _one(laid_out, points)
    return _fitted(laid_out, points)


def caption(spec: Specification) -> str:
    """Title and subtitle of a chart, as the caption of its figure says them."""
    title = spec["title"]
    return f"{title['text']}. {' '.join(title.get('subtitle', ()))}".strip()


def svg(spec: Specification, width: str) -> str:
    """The drawing of a specification from `paper`, in points, on a sheet of exactly that width.

    Raises DataError where even the narrowest panels do not fit.
    """
    points = WIDTHS[width] * geometry.POINTS
    drawn = export.svg(spec)
    needed = geometry.size(drawn)[0]
    if needed > points + ROUNDING:
        inches = f"this chart needs {needed / geometry.POINTS:.1f} in and the width is {WIDTHS[width]} in"
        remedy = "Draw it with width full or page."
        raise DataError(f"width {width}: {inches}. {remedy}", [f"width {width}", "width full"])
    return geometry.on_sheet(drawn, points)


def _styled(spec: Specification) -> Specification:
    smaller: Specification = sizes.smaller(export.untitled(copy.deepcopy(spec)))
    return smaller | {"config": sizes.config(spec["config"])}


def _one(spec: Specification, points: float) -> Specification:
    """A single view: long labels on lines, then texts for the width that is left of the sheet."""
    laid_out = texts.long_labels(spec, points) | {"width": points / 2}
    left = geometry.size(export.svg(laid_out))[0] - points / 2
    room = max(LEAST, points - left)
    return texts.texts(laid_out, room, left) | {"width": room}


def _arranged(spec: Specification, points: float) -> Specification:
    """Panels in as many columns as the width holds, their plotting areas in line."""
    laid_out = {**spec, "concat": [texts.long_labels(panel, points) for panel in spec["concat"]]}
    margins = _margins(laid_out)
    columns = _columns(laid_out, points, margins)
    room, (first, others) = _room(points, columns, margins), _labels(margins, columns)
    laid_out = _stacked(laid_out, room)
    laid_out["concat"] = [texts.texts(_flatter(panel), room, min(first, others)) for panel in laid_out["concat"]]
    spacing = {"row": _between(export.svg(laid_out)), "column": round(others + GAP, 1)}
    return laid_out | {"columns": columns, "bounds": "flush", "spacing": spacing}


def _margins(spec: Specification) -> list[float]:
    """What each panel takes beside its plotting area, measured where all stand in one row without titles."""
    panels = [{key: value for key, value in panel.items() if key != "title"} for panel in spec["concat"]]
    row = _stacked({**spec, "concat": panels}, WANTED) | {"columns": len(panels)}
    placed = geometry.panels(export.svg(row))
    return [placed[0][0], *(after[0] - before[0] - before[2] - GAP for before, after in pairwise(placed))]


def _stacked(spec: Specification, width: float) -> Specification:
    panels = [panel | {"width": width} for panel in spec["concat"]]
    return {**spec, "concat": panels, "columns": 1, "align": "each", "bounds": "full", "spacing": GAP}


def _flatter(panel: Specification) -> Specification:
    """A panel without rows of its own is not much higher than wide."""
    if sizes.rows(panel):
        return panel
    return panel | {"height": min(panel["height"], max(LOW, round(ASPECT * panel["width"], 1)))}


def _labels(margins: list[float], columns: int) -> tuple[float, float]:
    """Room at the left of the first column's plotting areas, and of the others'."""
    others = [margin for place, margin in enumerate(margins) if place % columns]
    return max(margins[::columns]), max(others, default=max(margins))


def _room(points: float, columns: int, margins: list[float]) -> float:
    first, others = _labels(margins, columns)
    return (points - first - (columns - 1) * (others + GAP) - GAP / 2) / columns


def _columns(spec: Specification, points: float, margins: list[float]) -> int:
    """The most columns with panels as wide as wished for; narrower ones where the stack outgrows the page."""
    panels = spec["concat"]
    most = range(min(len(panels), spec.get("columns", len(panels))), 0, -1)
    wide = next((count for count in most if _room(points, count, margins) >= WANTED), 1)
    if sum(panel["height"] + AROUND for panel in panels) / wide <= PAGE:
        return wide
    return next((count for count in most if _room(points, count, margins) >= LEAST), 1)


def _between(drawn: str) -> float:
    """Room between plotting areas for what stands around them, measured where they stand below each other."""
    placed = geometry.panels(drawn)
    between = [lower[1] - upper[1] - upper[3] for upper, lower in pairwise(placed)]
    return round(max(between, default=GAP), 1)


def _fitted(spec: Specification, points: float) -> Specification:
    """Panel widths corrected by what the drawing came out wider or narrower than the sheet."""
    for _ in range(TRIES):
        over = geometry.size(export.svg(spec))[0] - points
        if -CLOSE <= over <= 0:
            break
        spec = _wider(spec, -over - CLOSE / 4)
    return spec


def _wider(spec: Specification, points: float) -> Specification:
    if "concat" not in spec:
        return spec | {"width": round(max(LEAST, spec["width"] + points), 2)}
    each = points / spec["columns"]
    panels = [panel | {"width": round(max(LEAST, panel["width"] + each), 2)} for panel in spec["concat"]]
    return spec | {"concat": panels}


def too_tall(drawn: str) -> str:
    """What to say of a drawing that no page of a paper holds; "" for one that fits."""
    height = geometry.size(drawn)[1]
    return f"{height / geometry.POINTS:.1f} in tall, more than a page" if height > PAGE else ""


def drawing(spec: Specification, width: str) -> tuple[Specification, str]:
    """A page chart's specification and SVG at a paper's width."""
    laid_out = paper(spec, width)
    return laid_out, svg(laid_out, width)
