"""The charts of groups, languages and covariates hold the frame's own numbers, and no name covers another."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.report import select
from xtransfer_stats.report.charts import covariates, forests, runs
from xtransfer_stats.report.charts.covariates import DOT, LINE, placed
from xtransfer_stats.stats.core import termtable


def records(chart, key):
    return [row for data in chart.to_dict()["datasets"].values() for row in data if key in row]


def test_groups_hold_their_rows(three_counts):
    drawn = records(forests.families(three_counts), "conf_low")
    rows = select.rows(three_counts, termtable.FAMILY)
    assert sorted(row["estimate"] for row in drawn) == pytest.approx(sorted(rows["estimate"]))
    assert {row["label"] for row in drawn} == {"Uralic", "IE: Germanic"}


def test_parts_of_intermediate_tasks_have_one_standard_error_to_each_side(analysis):
    row = select.rows(analysis, termtable.IDENTITY).iloc[0]
    drawn = next(one for one in records(forests.identity(analysis), "conf_low") if one["label"] == "mnli")
    assert (drawn["conf_high"] - drawn["conf_low"]) / 2 == pytest.approx(row["std_error"])


def test_languages_of_unknown_size_are_not_drawn(analysis):
    drawn = records(covariates.wikipedia(analysis), "x")
    rows = select.rows(analysis, termtable.LANGUAGE).set_index("language")["estimate"]
    assert {row["language"] for row in drawn} == set(rows.index) - {"zh"}
    assert all(row["estimate"] == pytest.approx(rows[row["language"]]) for row in drawn)


def test_without_sizes_or_scores_of_languages_there_is_no_chart(analysis):
    bare = dataclasses.replace(analysis, language_facts=pd.DataFrame(), language_scores=pd.DataFrame())
    assert covariates.wikipedia(bare) is None and runs.language_runs(bare) is None


def test_the_language_that_loses_most_is_shown_first(analysis):
    spec = runs.language_runs(analysis).to_dict()
    rows = select.rows(analysis, termtable.LANGUAGE)
    (choice,) = spec["params"]
    assert choice["value"] == rows.loc[rows["estimate"].idxmin(), "language"]
    assert set(choice["bind"]["options"]) == set(rows["language"])


def test_every_run_has_its_mark_by_seed(three_counts):
    drawn = records(runs.seeds(three_counts), "value")
    expected = select.run_effects(three_counts)["value"]
    assert sorted(row["value"] for row in drawn) == pytest.approx(sorted(expected))


def test_no_name_covers_another_or_a_point():
    rng = np.random.default_rng(5)
    points = [(float(x), float(y)) for x, y in rng.uniform((0, 0), (300, 260), (40, 2))]
    names = ["nn"] * 40
    sides = placed(points, names, 300)
    assert sum(bool(side) for side in sides) > 20
    boxes = [box(point, side) for point, side in zip(points, sides, strict=True) if side]
    for index, one in enumerate(boxes):
        assert not any(meet(one, other) for other in boxes[index + 1 :])
        assert sum(meet(one, (x - 2, y - 2, x + 2, y + 2)) for x, y in points) == 0


def test_a_name_with_no_room_is_left_out():
    crowd = [(150.0 + dx, 100.0 + dy) for dx in (-12, 0, 12) for dy in (-12, 0, 12)]
    assert placed(crowd, ["nn"] * 9, 300)[4] == ""


def box(point, side):
    (x, y), wide = point, 12.0
    left = {"right": x + DOT, "left": x - DOT - wide}.get(side, x - wide / 2)
    top = {"above": y - DOT - LINE, "below": y + DOT}.get(side, y - LINE / 2)
    return (left, top, left + wide, top + LINE)


def meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_distances_from_english_are_drawn_with_every_language(analysis):
    drawn = records(covariates.distance(analysis), "x")
    facts = analysis.language_facts.set_index("language")["syntactic distance from English"]
    assert {row["language"] for row in drawn} == set(facts.index)
    assert all(row["x"] == facts[row["language"]] for row in drawn)
