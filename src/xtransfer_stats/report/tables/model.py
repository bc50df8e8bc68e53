"""Tables of the cell-level model: its terms, its variance, the cells it lacks."""

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes
from xtransfer_stats.report.table import Panel, Table
from xtransfer_stats.report.tables.cells import text
from xtransfer_stats.stats.core.results import Analysis


def terms(analysis: Analysis) -> Table:
    """F tests of task count, benchmark, language and their interactions."""
    rows = [
        (
            str(row.term),
            formats.number(row.df_num, 0),
            formats.number(row.df, 1),
            formats.number(row.statistic),
            formats.p_value(row.p_value),
            text(row.note),
        )
        for row in analysis.terms.itertuples()
    ]
    panel = Panel(("term", "df", "error df", "F", "p", "note"), tuple(rows), "lrrrrn")
    caption = f"The seven terms, each tested jointly (F). {notes.size(analysis)}. {notes.NO_STARS}"
    return Table("terms", "Terms", caption, (panel,), analysis.terms)


def variance(analysis: Analysis) -> Table:
    """Variance components of the cell-level model."""
    rows = [
        (
            str(row.component),
            formats.number(row.sd),
            formats.percent(row.share),
            text(row.state),
            text(row.note),
        )
        for row in analysis.variance.itertuples()
    ]
    panel = Panel(("component", "SD (points)", "share", "state", "note"), tuple(rows), "lrrln")
    caption = f"Variance components of the cell-level model (REML). {notes.size(analysis)}."
    return Table("variance", "Variance shares", caption, (panel,), analysis.variance)


def missing(analysis: Analysis) -> Table:
    """Cells without a score, by name, and what leaving them out does."""
    rows = [
        (
            *(text(name) for name in (row.run, row.target_task, row.language, row.reason)),
            formats.number(row.effect_of_dropping),
        )
        for row in analysis.missing.itertuples()
    ]
    panel = Panel(("run", "target task", "language", "reason", "effect of dropping (points)"), tuple(rows), "llllr")
    caption = f"Cells without a score; a cell that one run lacks is left out of all. {notes.size(analysis)}."
    return Table("missing", "Missing cells", caption, (panel,), analysis.missing)
