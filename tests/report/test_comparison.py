"""Tables, chart and files of a comparison say what its result frame says, and survive any name."""

import html
import json
from dataclasses import replace

import pandas as pd
import pytest
from tests.stats.comparison.studies import alike

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes
from xtransfer_stats.report.charts.comparisons import comparison as chart
from xtransfer_stats.report.tables.comparison import by_side, tables
from xtransfer_stats.report.tables.table import FORMS
from xtransfer_stats.report.write import folder_name, write_comparison
from xtransfer_stats.stats.comparison.compare import compare
from xtransfer_stats.verbs.machines import comparison_json

NAMES = ("differs", "effects", "levels", "tasks", "languages")
NASTY = "<script>&%_#$ {x}\\y~^"


@pytest.fixture(scope="module")
def found():
    return compare(*alike())


@pytest.fixture(scope="module")
def nasty():
    a, b = alike(counts=(3,))
    return compare(replace(a, name=NASTY), replace(b, name="=cmd|1", frame=b.frame.assign(backbone=NASTY)))


@pytest.mark.parametrize("name", ["effects", "levels", "tasks", "languages"])
def test_every_number_of_a_table_is_the_result_frames(found, name):
    table = tables(found)[name]
    shown = [row for panel in table.panels for row in panel.rows]
    rows = found.results.set_index(["side", "contrast"])
    terms = set(table.frame["term"])
    differences = found.results[(found.results["side"] == "B - A") & found.results["term"].isin(terms)]
    assert len(shown) == len(differences)
    expected = set()
    for row in differences.itertuples():
        texts = [
            formats.estimate(*rows.loc[(side, row.contrast), ["estimate", "conf_low", "conf_high"]])
            for side in ("A", "B", "B - A")
        ]
        expected.add((*texts[:2], texts[2] + formats.stars(row.p_adjusted)))
    assert {row[1:4] for row in shown} == expected


def test_the_chart_draws_the_frames_numbers(found):
    spec = chart(found).to_dict()
    drawn = {
        (round(row["estimate"], 9), row["text"])
        for data in spec["datasets"].values()
        for row in data
        if "estimate" in row
    }
    rows = found.results[found.results["term"].isin(["effect", "interaction"])]
    assert drawn == {
        (round(row.estimate, 9), formats.estimate(row.estimate, row.conf_low, row.conf_high))
        for row in rows.itertuples()
    }
    assert len(drawn) == 18


def test_the_caption_names_the_test_its_families_and_the_sizes(found):
    caption = tables(found)["effects"].full_caption()
    for told in ("seed-paired t", "Holm within the family primary", "A 5 seeds, 15 runs; B 5 seeds, 15 runs"):
        assert told in caption
    assert notes.NO_STARS in tables(found)["levels"].caption


@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_a_table(nasty, name):
    made = {form: write(tables(nasty)[name]) for form, write in FORMS.items()}
    assert "<script>" not in made["html"]
    assert NASTY not in made["tex"]
    assert not any(line.startswith("=") or ",=" in line for line in made["csv"].splitlines())


def test_the_folder_holds_every_form_and_one_set_of_numbers(found, nasty, tmp_path):
    written = {str(path.relative_to(tmp_path)) for path in write_comparison(found, comparison_json(found), tmp_path)}
    assert {f"tables/{name}.{form}" for name in NAMES for form in ("tex", "md", "html", "csv")} <= written
    assert {f"charts/comparison.{form}" for form in ("svg", "pdf", "png", "json", "html")} <= written
    told = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    table = pd.read_parquet(tmp_path / "results.parquet")
    pd.testing.assert_frame_equal(table, found.results, check_dtype=False)
    machine = pd.DataFrame(told["results"])["estimate"]
    assert machine.tolist() == table["estimate"].tolist()
    assert folder_name("compare", nasty.a.name, nasty.b.name) == "compare-script-_-x-y-cmd-1"


def test_a_and_b_stand_beside_their_difference(found):
    rows = by_side(found, "effect", "interaction")
    assert (rows["estimate_b"] - rows["estimate_a"]).tolist() == pytest.approx(rows["estimate"].tolist())
    assert rows["term"].tolist() == ["effect"] * 4 + ["interaction"] * 2


def test_the_page_has_the_answer_the_chart_and_every_key_whole(found, tmp_path):
    write_comparison(found, comparison_json(found), tmp_path)
    page = html.unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert found.answer in page and 'id="chart-comparison"' in page
    assert all(f'<th scope="row">{fact}</th>' in page for fact in found.differs["fact"])
    assert page.count("Copy LaTeX") == len(tables(found))
    assert all(signature in page for signature in (found.a.signature, found.b.signature, found.signature))


def test_a_hostile_name_stays_text_on_the_page(nasty, tmp_path):
    write_comparison(nasty, comparison_json(nasty), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert NASTY not in page and html.escape(NASTY, quote=True) in page
