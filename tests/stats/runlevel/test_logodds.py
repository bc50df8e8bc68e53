"""The log-odds sensitivity against its own formula, its edges, and what sets it apart from the points."""

import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import simulated_frame

from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.weights import cell_weights
from xtransfer_stats.stats.runlevel.logodds import log_odds, log_odds_rows
from xtransfer_stats.stats.runlevel.runresults import run_results


@pytest.fixture(scope="module")
def complete():
    return complete_scores(*simulated_frame(seeds=5, languages=("de", "fr", "sw", "tr")))


def test_it_is_the_paired_t_of_the_runs_mean_log_odds(complete):
    rows = {row["contrast"]: row for row in log_odds_rows(complete, 0.05)}
    runs, p = complete.table.runs, complete.table.scores / 100
    first, second = (np.log(p / (1 - p)) @ cell_weights(part, complete.cells) for part in complete.benchmarks.values())
    by_seed = pd.Series(second - first, index=[runs["n_tasks"], runs["seed"]])
    d = by_seed[3] - by_seed[0]
    row = rows["log-odds interaction(3)"]
    assert row["estimate"] == pytest.approx(d.mean())
    assert row["std_error"] == pytest.approx(d.std() / np.sqrt(5))
    assert row["df"] == 4


def test_scores_at_the_ends_stay_half_an_example_away():
    odds = log_odds(np.array([[0.0, 100.0, 50.0]]), np.array([10.0, 1000.0, 10.0]))
    assert odds[0] == pytest.approx([np.log(0.05 / 0.95), np.log(0.9995 / 0.0005), 0.0])


def test_an_interaction_of_the_scale_alone_is_seen_as_one():
    """The same step in log-odds from 50 and from 90 points: no interaction in log-odds, one in points."""
    frame, benchmarks = simulated_frame(
        seeds=5, languages=("de", "fr"), deviations={}, constant_baseline=(), task_effects={}
    )
    low = frame["target_task"].isin(["pawsx", "tatoeba"])  # in the first benchmark alone
    gain = 0.8 * (frame["n_tasks"] > 0) + 0.05 * frame["seed"].map({0: -2, 1: -1, 2: 0, 3: 1, 4: 2})
    start = np.where(low, 0.0, np.log(9))
    frame = frame.assign(score=100 / (1 + np.exp(-(start + gain))))
    complete = complete_scores(frame, benchmarks)
    odds = {row["contrast"]: row["estimate"] for row in log_odds_rows(complete, 0.05)}
    points = {row["contrast"]: row["estimate"] for row in run_results(complete, 0.05).rows}
    assert odds["log-odds interaction(3)"] == pytest.approx(0, abs=1e-9)
    assert abs(points["interaction(3)"]) > 3


def test_its_rows_have_no_stars_and_no_trace_as_a_sum(complete):
    rows = log_odds_rows(complete, 0.05)
    assert {row["term"] for row in rows} == {"log-odds sensitivity"}
    assert all(row["family"] == "" and row["weights"] is None and "another estimand" in row["note"] for row in rows)
