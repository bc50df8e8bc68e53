"""Charts for a paper, each laid out anew; here their files: SVG, PDF with its fonts, PNG at 300 dots an inch, JSON."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from xtransfer_stats.report.charts import export
from xtransfer_stats.report.charts.export import Specification
from xtransfer_stats.report.paper import geometry, layout

DOTS = 300.0  # an inch of a PNG


def files(name: str, spec: Specification, width: str, formats: Sequence[str]) -> dict[str, bytes]:
    """File name -> content of a page's chart at a width of `WIDTHS`, in formats of `FORMATS`."""
    laid_out, drawn = layout.drawing(spec, width) if width in layout.WIDTHS else _page(spec)
    makers = FORMATS if width in layout.WIDTHS else export.FORMATS
    return {f"{name}.{suffix}": makers[suffix](laid_out, drawn) for suffix in formats}


def _page(spec: Specification) -> tuple[Specification, str]:
    """The page's chart as a file of its own, which may grow as wide as its labels are long."""
    config = spec["config"]
    whole = spec | {"config": config | {"axis": config["axis"] | {"labelLimit": 0}}}
    return whole, export.svg(whole)


FORMATS: Mapping[str, Callable[[Specification, str], bytes]] = MappingProxyType(
    {
        "svg": lambda spec, drawn: geometry.in_inches(drawn).encode(),
        "pdf": export.FORMATS["pdf"],
        "png": lambda spec, drawn: export.png(drawn, ppi=DOTS),
        "json": export.FORMATS["json"],
    }
)
WIDTHS = (*layout.WIDTHS, "page")
