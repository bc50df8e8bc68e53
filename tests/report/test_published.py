"""The report of a published table: every file is there, and every number is the result frame's."""

import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from xtransfer_stats.base import formats, resources
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.cli import app
from xtransfer_stats.report.charts import published, specifications
from xtransfer_stats.report.tables.published import tables
from xtransfer_stats.report.write import write_published
from xtransfer_stats.verbs.published import published_of
from xtransfer_stats.verbs.scores import held

TABLE = resources.find("data", "phang2020_draft", ".csv")


@pytest.fixture(scope="module")
def analysis():
    return published_of(held(TABLE)).analysis


def test_page_tables_and_charts_are_written(analysis, tmp_path):
    names = {str(path.relative_to(tmp_path)) for path in write_published(analysis, tmp_path)}
    assert {"report.html", "results.csv", "tables/claims.tex", "charts/sources.svg", "charts/gains.pdf"} <= names
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for wanted in ("No seeds", 'id="claims"', "89.5 and 151.2 %", analysis.signature, 'id="chart-sources"'):
        assert wanted in page


def test_tables_hold_the_frames_numbers(analysis):
    made = tables(analysis)
    frame = analysis.results.set_index("contrast")
    for cell, number, *_ in made["targets"].panels[0].rows:
        row = frame.loc[f"gain @ task {cell}"]
        shown = formats.estimate(row["estimate"], row["conf_low"], row["conf_high"])
        assert number == shown + formats.stars(row["p_adjusted"])
    settings = {row[0]: row[1:] for row in made["settings"].panels[0].rows}
    assert settings["squad1"][0] == formats.number(frame.loc["gain of squad1", "estimate"]) == "8.27"
    assert settings["qqp-mlm"][-1] == formats.number(frame.loc["share of qqp-mlm", "estimate"])
    claims = {row[0]: row for row in made["claims"].panels[0].rows}
    assert claims["BUCC and Tatoeba gain most"][1] == "supported"


def test_bars_of_the_chart_add_up_to_the_average(analysis):
    spec = specifications(analysis, published.CHARTS)["sources"]
    rows = pd.concat([pd.DataFrame(data) for data in spec["datasets"].values()]).dropna(subset=["points"])
    rows = rows.drop_duplicates(["run", "kind"])
    sums = rows.groupby("run")["points"].sum()
    averages = analysis.results[analysis.results["term"] == "setting gain"].set_index("contrast")["estimate"]
    assert sums.to_dict() == pytest.approx({key.removeprefix("gain of "): value for key, value in averages.items()})


def test_the_command_reads_a_published_table(tmp_path):
    done = CliRunner().invoke(app, ["analyze", str(TABLE), "--model", "mixed", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert {row["term"] for row in told["effects"]} >= {"average gain", "share", "claim"}
    shown = CliRunner().invoke(app, ["analyze", str(TABLE), "--out", str(tmp_path)])
    assert "15 of 17 printed averages follow from the cells" in re.sub(r"\s+", " ", shown.output)
    judged = CliRunner().invoke(app, ["claims", str(TABLE), "--json"])
    assert len(json.loads(judged.stdout)["claims"]) == len(told["claims"]) == 29


def test_a_table_that_travels_along_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("phang2020_draft", "data/phang2020_draft.csv"):
        assert published_of(held(name)).study == "phang2020-draft"
    with pytest.raises(DataError, match="no file 'nowhere"):
        published_of(held("nowhere.csv"))
