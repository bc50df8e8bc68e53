"""The report of several backbones as one HTML file: whether the effect differs, and what the answer rests on."""

from collections.abc import Mapping

from xtransfer_stats.base.models import EMBEDDED
from xtransfer_stats.report.charts.export import Picture
from xtransfer_stats.report.page import document
from xtransfer_stats.report.page.contents import Section
from xtransfer_stats.report.page.document import PageBlock, PageParts
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.comparison.backbones.backbones import BackboneEffects

SECTIONS = (
    Section(
        "effects",
        "Effects by backbone, and their differences",
        ("backbones",),
        ("effects", "levels"),
        "A difference is of two backbones on the same seeds and task sets; what these share falls out of it.",
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
    parts = PageParts(charts, tables)
    told = [*found.notes, *([SYNTHETIC] if EMBEDDED in found.names else []), EACH]
    blocks = [
        document.answer(found.answer),
        *(parts.block(section) for section in SECTIONS),
        PageBlock("notes", "Notes", (document.items(told),)),
    ]
    facts = (
        f"Backbones {', '.join(found.names)}. Task counts 0, {', '.join(map(str, found.counts))}. "
        f"{found.n_cells} cells that every run of each has."
    )
    shown = [block for block in blocks if block.parts]
    title = f"Study {found.study}: does the effect differ between {len(found.names)} backbones?"
    return document.document(title, facts, shown, charts, found.signature)
