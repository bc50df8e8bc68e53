"""The report of several backbones as one HTML file: whether the effect differs, and what the answer rests on."""

from collections.abc import Mapping

from xtransfer_stats.base.models import EMBEDDED
from xtransfer_stats.report.charts.export import Picture
from xtransfer_stats.report.page.contents import Section
from xtransfer_stats.report.page.sidebyside import Opening, side_by_side
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.comparison.backbones.backbones import BackboneEffects

SECTIONS = (
    Section(
        "effects",
        "Effects by backbone, and their differences",
        tables=("effects", "levels"),
        lead="A difference is of two backbones on the same seeds and task sets; what these share falls out of it.",
        shown=("effects",),
    ),
    Section("target-tasks", "Target tasks", tables=("tasks",), lead="Exploratory."),
    Section(
        "languages",
        "Languages",
        tables=("languages",),
        lead="Exploratory. A language's effect is taken within target tasks.",
    ),
    Section("backbones", "What the study is from each backbone", tables=("differs",)),
)
SYNTHETIC = (
    f"The backbone {EMBEDDED} is that of the embedded default, whose tasks are synthetic stand-ins: numbers from them "
    "show how the tool works and say nothing about XTREME itself."
)
EACH = "`xstats analyze --backbone NAME` writes the whole report of one of them, `xstats trace` what stands behind it."


def backbones_page(found: BackboneEffects, charts: Mapping[str, Picture], tables: Mapping[str, Table]) -> str:
    """The whole page."""
    told = (*found.notes, *([SYNTHETIC] if EMBEDDED in found.names else []), EACH)
    facts = (
        f"Backbones {', '.join(found.names)}. Task counts 0, {', '.join(map(str, found.counts))}. "
        f"{found.n_cells} cells that every run of each has."
    )
    title = f"Study {found.study}: does the effect differ between {len(found.names)} backbones?"
    return side_by_side(Opening(title, facts, found.answer, told, found.signature), charts, tables, SECTIONS)
