import re
import subprocess
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest
from tests.report.made_up import made_up
from tests.stats.simulated import TRAININGS, analyzed, simulated_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.report import write
from xtransfer_stats.report.charts import CHARTS, EVERY, export, specifications
from xtransfer_stats.report.charts.export import FORMATS
from xtransfer_stats.report.tables.table import FORMS
from xtransfer_stats.report.write import write_report
from xtransfer_stats.stats.core.results import for_files

STARTS = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<svg", "html": b"<!doctype html>", "json": b"{"}


class Outline(HTMLParser):
    """Headings, links to elsewhere and ids of a page."""

    def __init__(self):
        super().__init__()
        self.levels, self.links, self.ids = [], [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag in ("link", "img", "script", "iframe"):
            named = [attributes[key] for key in ("src", "href") if key in attributes]
            self.links += [one for one in named if not one.startswith("data:")]  # which holds its own content
        if "id" in attributes:
            self.ids.append(attributes["id"])


def test_every_file_is_there_and_what_it_says(report):
    for name in CHARTS:
        for suffix in FORMATS:
            assert (report / "charts" / f"{name}.{suffix}").read_bytes().startswith(STARTS[suffix])
    for suffix in FORMS:
        assert (report / "tables" / f"effects.{suffix}").stat().st_size > 100


def test_results_for_machines_come_back(report, three_counts):
    read = pd.read_parquet(report / "results.parquet")
    pd.testing.assert_frame_equal(read, for_files(three_counts.results).reset_index(drop=True), check_dtype=False)
    assert pd.read_csv(report / "results.csv")["estimate"].tolist() == three_counts.results["estimate"].tolist()


def test_page_is_one_file_with_headings_in_order_and_unique_ids(report):
    outline = Outline()
    outline.feed((report / "report.html").read_text(encoding="utf-8"))
    assert outline.links == []
    assert outline.levels[0] == 1 and outline.levels.count(1) == 1
    steps = [after - before for before, after in zip(outline.levels, outline.levels[1:], strict=False)]
    assert max(steps) <= 1
    assert len(outline.ids) == len(set(outline.ids))
    assert {f"spec-{name}" for name in CHARTS} <= set(outline.ids)


def test_progress_counts_up_to_the_number_of_files(tmp_path):
    told = []
    written = write_report(made_up((3,), (0,)), tmp_path, lambda done, total: told.append((done, total)))
    assert told == [(number, len(written)) for number in range(1, len(written) + 1)]
    assert all(path.is_file() for path in written)


def test_a_report_draws_each_chart_once(tmp_path, analysis, monkeypatch):
    names = []

    def counted(name):
        return lambda scores: names.append(name) or EVERY[name](scores)

    monkeypatch.setattr(write, "specifications", lambda scores: specifications(scores, {n: counted(n) for n in EVERY}))
    monkeypatch.setattr(export, "FORMATS", {})
    write_report(analysis, tmp_path)
    assert names == list(EVERY)


def test_a_file_in_the_way_is_an_error_with_a_remedy(tmp_path, analysis):
    (tmp_path / "taken").write_text("")
    with pytest.raises(DataError, match="--out"):
        write_report(analysis, tmp_path / "taken")


def test_the_analysis_of_a_simulated_study_is_reported(tmp_path):
    frame, benchmarks = simulated_frame()
    analysis = analyzed(frame, benchmarks, trainings=TRAININGS, own_data={"xnli": {"mnli"}})
    names = {path.relative_to(tmp_path).as_posix() for path in write_report(analysis, tmp_path)}
    assert {f"charts/{name}.svg" for name in CHARTS} <= names
    assert "tables/own_data.tex" in names
    assert analysis.signature in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_importing_the_report_loads_neither_torch_nor_the_chart_libraries():
    code = (
        "import sys, xtransfer_stats.report.write;"
        "print([name for name in ('torch', 'altair', 'vl_convert') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
