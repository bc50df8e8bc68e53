"""A chart's files: SVG, PNG and PDF made from that SVG, a page of its own, the specification."""

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from string import Template
from typing import Any

from xtransfer_stats.base import cache
from xtransfer_stats.report import escape

PNG_SCALE = 2.0  # two pixels a point, about 144 dots an inch
Specification = dict[str, Any]


def svg(spec: Specification) -> str:
    """The chart as SVG; the same bytes for the same specification."""
    import vl_convert

    return vl_convert.vegalite_to_svg(json.dumps(spec))


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart's specification, and its SVG, which is drawn once, whatever uses it."""

    spec: Specification

    @functools.cached_property
    def svg(self) -> str:
        """The chart as SVG."""
        return svg(self.spec)


def pictures(specs: Mapping[str, Specification]) -> dict[str, Picture]:
    """Charts by name, none of them drawn yet."""
    return {name: Picture(spec) for name, spec in specs.items()}


def untitled(spec: Specification) -> Specification:
    """The specification for a page whose own heading and caption say title and subtitle."""
    return {key: value for key, value in spec.items() if key != "title"}


def files(name: str, picture: Picture) -> dict[str, bytes]:
    """File name -> content of one chart in every format."""
    return {f"{name}.{suffix}": make(picture.spec, picture.svg) for suffix, make in FORMATS.items()}


def page(spec: Specification, drawn: str) -> str:
    """A self-contained HTML page with the interactive chart; without scripts it shows the SVG."""
    title = spec["title"]["text"]
    return Template(escape.asset("chart.html")).substitute(
        title=escape.for_html(title), spec=escape.for_script(spec), svg=inline("chart", drawn), bundle=bundle()
    )


def inline(name: str, drawn: str) -> str:
    """SVG to stand beside others in one page: its ids get the chart's name in front."""
    return drawn.replace('id="', f'id="{name}-').replace("url(#", f"url(#{name}-").replace('href="#', f'href="#{name}-')


@functools.cache
def bundle() -> str:
    """Vega, Vega-Lite and vega-embed as one script that needs no network; the same for one version of the exporter."""
    return cache.kept(f"vega-of-vl-convert-{metadata.version('vl-convert-python')}.js", _bundled)


def _bundled() -> str:
    import vl_convert

    snippet = "window.vegaEmbed = vegaEmbed;"
    return vl_convert.javascript_bundle(snippet).replace("</script", "<\\/script")


def png(drawn: str, **resolution: float) -> bytes:
    """A picture of an SVG; resolution: `scale` in pixels a point, or `ppi` in dots an inch."""
    import vl_convert

    return vl_convert.svg_to_png(drawn, **resolution)


def as_json(value: Any) -> bytes:
    """A JSON file, indented; text stays as it is."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _pdf(spec: Specification, drawn: str) -> bytes:
    import vl_convert

    return vl_convert.svg_to_pdf(drawn)


# Of a specification and its SVG.
FORMATS: Mapping[str, Callable[[Specification, str], bytes]] = {
    "html": lambda spec, drawn: page(spec, drawn).encode(),
    "svg": lambda spec, drawn: drawn.encode(),
    "png": lambda spec, drawn: png(drawn, scale=PNG_SCALE),
    "pdf": _pdf,
    "json": lambda spec, drawn: as_json(spec),
}
