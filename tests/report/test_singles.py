"""Single tasks in a report: tables, chart, page and JSON, and no word of them in a study that has none."""

import pytest
from tests.stats.simulated import INTERMEDIATE, analyzed, simulated_frame

from xtransfer_stats.report.charts import chart, specifications
from xtransfer_stats.report.page import page
from xtransfer_stats.report.tables import tables
from xtransfer_stats.verbs.machines import analysis_json

NAMES = {"singles", "best_single", "sets_and_singles"}


@pytest.fixture(scope="module")
def with_singles():
    return analyzed(*simulated_frame(seeds=5, counts=(3, 9), singles=True))


@pytest.fixture(scope="module")
def without():
    return analyzed(*simulated_frame(seeds=5, counts=(3, 9)))


def test_the_grid_has_a_row_a_task_alone_and_a_column_a_target_task_in_every_form(with_singles):
    table = tables(with_singles)["singles"]
    first, second = table.panels
    assert (first.title, second.title) == ("xtreme-mini", "xtreme-r-mini")
    assert first.header == ("trained on alone", "xnli", "panx", "xquad", "pawsx", "tatoeba", "average")
    assert sorted(row[0] for row in first.rows) == sorted(INTERMEDIATE)
    averages = [float(row[-1].split(" [")[0].replace("−", "-")) for row in first.rows]
    assert averages == sorted(averages, reverse=True)
    assert "trained on alone" in table.to_latex()
    assert "trained on alone" in table.to_markdown()
    assert "corrected_low" in table.to_csv().splitlines()[0]


def test_a_star_in_the_grid_is_holms(with_singles):
    gains = with_singles.singles.gains
    panels = tables(with_singles)["singles"].panels
    stars = sum("*" in cell for panel in panels for row in panel.rows for cell in row)
    assert stars == int((gains["p_adjusted"] < 0.05).sum()) > 0


def test_the_best_is_named_with_its_probability_and_the_tasks_that_may_be_it(with_singles):
    first, _ = tables(with_singles)["best_single"].panels
    for row, found in zip(first.rows, with_singles.singles.best.itertuples(), strict=False):
        assert row[1] == (found.best or "–")
        assert row[3] in ("–", f"{found.chosen_by:.0f} of 5")
    assert [row[0] for row in first.rows][-2:] == ["average", "each target task's own best, mean"]


def test_the_chart_stars_where_the_corrected_interval_leaves_out_zero(with_singles):
    gains, drawn = with_singles.singles.gains, chart(with_singles, "singles").to_dict()
    shown = [row["short"] for rows in drawn["datasets"].values() for row in rows]
    held = (gains["corrected_low"] > 0) | (gains["corrected_high"] < 0)
    assert len(shown) == len(gains)
    assert sum(text.endswith("*") for text in shown) == int(held.sum()) > 0


def test_the_page_has_the_section_with_its_tables(with_singles):
    html = page(with_singles, {}, tables(with_singles))
    assert 'id="singles"' in html
    for name in NAMES:
        assert f'id="table-{name}"' in html


def test_a_study_without_single_tasks_speaks_of_none(without):
    html = page(without, {}, tables(without))
    assert not NAMES & set(tables(without))
    assert "singles" not in specifications(without)
    assert 'id="singles"' not in html
    assert "ingle task" not in html
    assert "singles" not in analysis_json(without)


def test_json_has_the_three_tables(with_singles):
    found = analysis_json(with_singles)["singles"]
    assert {name: len(rows) for name, rows in found.items()} == {"gains": 9 * (6 + 5), "best": 7 + 6, "sets": 4}
    assert {row["target_task"] for row in found["best"]} >= {"average", "each target task's own"}
