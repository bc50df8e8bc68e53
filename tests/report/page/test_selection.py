"""A reader picks a language and sees its runs; marks tell their numbers."""

import pytest
from tests.report.browser import needs_chromium, probed
from tests.report.made_up import made_up

from xtransfer_stats.base import formats
from xtransfer_stats.report.charts import export, specifications
from xtransfer_stats.report.page import page
from xtransfer_stats.report.tables import tables

pytestmark = needs_chromium

PICK = """
const dots = () => [...document.querySelectorAll("#chart-language_runs .mark-symbol path")]
  .map((dot) => dot.getAttribute("aria-label"));
const wait = () => new Promise((done) => setTimeout(done, 300));
const box = document.querySelector("#chart-language_runs select");
const told = { first: [box.value, dots()] };
box.value = "hi";
box.dispatchEvent(new Event("input", { bubbles: true }));
box.dispatchEvent(new Event("change", { bubbles: true }));
await wait();
told.menu = [xstats.views.language_runs.signal("language"), dots()];
for (const [chart, language] of [["languages", "ta"], ["heatmap", "sw"], ["wikipedia", "tr"]]) {
  const mark = [...document.querySelectorAll(`#chart-${chart} svg path`)]
    .find((one) => one.__data__?.datum?.language === language || one.__data__?.datum?.label === language);
  mark.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  await wait();
  told[chart] = [xstats.views.language_runs.signal("language"), dots(), box.value];
}
return told;
"""
HOVER = """
const told = {};
for (const name of Object.keys(xstats.views)) {
  const marks = [...document.querySelectorAll(`#chart-${name} svg [role="graphics-symbol"]`)]
    .filter((one) => one.__data__?.tooltip);
  const at = marks[0]?.getBoundingClientRect();
  marks[0]?.dispatchEvent(new MouseEvent("pointermove", { bubbles: true, clientX: at.x, clientY: at.y }));
  marks[0]?.dispatchEvent(new MouseEvent("mousemove", { bubbles: true, clientX: at.x, clientY: at.y }));
  told[name] = document.getElementById("vg-tooltip-element")?.textContent ?? "";
  document.getElementById("vg-tooltip-element")?.remove();
}
return told;
"""


def expected(analysis, language):
    """The scores that the chart must draw for a language, as written, in any order."""
    scores = analysis.language_scores
    return sorted(formats.number(score) for score in scores[scores["language"] == language]["score"])


def drawn(labels):
    return sorted(formats.number(float(label.partition("score: ")[2].partition(";")[0])) for label in labels)


def test_menu_and_clicks_choose_the_language_whose_runs_are_drawn(report, three_counts, tmp_path):
    told, console = probed(report / "report.html", PICK, tmp_path)
    assert console == []
    shown = {name: found[0] for name, found in told.items()}
    assert shown == {"first": shown["first"], "menu": "hi", "languages": "ta", "heatmap": "sw", "wikipedia": "tr"}
    assert told["heatmap"][2] == "sw"
    for language, labels, *_ in told.values():
        assert drawn(labels) == expected(three_counts, language)


def test_hostile_names_are_drawn_and_nothing_runs(tmp_path):
    hostile = "</script><img src=x onerror=\"document.title='harmed'\">' + alert(1) + '"
    analysis = made_up((3,), (0, 1), ("a'b\\", 'c"d' + hostile), {"tr": hostile})
    specs = {name: spec for name, spec in specifications(analysis).items() if name in ("language_runs", "languages")}
    path = tmp_path / "page.html"
    path.write_text(page(analysis, export.pictures(specs), tables(analysis)), encoding="utf-8")
    script = 'return [document.title, xstats.views.language_runs.signal("language"), document.images.length];'
    told, console = probed(path, script, tmp_path)
    assert console == [] and told[0].startswith("Study embedded") and told[1:] == [hostile, 0]


@pytest.fixture(scope="module")
def tips(report, tmp_path_factory):
    return probed(report / "report.html", HOVER, tmp_path_factory.mktemp("hover"))[0]


def test_every_chart_tells_its_numbers_under_the_pointer(tips):
    assert [name for name, text in tips.items() if not any(letter.isdigit() for letter in text)] == []
    assert len(tips) > 10
