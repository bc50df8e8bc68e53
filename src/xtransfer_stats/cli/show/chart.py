"""`xstats chart`: one chart for a paper, or the list of charts."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.report import paper
from xtransfer_stats.report.charts import EVERY, specification, summary
from xtransfer_stats.report.paper import layout
from xtransfer_stats.report.write import write_file
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.verbs import session

_OUT, _ERR = Console(highlight=False), Console(stderr=True, highlight=False)


@dataclass(frozen=True)
class Place:
    """The study to draw: a store or a frame, with the names that choose in it."""

    path: Path
    study: str | None
    benchmarks: tuple[str, str] | None


@dataclass(frozen=True)
class Wished:
    """What to draw; without a name and without `every` the charts are listed."""

    name: str | None
    every: bool
    widths: tuple[str, ...]
    formats: tuple[str, ...]
    out: Path | None

    def names(self) -> tuple[str, ...]:
        """The charts asked for; raises RecipeError for what is no chart, width or format."""
        _known("--width", self.widths, paper.WIDTHS)
        _known("--format", self.formats, paper.FORMATS)
        if self.name is not None and self.name not in EVERY:
            raise RecipeError(f"no chart {self.name!r}: {nearest(self.name, EVERY)}`xstats chart` lists them")
        return (self.name,) if self.name else tuple(EVERY)


def chart(wished: Wished, place: Place) -> None:
    """List the charts, or analyze the study and write the charts asked for and say where and with which caption."""
    if wished.name is None and not wished.every:
        _list()
        return
    names = wished.names()
    analysis = session.analyze(session.scores_of(place.path, place.study, place.benchmarks))
    for name in names:
        _draw(analysis, name, wished)


def _draw(analysis: Analysis, name: str, wished: Wished) -> None:
    spec = specification(analysis, name)
    if spec is None and not wished.every:
        raise DataError(f"chart {name!r}: this study has no result for it; `xstats chart` lists the others")
    if spec is None:
        _ERR.print(f"{name}: this study has no result for it")
        return
    folder = wished.out or Path("reports") / analysis.facts.study / "charts"
    for width in wished.widths:
        for file, content in paper.files(name, spec, width, wished.formats).items():
            written = write_file(folder / width / file, content)
            _OUT.print(str(written), markup=False, soft_wrap=True)
            tall = layout.too_tall(content.decode()) if file.endswith(".svg") and width in layout.WIDTHS else ""
            if tall:
                _ERR.print(f"{name} at width {width}: {tall}; --width full has room for more panels in a row")
    _OUT.print(f"Caption: {layout.caption(spec)}", markup=False, soft_wrap=True)


def _known(option: str, given: Iterable[str], known: Iterable[str]) -> None:
    for one in given:
        if one not in known:
            raise RecipeError(f"{option} {one!r}: {nearest(one, known)}choose from {', '.join(known)}")


def _list() -> None:
    for name in EVERY:
        _OUT.print(f"{name:15}{summary(name)}", markup=False, soft_wrap=True)
