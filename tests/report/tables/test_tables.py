import dataclasses
import io

import pandas as pd
import pytest
from tests.report.made_up import made_up
from tests.report.nasty import BENCHMARKS, NASTY

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select
from xtransfer_stats.report.panel import Column, Panel
from xtransfer_stats.report.panel import panel as grid
from xtransfer_stats.report.tables import TABLES, tables
from xtransfer_stats.report.tables import table as tables_module
from xtransfer_stats.report.tables.singles import SINGLE_TABLES
from xtransfer_stats.report.tables.table import FORMS, files

NAN = float("nan")


@pytest.fixture(scope="module")
def nasty():
    return tables(made_up(benchmarks=BENCHMARKS, rename=NASTY))


def test_every_table_but_those_without_a_row_is_made(analysis):
    absent = {"own_data", "asked", "effect_sizes", "routes", "posterior", "influence", "convergence"}
    absent |= {"prediction", "collapse", "given_no_collapse", "log_odds", "ranking", "pairs"}
    absent |= {"paper", "paper_tasks", "paper_languages", "language_groups", *SINGLE_TABLES}
    assert set(TABLES) - set(tables(analysis)) == absent


@pytest.mark.parametrize("form", ["tex", "md", "html", "docx.html"])
def test_primary_numbers_stand_in_every_form(three_counts, form):
    text = FORMS[form](tables(three_counts)["effects"])
    plain = text.replace("$-$", "−").replace("\\[", "[").replace("\\]", "]")
    rows = select.rows(three_counts, *select.PRIMARY)
    assert len(rows) == 16
    for shown in rows["text"]:
        assert shown in plain


def test_csv_has_full_precision_and_the_formatted_text(three_counts):
    read = pd.read_csv(io.StringIO(tables(three_counts)["effects"].to_csv()), keep_default_na=True)
    rows = select.rows(three_counts, *select.PRIMARY)
    assert read["estimate"].tolist() == rows["estimate"].tolist()
    again = [formats.estimate(*b) for b in zip(read["estimate"], read["conf_low"], read["conf_high"], strict=True)]
    assert read["formatted"].tolist() == again


def test_csv_guards_text_and_leaves_numbers(nasty):
    read = pd.read_csv(io.StringIO(nasty["tasks"].to_csv()))
    assert "'=cmd|1" in set(read["target_task"])
    assert (read["estimate"] < 0).any()


def test_a_table_writes_itself_as_its_files_are(nasty):
    table = nasty["languages"]
    written = files([table])
    forms = {"tex": table.to_latex(), "html": table.to_html(), "md": table.to_markdown(), "csv": table.to_csv()}
    for suffix, text in forms.items():
        assert written[f"tables/languages.{suffix}"].decode() == text
    assert table._repr_html_() == table.to_html()


def test_latex_is_laid_out_once_a_table(nasty, monkeypatch):
    names = []
    monkeypatch.setattr(tables_module, "latex", lambda name, *others: names.append(name) or "")
    files(nasty.values())
    assert sorted(names) == sorted(nasty)


def test_a_panel_reads_the_frame_column_by_column():
    frame = pd.DataFrame({"name": ["a", None], "low": [1.0, NAN], "high": [2.0, 3.0]})
    columns = (Column("name"), Column("range", ("low", "high"), "{:.0f} to {:.0f}".format, "r"))
    expected = Panel(("name", "range"), (("a", "1 to 2"), ("", "nan to 3")), "lr", "title")
    assert grid(frame, columns, "title") == expected
    assert grid(pd.DataFrame(), columns).rows == ()


def test_html_escapes_names(nasty):
    for table in nasty.values():
        text = table.to_html()
        assert "<b>" not in text and "</script>" not in text
        assert text.count("<caption>") == text.count("<table>") == len(table.panels)
        assert 'scope="col"' in text and 'scope="row"' in text


def test_caption_names_seeds_runs_cells_method_and_correction(analysis):
    caption = tables(analysis)["effects"].full_caption()
    for part in ("5 seeds", "5 task sets", "10 runs", "89 cells", "seed-paired t", "Holm", "primary"):
        assert part in caption


def test_every_caption_names_seeds_task_sets_and_cells(three_counts):
    for table in tables(three_counts).values():
        assert "5 seeds, 15 task sets, 20 runs, 89 cells a run" in table.caption


def test_the_legend_of_the_stars_names_test_df_family_correction_and_how_many_tests(three_counts):
    legends = {name: notes.legend(table.frame) for name, table in tables(three_counts).items() if table.starred}
    assert legends["languages"] == (
        "Stars, by adjusted p: * < 0.05, ** < 0.01, *** < 0.001; two-sided t test of zero by seed-paired t (df 4.0), "
        "Benjamini-Hochberg (exploratory) within the family languages (60 tests)."
    )
    assert "Holm within the family primary (3 tests)" in legends["effects"]


def test_a_legend_names_every_method_and_family_behind_its_stars():
    rows = [
        ("a", "primary", 4.0, 0.01),
        ("b", "languages", 3.0, 0.2),
        ("b", "languages", 9.5, 0.04),
        ("c", "", 4.0, NAN),
    ]
    legend = notes.legend(pd.DataFrame(rows, columns=["method", "family", "df", "p_adjusted"]))
    assert "by a (df 4.0), Holm within the family primary (1 test)" in legend
    assert "by b (df 3.0 to 9.5), Benjamini-Hochberg" in legend and "by c" not in legend


def test_no_star_stands_where_no_p_is_adjusted(three_counts):
    unadjusted = three_counts.results.assign(p_adjusted=NAN, p_value=1e-6)
    for table in tables(dataclasses.replace(three_counts, results=unadjusted)).values():
        assert not any("*" in cell for panel in table.panels for row in panel.rows for cell in row)
        assert "Stars" not in table.full_caption()


def test_stars_follow_the_adjusted_p_alone(three_counts):
    adjusted = three_counts.results.assign(p_value=0.9, p_adjusted=0.004)
    panel = tables(dataclasses.replace(three_counts, results=adjusted))["languages"].panels[0]
    assert all(cell.endswith("]**") for row in panel.rows for cell in row[1:])


def test_no_stars_are_explained_where_nothing_is_corrected(one_seed):
    assert "Stars" not in tables(one_seed)["effects"].to_html()


def test_a_name_missing_at_one_count_gets_a_dash(three_counts):
    results = three_counts.results
    gone = (results["term"] == "language effect") & (results["language"] == "sw") & (results["n_tasks"] == 5)
    less = dataclasses.replace(three_counts, results=results[~gone])
    panel = tables(less)["languages"].panels[0]
    (row,) = [row for row in panel.rows if row[0] == "sw"]
    assert [cell == formats.NONE for cell in row] == [False, False, True, False]


def test_latex_rows_have_as_many_cells_as_columns(nasty):
    for table in nasty.values():
        for panel in table.panels:
            assert {len(row) for row in panel.rows} <= {len(panel.header)} == {len(panel.align)}


def test_the_files_of_some_tables_are_every_form_and_what_latex_needs(nasty):
    written = files([nasty["effects"], nasty["tasks"]])
    names = {f"tables/{name}.{suffix}" for name in ("effects", "tasks") for suffix in FORMS}
    assert set(written) == names | {"tables/all.tex", "tables/preamble.tex"}
    assert written["tables/tasks.tex"].decode() == nasty["tasks"].to_latex()
