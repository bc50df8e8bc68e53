"""On paper every chart is whole: its names stand on one sheet, under its heading."""

import shutil
import subprocess

import pytest
from tests.report.browser import browse, needs_chromium
from tests.report.made_up import LANGUAGES

pytestmark = [
    needs_chromium,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed"),
]


@pytest.mark.parametrize("width", [500, 1300])
def test_no_chart_is_cut_between_two_sheets(report, tmp_path, width):
    pdf = tmp_path / "page.pdf"
    browse(report / "report.html", tmp_path, f"--window-size={width},900", f"--print-to-pdf={pdf}")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    (sheet,) = [page for page in text.split("\f") if "Effect in each language within its target tasks, sorted" in page]
    words = sheet.split()
    assert min(words.count(code) for code in LANGUAGES) >= 3  # once a panel
    tops = [page for page in text.split("\f") if "Effect by language and task count" in page]
    assert len(tops) == 1 and set(LANGUAGES) <= set(tops[0].split())
