"""The seven terms: what L says in words, agreement with plain means, and what is not testable."""

import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import LANGUAGES, TRAININGS, simulated_frame

from xtransfer_stats.stats.celllevel.celldata import cell_data
from xtransfer_stats.stats.celllevel.cellfit import fit_cells
from xtransfer_stats.stats.celllevel.cellmodel import luck_terms
from xtransfer_stats.stats.celllevel.terms import (
    differing_languages,
    independent,
    term_matrices,
    term_table,
    untested_table,
)
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.runs import averaged_replicates, score_table
from xtransfer_stats.stats.core.weights import cell_weights

SEVEN = [
    "task count",
    "benchmark",
    "language",
    "count:benchmark",
    "count:language",
    "benchmark:language",
    "count:benchmark:language",
]


@pytest.fixture(scope="module")
def study():
    frame, benchmarks = simulated_frame(seeds=4, languages=LANGUAGES[:4])
    table = score_table(frame)
    design = detect(averaged_replicates(table).runs, 9)
    data = cell_data(table, design, TRAININGS)
    fit = fit_cells(data, luck_terms(data, design)[0], None)
    return table, benchmarks, data, fit


def cells_of(benchmarks):
    pairs = sorted({(t, x) for part in benchmarks.values() for t, names in part.items() for x in names})
    return pd.MultiIndex.from_tuples(pairs, names=["target_task", "language"])


def test_cell_means_are_the_plain_means(study):
    table, _, data, fit = study
    counts = table.runs["n_tasks"].to_numpy()
    plain = np.concatenate([table.scores[counts == k].mean(axis=0) for k in (0, *data.counts)])
    each = np.eye(len(plain)).reshape(len(plain), len(data.runs_at), -1)
    assert fit.cell_moments(each).estimate == pytest.approx(plain, abs=1e-6)


def test_count_by_benchmark_is_the_interaction(study):
    table, benchmarks, data, _ = study
    matrix = term_matrices(benchmarks, data.cells, data.counts)["count:benchmark"]
    first, second = (cell_weights(part, table.cells) for part in benchmarks.values())
    gap = second - first
    assert matrix.to_numpy() == pytest.approx(np.concatenate([-gap, gap])[None])


def test_every_contrast_sums_to_zero_and_rows_are_independent(study):
    _, benchmarks, data, _ = study
    for name, matrix in term_matrices(benchmarks, data.cells, (3, 5, 9)).items():
        assert matrix.sum(axis=1).abs().max() < 1e-12, name
        assert np.linalg.matrix_rank(matrix.to_numpy()) == len(matrix), name


def test_seven_terms_with_their_df(study):
    _, benchmarks, data, fit = study
    table = term_table(fit, benchmarks).set_index("term")
    assert list(table.index) == SEVEN
    languages = data.cells.get_level_values("language").nunique()
    assert table["df_num"].tolist() == [1, 1, languages - 1, 1, languages - 1, 3, 3]
    asked = ["task count", "count:benchmark"]  # the result frame's own rows answer these
    assert table["p_value"].drop(asked).between(0, 1).all()
    assert table.loc[asked, "p_value"].isna().all()
    assert table.loc["count:benchmark", "note"] == "no p here: see the interactions, corrected by Holm"
    assert (table["df"] > 0).all()


def test_same_tasks_in_both_benchmarks_are_not_testable():
    """A language with the same tasks in both is zero by construction, one in a single benchmark undefined."""
    benchmarks = {
        "x": {"a": ("de", "fr"), "b": ("de", "fr")},
        "r": {"a": ("de", "fr", "ht"), "b": ("de", "fr")},
    }
    cells = cells_of(benchmarks)
    assert differing_languages(benchmarks, cells) == []
    assert len(term_matrices(benchmarks, cells, (3,))["count:benchmark:language"]) == 0


def test_not_testable_terms_say_so_and_have_no_p():
    benchmarks = {
        "x": {"a": ("de", "fr", "sw", "tr")},
        "r": {"a": ("de", "fr", "sw", "tr"), "xcopa": ("ht", "et")},
    }
    frame, _ = simulated_frame(seeds=3)
    frame = frame[(frame["target_task"] == "panx") & frame["language"].isin(["de", "fr", "sw", "tr"])].assign(
        target_task="a"
    )
    more = frame[frame["language"].isin(["de", "fr"])].assign(target_task="xcopa")
    more = more.assign(language=more["language"].map({"de": "ht", "fr": "et"}), score=more["score"] * 0.9 + 3)
    table = score_table(pd.concat([frame, more]))
    design = detect(averaged_replicates(table).runs, 9)
    data = cell_data(table, design, None)
    terms = term_table(fit_cells(data, luck_terms(data, design)[0], None), benchmarks).set_index("term")
    for name in ("benchmark:language", "count:benchmark:language"):
        assert np.isnan(terms.loc[name, "p_value"])
        assert terms.loc[name, "note"].startswith("not testable: zero by construction in de, fr, sw, tr")
        assert "undefined in et, ht" in terms.loc[name, "note"]
    assert np.isfinite(terms.loc["count:benchmark", "statistic"])


def test_identical_benchmarks_have_no_benchmark_term():
    benchmarks = {"x": {"a": ("de", "fr")}, "r": {"a": ("de", "fr")}}
    matrices = term_matrices(benchmarks, cells_of(benchmarks), (3,))
    assert len(matrices["benchmark"]) == len(matrices["count:benchmark"]) == 0


def test_independent_rows_keep_the_row_space():
    rows = np.array([[1.0, -1, 0], [0, 1, -1], [1, 0, -1], [2, -2, 0]])
    kept = independent(rows)
    assert len(kept) == 2
    assert np.linalg.matrix_rank(np.vstack([kept, rows])) == 2


def test_untested_table_gives_the_reason(study):
    _, benchmarks, data, _ = study
    table = untested_table(benchmarks, data.cells, data.counts, "one seed")
    assert table["term"].tolist() == SEVEN
    assert set(table["note"]) == {"not testable: one seed"}
