"""`chart`: charts for a paper, at its widths and in its formats."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.base.resources import STORE, nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.report import paper
from xtransfer_stats.report.charts import EVERY, specification
from xtransfer_stats.report.files import folder_name, write_file
from xtransfer_stats.report.notes import is_synthetic
from xtransfer_stats.report.paper import layout
from xtransfer_stats.verbs.analyze import AnalysisResult, analyze
from xtransfer_stats.verbs.backboneeffects import BackbonesResult

WIDTHS, FORMATS = tuple(paper.WIDTHS), tuple(paper.FORMATS)


@dataclass(frozen=True)
class Drawing:
    """A chart's files. caption: "" where the study has no result for it. warnings: widths at which it is too tall."""

    name: str
    caption: str = ""
    files: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()


def chart(
    name: str | None = None,
    source: Any = STORE,
    *,
    width: Iterable[str] = ("column",),
    format: Iterable[str] = FORMATS,
    study: str | None = None,
    backbone: str | None = None,
    benchmarks: tuple[str, ...] | None = None,
    scale: Scale = None,
    out: str | Path | None = None,
    progress: Callable[[Drawing], None] | None = None,
) -> tuple[Drawing, ...]:
    """Draw one chart of a study for a paper, or all of them where none is named.

    source, study, backbone, benchmarks, scale: as in `analyze`; what `read_scores` or `analyze` gave is taken as it is.
    width: column (3.3 in), full (7 in), page. format: svg, pdf, png (300 dpi), json. out: folder of the files, default
    reports/<study>/charts.
    progress: told each chart as it is written. Raises RecipeError for what is no chart, width or format, DataError for
    a named chart that the study has no result for.
    """
    widths, formats = tuple(width), tuple(format)
    _known("width", widths, WIDTHS)
    _known("format", formats, FORMATS)
    if name is not None and name not in EVERY:
        raise RecipeError(f"no chart {shown(name)}: {nearest(name, EVERY)}`xstats chart` lists them")
    taken = isinstance(source, AnalysisResult)
    if taken and not (study is None and backbone is None and benchmarks is None and scale is None):
        message = "study, backbone, benchmarks, scale: the source is analysed already; leave them out"
        raise RecipeError(message, ["study", "backbone", "benchmarks", "scale"])
    result = source if taken else analyze(source, study=study, backbone=backbone, benchmarks=benchmarks, scale=scale)
    if isinstance(result, BackbonesResult):
        names = ", ".join(result.effects.names)
        raise DataError(f"the study has the backbones {names}: name one with backbone", ["backbone"])
    if not isinstance(result, AnalysisResult):
        raise DataError("a published table has charts of its own: `xstats analyze` draws them")
    folder = Path(out) if out is not None else Path("reports") / folder_name(result.analysis.facts.study) / "charts"
    drawings = []
    for one in [name] if name else EVERY:
        drawings.append(_draw(result, one, widths, formats, folder))
        if name and not drawings[0].caption:
            raise DataError(f"chart {name!r}: this study has no result for it; `xstats chart` lists the others")
        if progress is not None:
            progress(drawings[-1])
    return tuple(drawings)


def _draw(
    result: AnalysisResult, name: str, widths: tuple[str, ...], formats: tuple[str, ...], folder: Path
) -> Drawing:
    spec = specification(result.analysis, name)
    if spec is None:
        return Drawing(name)
    written: list[Path] = []
    warnings: list[str] = []
    for width in widths:
        for file, content in paper.files(name, spec, width, formats).items():
            written.append(write_file(folder / width / file, content))
            warnings += _too_tall(name, width, file, content)
    stand_ins = " Synthetic stand-ins of the tasks." if is_synthetic(result.analysis) else ""
    return Drawing(name, layout.caption(spec) + stand_ins, tuple(written), tuple(warnings))


def _too_tall(name: str, width: str, file: str, content: bytes) -> Iterator[str]:
    tall = layout.too_tall(content.decode()) if file.endswith(".svg") and width in layout.WIDTHS else ""
    if tall:
        yield f"{name} at width {width}: {tall}"


def _known(argument: str, names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            raise RecipeError(
                f"{argument} {shown(name)}: {nearest(name, known)}choose from {', '.join(known)}", [argument]
            )
