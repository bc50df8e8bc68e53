"""What a drawn SVG says of its layout: how wide it came out, where its panels stand."""

import re

_ROOT = re.compile(r'<svg [^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"')
_ORIGIN = re.compile(r'<g fill="none" stroke-miterlimit="10" transform="translate\(([-\d.]+),([-\d.]+)\)">')
_PANEL = re.compile(
    r'role-scope concat_\d+_group"[^>]*><g transform="translate\(([-\d.]+),([-\d.]+)\)">'
    r'<path class="background"[^>]*d="M0(?:\.5)?,0(?:\.5)?h([\d.]+)v([\d.]+)'
)
_SIZES = re.compile(r'(<svg [^>]*?)width="[^"]*" height="[^"]*" viewBox="[^"]*"')
_OUTER = re.compile(r'(<svg [^>]*?)width="[^"]*" height="[^"]*" (viewBox="[^"]*")')
_TITLE = re.compile(r'<g class="mark-group role-title">.*?<path class="foreground"[^>]*/></g></g>', re.DOTALL)
_SHEET = re.compile(r'<rect width="[^"]*" height="[^"]*" (fill="[^"]*"/>)')
POINTS = 72.0  # an inch


def size(drawn: str) -> tuple[float, float]:
    """Width and height of the drawing in its own units."""
    root = _ROOT.search(drawn)
    width, height = root.groups() if root else (0, 0)
    return float(width), float(height)


def panels(drawn: str) -> list[tuple[float, float, float, float]]:
    """(left, top, width, height) of the plotting area of each panel of a concatenation, from the drawing's corner."""
    origin = _ORIGIN.search(drawn)
    left, top = map(float, origin.groups()) if origin else (0.0, 0.0)
    return [(left + float(x), top + float(y), float(w), float(h)) for x, y, w, h in _PANEL.findall(drawn)]


def untitled(drawn: str, height: float) -> str:
    """The drawing less its title, which takes so much of its height: as if drawn without one, in no time."""
    title = _TITLE.search(drawn, drawn.rindex('<g class="mark-group role-title">'))
    shorter = drawn[: title.start()] + drawn[title.end() :] if title else drawn
    width, whole = size(drawn)
    measure = f'width="{width:.6g}" height="{whole - height:.6g}"'
    sheet = rf'\1{measure} viewBox="0 0 {width:.6g} {whole - height:.6g}"'
    shorter = _SHEET.sub(rf"<rect {measure} \1", _SIZES.sub(sheet, shorter, count=1), count=1)
    return _ORIGIN.sub(lambda at: at[0].replace(f",{at[2]})", f",{float(at[2]) - height:.6g})"), shorter, count=1)


def on_sheet(drawn: str, width: float) -> str:
    """The drawing on a sheet of exactly so many points."""
    measure = f'width="{width:.6g}" height="{size(drawn)[1]:.6g}"'
    sheet = rf'\1{measure} viewBox="0 0 {width:.6g} {size(drawn)[1]:.6g}"'
    return _SHEET.sub(rf"<rect {measure} \1", _SIZES.sub(sheet, drawn, count=1), count=1)


def in_inches(drawn: str) -> str:
    """The same drawing, its outer size in inches: what a browser or an editor shows at the size of print."""
    width, height = size(drawn)
    inches = rf'\1width="{width / POINTS:.6g}in" height="{height / POINTS:.6g}in" \2'
    return _OUTER.sub(inches, drawn, count=1)
