"""`xstats chart`, with a made-up analysis in place of a study's."""

import dataclasses

import pandas as pd
import pytest
from tests.report.made_up import made_up
from typer.testing import CliRunner

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.cli import app
from xtransfer_stats.report.charts import EVERY
from xtransfer_stats.verbs import chart as charts
from xtransfer_stats.verbs.analyze import AnalysisResult


@pytest.fixture
def study(monkeypatch, tmp_path):
    """What is analyzed is the made-up study."""
    monkeypatch.chdir(tmp_path)
    result = AnalysisResult(made_up((3,)))
    monkeypatch.setattr(charts, "analyze", lambda *place, **options: result)
    return result


def xstats(*arguments):
    result = CliRunner().invoke(app, ["chart", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_without_a_name_the_charts_are_listed_a_line_each(study):
    lines = xstats().stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(EVERY)


def test_one_chart_is_drawn_and_only_that_one(study, tmp_path, monkeypatch):
    drawn = []
    draw = charts.specification
    monkeypatch.setattr(charts, "specification", lambda analysis, name: drawn.append(name) or draw(analysis, name))
    shown = xstats("effects", "--width", "column,page", "--format", "svg,json", "--out", tmp_path / "out").stdout
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    assert names == {f"{width}/effects.{suffix}" for width in ("column", "page") for suffix in ("svg", "json")}
    assert drawn == ["effects"]
    assert "Caption: Effect of intermediate tasks, by benchmark." in shown


def test_files_go_beside_the_report_unless_told(study, tmp_path):
    (drawing,) = charts.chart("interaction", format=("svg",))
    file = tmp_path / "reports" / "embedded" / "charts" / "column" / "interaction.svg"
    assert [tmp_path / path for path in drawing.files] == [file]
    assert file.is_file()


def test_all_passes_over_what_the_study_has_no_result_for(study, tmp_path, monkeypatch):
    monkeypatch.setattr(charts, "EVERY", dict.fromkeys(("effects", "residuals")))
    shown = xstats("--all", "--format", "svg", "--out", tmp_path)
    assert [path.name for path in (tmp_path / "column").iterdir()] == ["effects.svg"]
    assert "residuals: this study has no result for it" in shown.stderr


def test_a_chart_without_rows_is_an_error(study):
    with pytest.raises(DataError, match="'residuals': this study has no result"):
        xstats("residuals")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "efects"}, "no chart 'efects': did you mean 'effects'"),
        ({"name": "effects", "width": ("colum",)}, "--width 'colum': did you mean 'column'"),
        ({"name": "effects", "format": ("gif",)}, "--format 'gif': choose from svg, pdf, png, json"),
    ],
)
def test_what_is_unknown_is_named(study, options, message):
    with pytest.raises(RecipeError) as refused:
        charts.chart(**options)
    assert message in refused.value.in_options()


def test_what_is_taller_than_a_page_is_said(study, tmp_path, monkeypatch):
    rows = study.analysis.results[study.analysis.results["term"] == "language effect"]
    many = [rows.assign(language=rows["language"] + letter) for letter in "uvwxyz"]
    results = pd.concat([study.analysis.results.drop(rows.index), *many])
    tall = AnalysisResult(dataclasses.replace(study.analysis, results=results))
    monkeypatch.setattr(charts, "analyze", lambda *place, **options: tall)
    shown = xstats("languages", "--format", "svg", "--out", tmp_path)
    assert "in tall, more than a page" in shown.stderr
    assert "--width full has room" in shown.stderr
