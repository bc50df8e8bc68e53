"""The page in a headless browser without a network: every chart drawn, nothing complained about."""

import re

from tests.report.browser import needs_chromium, opened
from tests.report.made_up import made_up

from xtransfer_stats.report.charts import CHARTS, GROUPS
from xtransfer_stats.report.write import write_report

pytestmark = needs_chromium

WIDTH_PROBE = """<!doctype html><title>none</title><body>
<iframe width="390" height="2000" src="{page}"></iframe>
<script>setTimeout(() => {{ document.title =
  String(document.querySelector("iframe").contentDocument.documentElement.scrollWidth); }}, 5000);</script>"""


def drawn_marks(dom, name):
    """Number of marks in the live chart `name`; 0 where the script has not drawn it."""
    after = dom.partition(f'id="chart-{name}"')[2].partition("</figure>")[0]
    return len(re.findall(r"<(?:path|text|line)\b", after)) if 'data-drawn="yes"' in after.partition(">")[0] else 0


def test_every_chart_is_drawn_and_the_console_is_silent(report, tmp_path):
    dom, console = opened(report / "report.html", tmp_path)
    assert console == []
    few = {name: drawn_marks(dom, name) for name in (*CHARTS, *GROUPS) if drawn_marks(dom, name) < 20}
    assert few == {}


def test_one_seed_is_drawn_as_well(tmp_path):
    write_report(made_up((3,), (0,)), tmp_path / "report")
    dom, console = opened(tmp_path / "report" / "report.html", tmp_path)
    assert console == []
    assert [name for name in (*CHARTS, *GROUPS) if not drawn_marks(dom, name)] == []


def test_a_charts_own_page_draws_it(report, tmp_path):
    dom, console = opened(report / "charts" / "effects.html", tmp_path)
    assert console == [] and "vega-embed" in dom.partition("<main>")[2].partition("<script")[0]


def test_a_phone_scrolls_no_page_sideways(report, tmp_path):
    probe = tmp_path / "probe.html"
    probe.write_text(WIDTH_PROBE.format(page=(report / "report.html").as_uri()), encoding="utf-8")
    dom, _ = opened(probe, tmp_path, "--allow-file-access-from-files")
    width = re.search("<title>(.*?)</title>", dom).group(1)
    assert 300 < int(width) <= 390
