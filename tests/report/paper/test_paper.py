"""Charts laid out for a paper: exact widths, text that is text, nothing cut, the same bytes every time."""

import dataclasses
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pandas as pd
import pytest
from tests.places import ROOT
from tests.report.made_up import made_up

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.report import paper
from xtransfer_stats.report.charts import EVERY, export, specification, specifications
from xtransfer_stats.report.paper import geometry, layout
from xtransfer_stats.report.paper.texts import EM, length, lines

LONG = {
    "xnli": "natural language inference in a great many languages",
    "tatoeba": "sentence_retrieval_over_a_very_long_catalogue_of_pairs",
    "sw": "kiswahili as written",
}
SVG = "{http://www.w3.org/2000/svg}"
NARROW, SHORT = (0.2, 0.4), 8  # least width of a letter in font sizes: of one alone, and on average in a longer text


@pytest.fixture(scope="module")
def long_names():
    return specifications(made_up((3,), rename=LONG))


@pytest.fixture(scope="module")
def fifty():
    """A caterpillar plot of fifty languages at three counts."""
    analysis = made_up((3, 5, 9))
    found = analysis.results[analysis.results["term"] == "language effect"]
    codes = dict(zip(sorted(found["language"].unique()), "abcdefghijklmnopqrst", strict=True))
    more = [found.assign(language=found["language"].map(codes) + letter) for letter in "xyz"]
    kept = pd.concat(more).groupby("n_tasks").head(50)
    others = analysis.results[analysis.results["term"] != "language effect"]
    return specification(dataclasses.replace(analysis, results=pd.concat([others, kept])), "languages")


def texts(drawn):
    """(left, top, font size, anchor, words) of every text of a drawing, lines of one text apart."""
    found = []
    collect(ElementTree.fromstring(drawn), 0.0, 0.0, found)
    return found


def collect(node, left, top, found):
    for x, y in re.findall(r"translate\(([-\d.e]+),([-\d.e]+)\)", node.get("transform", "")):
        left, top = left + float(x), top + float(y)
    if node.tag == f"{SVG}text" and "rotate" not in node.get("transform", ""):
        size = float(node.get("font-size").removesuffix("px"))
        for part in [node, *node]:
            if (part.text or "").strip():
                shift = float(part.get("dy", 0))
                found.append((left, top + shift, size, node.get("text-anchor", "start"), part.text))
    for child in node:
        collect(child, left, top, found)


@pytest.mark.parametrize("width", list(layout.WIDTHS))
def test_the_sheet_is_filled_and_no_text_leaves_it(long_names, width):
    for name, spec in long_names.items():
        laid_out, drawn = layout.drawing(spec, width)
        sheet, height = geometry.size(drawn)
        assert sheet == pytest.approx(72 * layout.WIDTHS[width], abs=0.01)
        assert sheet - 4 <= geometry.size(export.svg(laid_out))[0] <= sheet + 0.01, name
        found = texts(drawn)
        assert found
        for left, top, size, anchor, text in found:
            assert 7 <= size <= 9, (name, text)
            reach = NARROW[len(text) >= SHORT] * size * len(text)
            start = left - {"start": 0.0, "middle": reach / 2, "end": reach}[anchor]
            assert start >= -0.5 and start + reach <= sheet + 0.5, (name, text)
            assert 0 <= top <= height, (name, text)
            assert "…" not in text, (name, text)


@pytest.mark.parametrize("width", list(layout.WIDTHS))
def test_long_labels_are_whole_and_not_on_each_other(long_names, width):
    _, drawn = layout.drawing(long_names["tasks"], width)
    labels = [(top, text) for _, top, _, anchor, text in texts(drawn) if anchor == "end"]
    whole = "".join(text for _, text in labels).replace(" ", "")
    for name in LONG.values():
        assert name.replace(" ", "") in whole or "kiswahili" in name
    tops = sorted(top for top, text in labels if not text.startswith(("points", "−")))
    assert min(lower - upper for upper, lower in pairwise(tops)) > 7


