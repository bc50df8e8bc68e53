"""Results show themselves: text, HTML, frames, charts, tables, reports; scores come from any frame."""

import dataclasses
import json

import pandas as pd
import pytest
from tests.stats.simulated import catalogue_frame
from typer.testing import CliRunner

import xtransfer_stats as xs
from xtransfer_stats.base import resources
from xtransfer_stats.cli import app
from xtransfer_stats.stats.core.results import RESULT_COLUMNS


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return catalogue_frame(seeds=4)


@pytest.fixture(scope="module")
def place(frame, tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "scores.csv"
    frame.to_csv(path, index=False, na_rep="NaN")
    return path


@pytest.fixture(scope="module")
def result(frame):
    return xs.analyze(frame, contrast=["effect(3) @ task xnli"], margin=1.0)


def test_an_analysis_shows_its_answer_and_its_key_rows(result):
    text = repr(result)
    assert text.startswith(result.answer)
    assert "interaction(3)" in text
    assert len(text.splitlines()) < 15
    page = result._repr_html_()
    assert all(part in page for part in ("<table", "<svg", "interaction(3)"))


def test_its_frame_charts_and_tables_are_at_hand(result):
    assert tuple(result.frame().columns) == RESULT_COLUMNS
    assert {"effects", "interaction"} <= set(result.charts)
    assert result.chart("interaction").to_dict()["datasets"]
    with pytest.raises(xs.RecipeError, match="no chart 'efects': did you mean 'effects'"):
        result.chart("efects")
    with pytest.raises(xs.RecipeError, match="name a chart: there are answer, effects, interaction"):
        result.chart()
    table = result.table("effects")
    assert "\\begin{table" in table.to_latex() or "tabular" in table.to_latex()
    with pytest.raises(xs.RecipeError, match="no table 'nothing'"):
        result.table("nothing")
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.analysis = None


def test_its_dictionary_is_the_commands_json(place):
    done = CliRunner().invoke(app, ["analyze", str(place), "--json"])
    assert json.loads(done.stdout) == json.loads(json.dumps(xs.analyze(place).to_dict(), allow_nan=False))


def test_its_report_is_written(result, tmp_path):
    names = {path.relative_to(tmp_path).as_posix() for path in result.write(tmp_path)}
    assert {"report.html", "results.csv", "tables/effects.tex"} <= names


def test_scores_come_from_frames_of_any_library(frame, place):
    import pyarrow

    polars = pytest.importorskip("polars")
    first = xs.read_scores(place)
    for table in (frame, polars.from_pandas(frame), pyarrow.Table.from_pandas(frame), polars.from_pandas(frame).lazy()):
        assert xs.read_scores(table).frame.equals(first.frame)
    assert xs.read_scores(first) is first
    with pytest.raises(xs.DataError, match="source of type dict holds no scores"):
        xs.read_scores({})


def test_claims_trace_power_and_comparison_show_themselves(frame, place):
    judged = xs.claims(place)
    assert "verdict" in judged.frame() and judged.tables == ("claims",)
    assert repr(judged).startswith("Claims: ")
    row = xs.analyze(place).key_rows.set_index("contrast").loc["interaction(3)"]
    traced = xs.trace(row["id"], place)
    assert row["id"] in repr(traced) and "<table" in traced._repr_html_()
    assert (traced.frame()["coefficient"] * traced.frame()["number"]).sum() == pytest.approx(row["estimate"])
    assert traced.to_dict()["commands"]["analysis"] == f"xstats analyze {place}"
    planned = xs.power(sd_set=1.0, sd_run=0.5, effect=2.0, seeds=[3, 5], studies=200)
    assert set(planned.charts) == {"power", "detectable"}
    assert planned.frame()["power"].between(0, 1).all()
    other = frame.assign(score=frame["score"] + frame["n_tasks"].gt(0) * 1.0, study="other")
    compared = xs.compare(place, other)
    assert compared.comparison.b.name == "other"
    assert "<svg" in compared._repr_html_()
    assert set(compared.key_rows["side"]) == {"B - A"}


def test_a_published_table_shows_itself():
    result = xs.analyze(resources.find("data", "phang2020_draft", ".csv"))
    assert isinstance(result, xs.PublishedResult)
    assert "average gain" in repr(result)
    assert result.charts == ("sources", "gains")


def test_errors_name_arguments(place):
    for call, message in (
        (lambda: xs.analyze(place, engine="sas"), "engine 'sas': choose own or statsmodels"),
        (lambda: xs.analyze(place, replicates="r.parquet"), "replicates keeps what a bootstrap drew"),
        (lambda: xs.chart("effects", place, width=["wide"]), "width 'wide': choose from"),
        (lambda: xs.power(sd_set=1.0), "sd_set and sd_run: give both"),
        (lambda: xs.export("nowhere", format="xtreme"), "format xtreme writes a folder: name one with output DIR"),
        (lambda: xs.run(workers=0), "workers 0: give a whole number from 1 to 1,024"),
        (lambda: xs.run(max_hours=-1), "max_hours -1: give a number of hours above 0"),
    ):
        with pytest.raises(xs.XstatsError) as refused:
            call()
        assert message in str(refused.value)
        assert "--" not in str(refused.value)
