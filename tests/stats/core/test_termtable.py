"""The table of terms: what it says of a kind of row holds for every row of an analysis."""

import pytest
from tests.stats.simulated import TRAININGS, analyzed, simulated_frame
from tests.verbs.trace.studies import LABELS, SIZES

from xtransfer_stats.stats.core.inference import ASKED_FAMILIES, FAMILIES
from xtransfer_stats.stats.core.results import RESULT_COLUMNS, for_files
from xtransfer_stats.stats.core.scores import Covariate
from xtransfer_stats.stats.core.termtable import DECOMPOSITION, GROUP, IDENTITY, SLOPE, SUCH, TERMS


@pytest.fixture(scope="module")
def analysis():
    frame, benchmarks = simulated_frame(seeds=4, counts=(3, 9), languages=("de", "sw"))
    covariates = {"articles": Covariate(SIZES, "tenfold articles", logarithmic=True)}
    own = {"xnli": ("mnli",)}
    return analyzed(
        frame, benchmarks, trainings=TRAININGS, own_data=own, labels=LABELS, covariates=covariates, margin=1.0
    )


def test_every_row_is_of_a_term_and_in_its_family(analysis):
    rows = analysis.results
    assert set(rows["term"]) <= TERMS.keys()
    for row in rows[rows["scope"] != SUCH].itertuples():
        assert row.family in ("", TERMS[row.term].family), row.contrast
    assert {term.family for term in TERMS.values()} - {""} <= (FAMILIES | ASKED_FAMILIES).keys()


def test_rows_say_what_else_they_are_of(analysis):
    levels = analysis.results.groupby("term")["level"].unique()
    first, second = analysis.facts.benchmarks
    assert set(levels[DECOMPOSITION]) == {"shared tasks", f"tasks only in {first}", f"tasks only in {second}"}
    assert set(levels[GROUP]) == {"pairs", "tagging"}
    assert set(levels[SLOPE]) == {"articles"}
    assert "mnli" in set(levels[IDENTITY])
    for row in analysis.results.itertuples():
        assert row.level in row.contrast


def test_files_have_the_result_columns_alone(analysis):
    assert tuple(for_files(analysis.results).columns) == RESULT_COLUMNS


def test_rows_that_are_sums_of_scores_carry_their_weights(analysis):
    rows = analysis.results.set_index("id")
    without = rows.loc[rows.index.difference(list(analysis.weights)), "term"]
    assert set(without) == {"heterogeneity", "task identity", "own data", "log-odds sensitivity"}
    assert (without == "own data").sum() == 1
