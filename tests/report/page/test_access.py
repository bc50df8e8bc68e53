"""axe-core finds no serious fault in the page, light or dark; it does find one that is put there."""

import importlib.util
from pathlib import Path

import pytest
from tests.report.browser import needs_chromium, probed

FOUND = importlib.util.find_spec("axe_core_python") or importlib.util.find_spec("axe_playwright_python")
pytestmark = [
    needs_chromium,
    pytest.mark.skipif(FOUND is None, reason="axe-core is not installed: it comes with axe-core-python"),
]

DARK = "--blink-settings=preferredColorScheme=0"
RUN = """
const found = await axe.run(document);
return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => [one.id, ...one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120))]);
"""


def faults(page, tmp_path, *options):
    axe = (Path(FOUND.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")
    return probed(page, axe + RUN, tmp_path, "--virtual-time-budget=60000", *options)[0]


@pytest.mark.parametrize("options", [(), (DARK,)], ids=["light", "dark"])
def test_no_serious_fault_is_found(report, tmp_path, options):
    assert faults(report / "report.html", tmp_path, *options) == []


def test_a_fault_would_be_found(report, tmp_path):
    page = tmp_path / "worse.html"
    text = (report / "report.html").read_text(encoding="utf-8")
    page.write_text(text.replace("<h1>", '<img src="data:,"><p style="color:#bbb;background:#fff">pale</p><h1>', 1))
    assert {fault[0] for fault in faults(page, tmp_path)} >= {"image-alt", "color-contrast"}
