"""One look for every chart: colours told apart by every reader, on white and on dark pages, and on paper."""

from typing import Any

# Okabe and Ito (2008): blue and vermillion differ in lightness as well as in hue.
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
SERIES = (BLUE, VERMILLION)  # first and second benchmark
OTHER = GREEN  # what belongs to neither benchmark alone, as the interaction
REFERENCE = "#808080"  # zero lines: equally visible on white and on black
INK, FAINT = "#222222", "#DDDDDD"
LINES = (BLUE, VERMILLION, GREEN, PURPLE, "#8A6D00", INK)
DIVERGING = ("#8C3A00", "#E8935A", "#F7F7F7", "#67A9CF", "#00507D")
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # the first comes with the exporter

WIDTH = 620
GUTTER = 80  # what a panel's labels and spacing take of a row of panels
ROW = 26  # height of one row of a forest plot in pixels
DENSE_ROW = 17  # the same where there are many rows, as languages

_TEXT = {"labelColor": INK, "titleColor": INK, "labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal"}

CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {**_TEXT, "gridColor": FAINT, "domainColor": REFERENCE, "tickColor": REFERENCE, "labelLimit": 220},
    "legend": {**_TEXT, "orient": "bottom", "symbolType": "circle"},
    "title": {
        "color": INK,
        "subtitleColor": INK,
        "anchor": "start",
        "fontSize": 15,
        "subtitleFontSize": 12,
        "fontWeight": "bold",
        "offset": 12,
    },
    "concat": {"spacing": 26},
    "header": _TEXT,
}


def panel_width(columns: int) -> int:
    """Width in pixels of the plotting area of one of so many panels in a row."""
    return WIDTH if columns == 1 else WIDTH // columns - GUTTER // columns


def title_height(lines: int) -> int:
    """Pixels that a chart's title takes with so many lines below it: Vega gives a line its letters' size and 2 more."""
    title = CONFIG["title"]
    return int(title["offset"] + title["fontSize"] + lines * (title["subtitleFontSize"] + 2))


def told_apart(count: int) -> list[str]:
    """Colours of so many lines; they come again after the sixth."""
    return [LINES[place % len(LINES)] for place in range(count)]
