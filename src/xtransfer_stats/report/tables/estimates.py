"""Tables of estimates in points: effects, languages, target tasks, parts."""

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select
from xtransfer_stats.report.table import Panel, Table
from xtransfer_stats.report.tables.cells import ESTIMATE, by_count, plain, tested
from xtransfer_stats.stats.core.results import Analysis


def effects(analysis: Analysis) -> Table:
    """The primary results: interaction, effects, steps, in each scope."""
    caption = notes.caption(analysis, "Interaction, effects and steps.", *select.PRIMARY)
    return tested(analysis, "effects", "Effects and interaction", caption, select.PRIMARY)


def asked(analysis: Analysis) -> Table:
    """Hypotheses by name, equivalence and non-inferiority; none is corrected."""
    found = select.rows(analysis, *select.ASKED)
    rows = [
        (row.contrast, row.term, row.text, formats.p_value(row.p_value), formats.number(row.df, 1), row.note)
        for row in found.itertuples()
    ]
    panel = Panel(("hypothesis", "test", ESTIMATE, "p", "df", "note"), tuple(rows), "nlrrrn")
    caption = notes.caption(analysis, "Asked for by name; equivalence has 90 % intervals.", *select.ASKED)
    return Table("asked", "Hypotheses asked for", caption, (panel,), plain(found))


def own_data(analysis: Analysis) -> Table:
    """Sensitivity: the interaction less what own-task training data may have added."""
    caption = notes.caption(analysis, "Sensitivity to own-task training data.", select.OWN_DATA)
    return tested(analysis, "own_data", "Sensitivity: own-task data", caption, (select.OWN_DATA,))


def languages(analysis: Analysis) -> Table:
    """Effect in each language."""
    found = select.rows(analysis, select.LANGUAGE)
    caption = notes.caption(analysis, "Effect in each language.", select.LANGUAGE)
    return by_count(analysis, "languages", "Languages", caption, found, "language", found["language"])


def tasks(analysis: Analysis) -> Table:
    """Effect on each target task, as measured and as the cell-level model shrinks it."""
    terms = (select.TASK, select.SHRUNKEN_TASK)
    found = select.rows(analysis, *terms)
    caption = notes.caption(analysis, "Effect on each target task.", *terms)
    return by_count(analysis, "tasks", "Target tasks", caption, found, "target task", found["target_task"])


def leave_one_out(analysis: Analysis) -> Table:
    """Effects and interaction without one target task at a time."""
    found = select.rows(analysis, select.LEAVE_ONE_OUT)
    caption = notes.caption(analysis, "Leave one target task out.", select.LEAVE_ONE_OUT)
    names = found["target_task"]
    return by_count(analysis, "leave_one_out", "Leave one task out", caption, found, "without", names)


def decomposition(analysis: Analysis) -> Table:
    """What the interaction rests on: shared tasks and those of one benchmark."""
    found = select.rows(analysis, select.DECOMPOSITION)
    caption = notes.caption(analysis, "Parts of the interaction; they sum to it.", select.DECOMPOSITION)
    rows = [
        (part, formats.count_of_tasks(row.n_tasks), row.text, row.note)
        for part, row in zip(select.part_names(found), found.itertuples(), strict=True)
    ]
    panel = Panel(("part", "task count", ESTIMATE, "tasks"), tuple(rows), "llrn")
    return Table("decomposition", "Decomposition of the interaction", caption, (panel,), plain(found))
