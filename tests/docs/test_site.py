"""The documents as a site: built without a warning, every link leads somewhere, and it reads without a network."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.places import ROOT
from tests.report.browser import needs_chromium, probed

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None,
    reason="mkdocs-material, of the docs extra, is not installed",
)
FOUND = importlib.util.find_spec("axe_core_python")
LOADED = re.compile(r"""<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)\s*=\s*["']?((?:https?:)?//[^"'\s>]+)""")
SEARCH = """
const wait = (time) => new Promise((done) => setTimeout(done, time));
document.querySelector("[data-md-component=search-query]").focus();
const field = document.querySelector("[data-md-component=search-query]");
field.value = "Satterthwaite";
field.dispatchEvent(new Event("keyup"));
for (let turn = 0; turn < 40; turn++) {
  await wait(250);
  const found = document.querySelectorAll(".md-search-result__item a");
  if (found.length) return [...found].map((one) => one.getAttribute("href"));
}
return [];
"""
AXE = """
const found = await axe.run(document);
return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => [one.id, ...one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120))]);
"""


def build(place, *options):
    """The finished process of a build into a folder, as `make docs` does it."""
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(place), *options]
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
    }
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    place = tmp_path_factory.mktemp("site") / "site"
    done = build(place)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return place


def test_every_page_of_the_documents_is_in_it(site):
    for page in (ROOT / "docs").rglob("*.md"):
        assert (site / page.relative_to(ROOT / "docs").with_suffix(".html")).is_file(), page.name


def test_a_file_above_the_documents_is_in_it(site):
    assert (site / "checkout" / "LICENSE").is_file()
    assert 'href="checkout/LICENSE"' in (site / "licences.html").read_text(encoding="utf-8")


def test_no_page_loads_anything_from_a_network(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 50
    assert not {(page.name, place) for page in pages for place in LOADED.findall(page.read_text(encoding="utf-8"))}
    for style in site.rglob("*.css"):
        assert not re.findall(r"url\(\s*['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")), style.name


def test_a_dead_link_fails_the_build(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# A\n\n[gone](gone.md)\n")
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    lone = text.replace("tools/site.py", str(ROOT / "tools" / "site.py")).replace(
        "assets/iframe-worker.js", "iframe-worker.js"
    )
    (tmp_path / "mkdocs.yml").write_text(lone)
    done = build(tmp_path / "site", "--config-file", str(tmp_path / "mkdocs.yml"))
    assert done.returncode != 0 and "gone.md" in done.stderr


@needs_chromium
def test_search_works_from_disk_without_a_network(site):
    found, _ = probed(site / "index.html", SEARCH, site, "--virtual-time-budget=60000")
    assert any("analysis.html" in link for link in found), found


@needs_chromium
@pytest.mark.skipif(FOUND is None, reason="axe-core is not installed: it comes with axe-core-python")
def test_no_serious_fault_is_found_on_the_start_page(site):
    axe = (Path(FOUND.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")
    assert probed(site / "index.html", axe + AXE, site, "--virtual-time-budget=60000")[0] == []
