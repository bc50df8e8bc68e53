"""`xstats chart`, with a made-up analysis in place of a study's."""

import dataclasses
from types import SimpleNamespace

import pytest
from tests.report.made_up import made_up

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.cli.show import chart as charts
from xtransfer_stats.report.charts import EVERY
from xtransfer_stats.verbs import session


@pytest.fixture
def place(monkeypatch, tmp_path):
    """A place to draw from; what is analyzed there is the made-up study."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "scores_of", lambda *told: SimpleNamespace(analyse=lambda: made_up((3,))))
    return charts.Place(tmp_path / "scores.csv", None, None)


def wished(name=None, every=False, widths=("column",), formats=("svg",), out=None):
    return charts.Wished(name, every, widths, formats, out)


def test_without_a_name_the_charts_are_listed_a_line_each(place, capsys):
    charts.chart(wished(), place)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(EVERY)


def test_one_chart_is_drawn_and_only_that_one(place, tmp_path, capsys, monkeypatch):
    drawn = []
    draw = charts.specification
    monkeypatch.setattr(charts, "specification", lambda analysis, name: drawn.append(name) or draw(analysis, name))
    charts.chart(wished("effects", widths=("column", "page"), formats=("svg", "json"), out=tmp_path / "out"), place)
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    assert names == {f"{width}/effects.{suffix}" for width in ("column", "page") for suffix in ("svg", "json")}
    assert drawn == ["effects"]
    assert "Caption: Effect of intermediate tasks, by benchmark." in capsys.readouterr().out


def test_files_go_beside_the_report_unless_told(place, tmp_path):
    charts.chart(wished("interaction"), place)
    assert (tmp_path / "reports" / "embedded" / "charts" / "column" / "interaction.svg").is_file()


def test_all_passes_over_what_the_study_has_no_result_for(place, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(charts, "EVERY", dict.fromkeys(("effects", "residuals")))
    charts.chart(wished(every=True, out=tmp_path), place)
    assert [path.name for path in (tmp_path / "column").iterdir()] == ["effects.svg"]
    assert "residuals: this study has no result for it" in capsys.readouterr().err


def test_a_chart_without_rows_is_an_error(place, monkeypatch):
    with pytest.raises(DataError, match="'residuals': this study has no result"):
        charts.chart(wished("residuals"), place)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "efects"}, "no chart 'efects': did you mean 'effects'"),
        ({"name": "effects", "widths": ("colum",)}, "--width 'colum': did you mean 'column'"),
        ({"name": "effects", "formats": ("gif",)}, "--format 'gif': choose from svg, pdf, png, json"),
    ],
)
def test_what_is_unknown_is_named(place, given, told):
    with pytest.raises(RecipeError, match=told):
        charts.chart(wished(**given), place)


def test_what_is_taller_than_a_page_is_said(place, tmp_path, capsys, monkeypatch):
    analysis = made_up((3,))
    found = analysis.results[analysis.results["term"] == "language effect"]
    many = [found.assign(language=found["language"] + letter) for letter in "uvwxyz"]
    monkeypatch.setattr(session, "scores_of", lambda *told: None)
    tall = dataclasses.replace(analysis, results=charts_of(analysis, found, many))
    monkeypatch.setattr(session, "analyze", lambda scores: tall)
    charts.chart(wished("languages", out=tmp_path), place)
    assert "in tall, more than a page" in capsys.readouterr().err


def charts_of(analysis, found, many):
    import pandas as pd

    return pd.concat([analysis.results.drop(found.index), *many])