def test_fifty_languages_at_three_counts_stand_side_by_side_in_a_column(fifty):
    laid_out, drawn = layout.drawing(fifty, "column")
    assert laid_out["columns"] == 3
    assert geometry.size(drawn)[1] < layout.PAGE
    assert not layout.too_tall(drawn)
    rows = sorted({top for _, top, _, anchor, text in texts(drawn) if anchor == "end" and len(text) == 2})
    assert len(rows) >= 50


@pytest.mark.parametrize("width", list(layout.WIDTHS))
def test_files_have_the_papers_width(three_counts, width):
    made = paper.files("x", specification(three_counts, "leave_one_out"), width, tuple(paper.FORMATS))
    inches = layout.WIDTHS[width]
    assert int.from_bytes(made["x.png"][16:20]) == round(300 * inches)
    assert f'width="{inches:g}in"'.encode() in made["x.svg"]
    box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+)", made["x.pdf"])
    assert float(box[1]) == pytest.approx(72 * inches, abs=0.1)
    assert json.loads(made["x.json"])["concat"]


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="pdffonts is not installed")
def test_the_pdf_holds_its_fonts(analysis, tmp_path):
    made = paper.files("x", specification(analysis, "effects"), "column", ("pdf",))
    (tmp_path / "x.pdf").write_bytes(made["x.pdf"])
    told = subprocess.run(["pdffonts", tmp_path / "x.pdf"], capture_output=True, text=True, check=True).stdout
    fonts = told.splitlines()[2:]
    assert fonts and all("TrueType" in line and " yes " in line for line in fonts)


def test_two_processes_draw_the_same_bytes():
    code = (
        "import sys; from tests.report.made_up import made_up\n"
        "from xtransfer_stats.report import paper\n"
        "from xtransfer_stats.report.charts import specification\n"
        "made = paper.files('x', specification(made_up((3,)), 'tasks'), 'column', ('svg', 'json'))\n"
        "sys.stdout.buffer.write(b''.join(made.values()))"
    )
    first, second = (subprocess.run([sys.executable, "-c", code], capture_output=True, check=True) for _ in range(2))
    assert first.stdout == second.stdout
    assert b"<svg" in first.stdout


def test_a_chart_that_cannot_fit_is_an_error_and_not_cut(three_counts):
    spec = specification(three_counts, "heatmap")
    with pytest.raises(DataError, match="width column: this chart needs") as raised:
        layout.svg(spec, "column")
    assert raised.value.in_options().startswith("--width column: ")
    assert raised.value.in_options().endswith("and the width is 3.3 in. Draw it with --width full or page.")


def test_the_caption_says_title_and_subtitle(analysis):
    told = layout.caption(specification(analysis, "effects"))
    assert told.startswith("Effect of intermediate tasks, by benchmark. ")
    assert "intervals" in told
    assert "by benchmark" not in layout.drawing(specification(analysis, "effects"), "column")[1]


def test_a_file_of_the_pages_chart_has_whole_labels(long_names):
    drawn = paper.files("x", long_names["tasks"], "page", ("svg",))["x.svg"].decode()
    assert LONG["tatoeba"] in drawn
    assert "…" not in drawn


def test_the_pages_specification_stays_as_it_is(analysis):
    spec = specification(analysis, "heatmap")
    before = json.dumps(spec)
    layout.paper(spec, "column")
    assert json.dumps(spec) == before


def test_lines_keep_every_letter():
    for text in ("one two three", "a_very_long_name_without_blanks", "x" * 50):
        parts = lines(text, 40, 8)
        assert "".join(parts).replace(" ", "") == text.replace(" ", "")
        assert all(length(part, 8) <= 40 + EM * 8 for part in parts)


def test_every_chart_has_a_summary_of_one_line():
    from xtransfer_stats.report.charts import summary

    assert all(summary(name).endswith(".") for name in EVERY)


def test_the_gallery_names_every_chart_and_its_pictures_are_there():
    folder = ROOT / "docs"
    told = (folder / "gallery.md").read_text(encoding="utf-8")
    pictures = re.findall(r"\]\((gallery/[^)]+)\)", told)
    for name in EVERY:
        assert f"`xstats chart {name}" in told
        assert f"gallery/column/{name}.svg" in pictures
    assert all((folder / picture).is_file() for picture in pictures)
