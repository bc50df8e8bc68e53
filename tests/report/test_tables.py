import dataclasses
import io
import shutil
import subprocess

import pandas as pd
import pytest

from tests.report.made_up import made_up
from xtransfer_stats.report import formats, render, select
from xtransfer_stats.report.tables import TABLES, tables

NASTY = {"xnli": r"<b>&%_#$ {x}\y~^", "panx": "=cmd|1", "sw": "</script>", "de": "[*"}


@pytest.fixture(scope="module")
def nasty():
    return tables(made_up(benchmarks=("x_%<b>", "y&$#{}"), rename=NASTY))


def test_every_table_but_the_absent_own_data_is_made(analysis):
    assert set(TABLES) - set(tables(analysis)) == {"own_data"}


@pytest.mark.parametrize("form", ["tex", "md", "html"])
def test_primary_numbers_stand_in_every_form(three_counts, form):
    text = render.RENDERERS[form](tables(three_counts)["effects"])
    plain = text.replace("$-$", "−").replace("\\[", "[").replace("\\]", "]")
    rows = select.rows(three_counts, *select.PRIMARY)
    assert len(rows) == 16
    for shown in rows["text"]:
        assert shown in plain


def test_csv_has_full_precision_and_the_formatted_text(three_counts):
    read = pd.read_csv(io.StringIO(render.csv(tables(three_counts)["effects"])), keep_default_na=True)
    rows = select.rows(three_counts, *select.PRIMARY)
    assert read["estimate"].tolist() == rows["estimate"].tolist()
    again = [formats.estimate(*b) for b in zip(read["estimate"], read["conf_low"], read["conf_high"], strict=True)]
    assert read["formatted"].tolist() == again


def test_csv_guards_text_and_leaves_numbers(nasty):
    read = pd.read_csv(io.StringIO(render.csv(nasty["tasks"])))
    assert "'=cmd|1" in set(read["target_task"])
    assert (read["estimate"] < 0).any()


def test_html_escapes_names(nasty):
    for table in nasty.values():
        text = render.html(table)
        assert "<b>" not in text and "</script>" not in text
        assert text.count("<caption>") == text.count("<table>") == len(table.panels)
        assert 'scope="col"' in text and 'scope="row"' in text


def test_caption_names_seeds_runs_cells_method_and_correction(analysis):
    caption = tables(analysis)["effects"].caption
    for part in ("5 seeds", "10 runs", "89 cells", "seed-paired t", "Holm", "primary"):
        assert part in caption


def test_no_stars_are_explained_where_nothing_is_corrected(one_seed):
    assert "Stars:" not in render.html(tables(one_seed)["effects"])


def test_a_name_missing_at_one_count_gets_a_dash(three_counts):
    results = three_counts.results
    gone = (results["term"] == "language effect") & (results["language"] == "sw") & (results["n_tasks"] == 5)
    less = dataclasses.replace(three_counts, results=results[~gone])
    (panel,) = tables(less)["languages"].panels
    (row,) = [row for row in panel.rows if row[0] == "sw"]
    assert [cell == formats.NONE for cell in row] == [False, False, True, False]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_latex_compiles_with_booktabs_alone(nasty, tmp_path):
    body = "\n".join(render.latex(table) for table in nasty.values())
    source = "\\documentclass{article}\\usepackage{booktabs}\n\\begin{document}\n" + body + "\n\\end{document}\n"
    (tmp_path / "all.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")


def test_latex_rows_have_as_many_cells_as_columns(nasty):
    for table in nasty.values():
        for panel in table.panels:
            assert {len(row) for row in panel.rows} <= {len(panel.header)} == {len(panel.align)}
