"""A report's charts are made without Altair's checks: here they are held against the schema, and counted."""

import dataclasses
import re

import altair
import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import TRAININGS, analyzed, simulated_frame

from xtransfer_stats.report.charts import EVERY, chart, export, specifications, theme
from xtransfer_stats.report.charts.bulk import in_bulk, records
from xtransfer_stats.report.paper import geometry
from xtransfer_stats.report.write import write_report


@pytest.fixture(scope="module")
def diagnosed(three_counts):
    """A made-up analysis with diagnostics and single tasks of a simulated one, so that every chart has rows."""
    fitted = analyzed(*simulated_frame(seeds=4, counts=(3,), singles=True), trainings=TRAININGS)
    return dataclasses.replace(three_counts, diagnostics=fitted.diagnostics, singles=fitted.singles)


@pytest.mark.parametrize("name", EVERY)
def test_every_chart_is_valid_and_the_same_when_altair_checks_it(diagnosed, name):
    checked = chart(diagnosed, name).to_dict(validate=True)
    assert checked == specifications(diagnosed, {name: EVERY[name]})[name]


def test_charts_made_one_by_one_are_checked_still(diagnosed):
    specifications(diagnosed, {"effects": EVERY["effects"]})
    with pytest.raises(altair.utils.schemapi.SchemaValidationError):
        altair.Chart(pd.DataFrame({"x": [1]})).mark_point(size="no size").to_dict()
    assert altair.data_transformers.active == "default"


def test_records_are_those_that_altair_writes():
    frame = pd.DataFrame(
        {
            "number": [1.5, np.nan, np.inf, -np.inf],
            "count": [0, 3, 5, 9],
            "text": ["a", None, "", "d"],
            "mixed": [1, "b", None, 2.5],
            "yes": [True, False, True, False],
            "kind": pd.Categorical(["x", "y", None, "x"]),
        },
        index=[7, 7, 8, 9],
    )
    expected = altair.to_values(frame)
    assert records(frame) == expected
    kinds = [[type(value) for value in row.values()] for row in records(frame)["values"]]
    assert kinds == [[type(value) for value in row.values()] for row in expected["values"]]


def test_a_chart_may_have_more_rows_than_altair_allows():
    rows = pd.DataFrame({"x": range(6000)})
    with in_bulk():
        drawn = altair.Chart(rows).mark_point().encode(x=altair.X("x:Q")).to_dict(validate=False)
    assert [len(values) for values in drawn["datasets"].values()] == [6000]


def test_a_report_makes_each_chart_once_and_draws_it_once(diagnosed, tmp_path, monkeypatch):
    made, drawn, svg = [], [], export.svg

    def counting(name, draw):
        def counted(analysis):
            made.append(name)
            return draw(analysis)

        return counted

    def draws(spec):
        drawn.append(spec["title"]["text"])
        return svg(spec)

    every = {name: counting(name, draw) for name, draw in EVERY.items()}
    monkeypatch.setattr("xtransfer_stats.report.write.specifications", lambda study: specifications(study, every))
    monkeypatch.setattr(export, "svg", draws)
    write_report(diagnosed, tmp_path)
    assert sorted(made) == sorted(EVERY)
    assert len(drawn) == len(set(drawn)) == len(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_without_its_title_a_drawing_is_that_of_the_chart_without_one(diagnosed, name):
    spec = specifications(diagnosed, {name: EVERY[name]})[name]
    cut = geometry.untitled(export.svg(spec), theme.title_height(len(spec["title"]["subtitle"])))
    drawn = export.svg(export.untitled(spec))
    # A long title may be wider than its chart; gradients and clips are numbered anew in each drawing.
    assert geometry.size(cut)[1] == geometry.size(drawn)[1] and geometry.size(cut)[0] >= geometry.size(drawn)[0]
    assert body(cut) == body(drawn)


def body(drawn):
    """What is drawn, without the sheet and the numbers of clips and gradients."""
    return re.sub(r"(gradient|clip)_?\d+", r"\1", drawn.partition('<g fill="none"')[2])
