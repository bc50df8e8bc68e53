import pytest

from xtransfer_stats.report.latex.columns import COLUMN, GAP, TEXT, plans, stacked
from xtransfer_stats.report.latex.floats import LINE, ROOM, pages
from xtransfer_stats.report.latex.text import width
from xtransfer_stats.report.panel import Panel

ESTIMATE = "−1.23 [−2.34, −0.12]"


def grid(n_rows, n_counts, name="de", title=""):
    header = ("language", *(f"{count} tasks: estimate [95 %]" for count in range(n_counts)))
    row = (name, *([f"{ESTIMATE}***"] * n_counts))
    return Panel(header, (row,) * n_rows, "l" + "r" * n_counts, title)


def planned(panel):
    return plans(panel.header, panel.align, panel.rows)


def spanned(plan):
    return sum(column.width for column in plan.columns) + GAP * (len(plan.columns) - 1)


@pytest.mark.parametrize(
    ("n_counts", "wide", "n_floats"), [(1, False, 1), (2, True, 1), (3, True, 1), (4, True, 2), (9, True, 3)]
)
def test_wide_grids_span_the_page_and_wider_ones_are_cut(n_counts, wide, n_floats):
    found = planned(grid(3, n_counts))
    assert [plan.wide for plan in found] == [wide] * n_floats
    assert all(spanned(plan) <= (TEXT if wide else COLUMN) + 1e-9 for plan in found)
    places = [column.place for plan in found for column in plan.columns if column.place]
    assert places == list(range(1, n_counts + 1))
    sizes = [len(plan.columns) for plan in found]
    assert max(sizes) - min(sizes) <= 1
    assert all(plan.columns[0].place == 0 for plan in found)


def test_stars_of_one_row_and_digits_of_another_both_get_room():
    panel = Panel(("x", "y"), (("a", "1.0***"), ("b", "−123.45")), "lr")
    (plan,) = planned(panel)
    assert plan.columns[1].width == pytest.approx(width("−123.45") + width("***"))


def test_long_names_break_inside_their_column():
    (plan,) = planned(grid(3, 1, name="a_long_name/of-a task " * 9))
    assert plan.columns[0].breaks
    assert spanned(plan) <= TEXT + 1e-9


def test_headings_stack_at_colons_and_keep_brackets_whole():
    assert stacked("3 tasks: estimate [95 %]", 80) == ("3 tasks:", "estimate [95 %]")
    assert stacked("adjusted p", 10) == ("adjusted", "p")


@pytest.mark.parametrize(("n_rows", "n_floats"), [(50, 2), (20, 1), (200, 6)])
def test_long_panels_are_cut_into_pieces_of_like_length(n_rows, n_floats):
    panel = grid(n_rows, 2)
    (plan,) = planned(panel)
    found = pages([panel], plan, "A caption. " * 30)
    sizes = [len(block.rows) for blocks in found for block in blocks]
    assert sum(sizes) == n_rows and len(found) == n_floats
    assert max(sizes) - min(sizes) <= n_floats and max(sizes) * LINE < ROOM


def test_panels_stay_whole_where_they_can():
    panels = [grid(20, 1, title=title) for title in ("first", "second", "third")]
    (plan,) = planned(panels[0])
    found = pages(panels, plan, "A caption.")
    assert [[block.title for block in blocks] for blocks in found] == [["first", "second"], ["third"]]
