"""Collapsed trainings: counted by training, tested against the baseline, and effects in the runs without them."""

import numpy as np
import pytest
from scipy import stats
from tests.stats.simulated import TRAININGS, analyzed, simulated_frame

from xtransfer_stats.report.tables import tables
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.runlevel.collapse import collapse_rows, trainings_of


def fallen(frame, seeds, task="xnli", keep=True):
    """The frame with the task's trainings of some seeds' treated runs at chance level."""
    hit = frame["seed"].isin(seeds) & (frame["n_tasks"] == 3) & (frame["target_task"] == task)
    score = frame["score"].mask(hit, 33.0 if keep else np.nan)
    return frame.assign(status=frame["status"].mask(hit, "collapsed"), score=score)


@pytest.fixture(scope="module")
def study():
    return simulated_frame(6, (3,))


@pytest.fixture(scope="module")
def analysis(study):
    frame, benchmarks = study
    return analyzed(fallen(frame, [1, 4]), benchmarks, trainings=TRAININGS)


def test_a_training_is_a_run_and_what_was_trained_for_its_target_tasks(study):
    frame, _ = study
    table = trainings_of(fallen(frame, [1]), {**TRAININGS, "xquad": "mnli"})
    assert set(table["training"]) == {"mnli", "panx-en", "paws", "siqa"}  # Tatoeba has none
    assert len(table) == 12 * 4 and table["collapsed"].sum() == 1


def test_shares_are_clopper_and_pearsons_and_the_test_is_fishers(analysis):
    rows = analysis.results[analysis.results["term"] == "collapse"].set_index("n_tasks")
    assert rows.loc[3, "estimate"] == pytest.approx(100 * 2 / 30)
    exact = stats.binomtest(2, 30).proportion_ci(0.95, method="exact")
    assert (rows.loc[3, "conf_low"], rows.loc[3, "conf_high"]) == pytest.approx((100 * exact.low, 100 * exact.high))
    assert rows.loc[3, "p_value"] == pytest.approx(stats.fisher_exact([[2, 28], [0, 30]]).pvalue)
    assert rows.loc[0, "estimate"] == 0 and np.isnan(rows.loc[0, "p_value"])


def test_rows_given_no_collapse_are_the_study_less_these_runs(study, analysis):
    frame, benchmarks = study
    rows = analysis.results.set_index("contrast")
    less = analyzed(frame[~frame["seed"].isin([1, 4])], benchmarks, trainings=TRAININGS).results.set_index("contrast")
    for name in ("effect(3) @ task xnli", "interaction(3)", "effect(3) @ xtreme-mini"):
        given, expected = rows.loc[f"{name} given no collapse"], less.loc[name]
        expected = expected[expected["scope"] == "these"].iloc[0] if expected.ndim == 2 else expected
        # Rows of target tasks lend each other df, which a row given no collapse, one of a few, does not.
        for column in ("estimate",) if "@ task" in name else ("estimate", "std_error", "df", "p_value"):
            assert given[column] == pytest.approx(expected[column]), column
    assert "effect(3) @ task panx given no collapse" not in rows.index  # nothing of it collapsed


def test_a_sentence_counts_them_and_says_what_they_do(analysis):
    (note,) = [one for one in analysis.notes if one.startswith("Collapsed: ")]
    assert "0 of 30 trainings at the baseline" in note and "2 of 30 trainings at task count 3 (Fisher p = 0.49)" in note
    assert "optimistic" in note
    assert {"collapse", "given_no_collapse"} <= set(tables(analysis))


def test_collapses_left_out_are_counted_and_have_no_such_rows(study):
    frame, benchmarks = study
    left_out = complete_scores(fallen(frame, [1], "xcopa", keep=False), benchmarks)
    rows = collapse_rows(left_out, TRAININGS, 0.05)
    assert {row["term"] for row in rows} == {"collapse"}


def test_no_collapse_no_rows(study):
    frame, benchmarks = study
    assert collapse_rows(complete_scores(frame, benchmarks), TRAININGS, 0.05) == []
