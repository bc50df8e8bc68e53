"""Scope such tasks against the jackknife's own formula, and what it does to error and df."""

import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import simulated_frame

from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.estimands import gap_weights
from xtransfer_stats.stats.core.inference import PAIRED, Moments
from xtransfer_stats.stats.runlevel.runresults import run_results
from xtransfer_stats.stats.runlevel.taskjackknife import each_task_left_out, effective_tasks, widened


@pytest.fixture(scope="module")
def complete():
    return complete_scores(*simulated_frame(seeds=5, languages=("de", "fr", "sw", "tr")))


@pytest.fixture(scope="module")
def rows(complete):
    frame = pd.DataFrame(run_results(complete, 0.05).rows)
    return frame[frame["n_tasks"] == 3].set_index(["scope", "contrast"])


def test_the_estimate_is_that_of_these_tasks_and_the_error_wider(rows):
    for contrast in ("interaction(3)", "effect(3) @ xtreme-mini", "effect(3) @ xtreme-r-mini"):
        these, such = rows.loc[("these", contrast)], rows.loc[("such tasks", contrast)]
        assert such["estimate"] == pytest.approx(these["estimate"])
        assert such["std_error"] > these["std_error"]
        assert such["family"] == ""
        assert "target-task jackknife" in such["method"]


def test_the_added_variance_is_the_jackknife_of_the_leave_one_out_rows(complete, rows):
    left = rows.xs("these")
    left = left[(left["term"] == "leave one task out") & (left["benchmark"] == "")]["estimate"].to_numpy()
    n = len(left)
    added = (n - 1) / n * np.sum((left - left.mean()) ** 2)
    these, such = rows.loc[("these", "interaction(3)")], rows.loc[("such tasks", "interaction(3)")]
    assert such["std_error"] ** 2 - these["std_error"] ** 2 == pytest.approx(added)


def test_the_effective_number_is_printed_and_bounds_the_df(complete, rows):
    number = effective_tasks(gap_weights(complete.benchmarks, complete.cells), complete.cells)
    # Weights: shared 1/4 - 1/5 thrice, first-only -1/5 twice, second-only +1/4 once.
    squares = np.array([0.05**2] * 3 + [0.2**2] * 2 + [0.25**2])
    assert number == pytest.approx(squares.sum() ** 2 / (squares**2).sum())
    such = rows.loc[("such tasks", "interaction(3)")]
    assert f"effective number of target tasks {number:.1f} of 6" in such["note"]
    assert such["df"] <= 5


def test_a_task_without_which_a_benchmark_is_empty_stays():
    cells = pd.MultiIndex.from_tuples([("a", "de"), ("b", "de")], names=["target_task", "language"])
    assert set(each_task_left_out({"one": {"a": ("de",)}, "two": {"a": ("de",), "b": ("de",)}}, cells)) == {"b"}


def test_df_is_satterthwaites_of_the_two_variances_and_at_most_tasks_less_one():
    runs = Moments(np.zeros(1), np.ones(1), np.full(1, 4.0), PAIRED, 10)
    left = np.array([[-0.5], [0.5], [-0.5], [0.5]])
    wide = widened(runs, left, np.array([4.0]))
    jack = 3 / 4 * np.sum(left**2)
    assert wide.std_error[0] == pytest.approx(np.sqrt(1 + jack))
    assert wide.df[0] == pytest.approx(min(3.0, (1 + jack) ** 2 / (1 / 4 + jack**2 / 3)))
    assert widened(runs, left * 1e-9, np.array([4.0])).df[0] == 3
