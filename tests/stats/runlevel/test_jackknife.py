"""Scope such: the df of the runs' variance and the language jackknife's together."""

import numpy as np
import pytest
from tests.stats.simulated import simulated_frame

from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.estimands import CountContrast
from xtransfer_stats.stats.runlevel.jackknife import jackknife, such_df, such_languages
from xtransfer_stats.stats.runlevel.runresults import run_results


@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_df_are_satterthwaites_of_the_sum_from_five_seeds(seeds):
    complete = complete_scores(*simulated_frame(seeds, (3,)))
    results, such = run_results(complete, 0.05), such_languages(complete)
    runs = results.model.contrast(CountContrast(0, 3))
    apart = jackknife(np.array([one.contrast(CountContrast(0, 3)).estimate for one in such.without.values()]))
    a, b = runs.std_error[2] ** 2, apart[2]
    dfs = seeds - 1, such.effective[2] - 1
    (row,) = [r for r in results.rows if r["contrast"] == "interaction(3)" and r["scope"] == "such"]
    satterthwaite = (a + b) ** 2 / (a**2 / dfs[0] + b**2 / dfs[1])
    assert row["std_error"] == pytest.approx(np.sqrt(a + b))
    assert row["df"] == pytest.approx(satterthwaite if seeds >= 5 else min(dfs))


def test_the_wider_scope_is_never_the_narrower():
    parts, dfs = np.array([[1.0], [0.05]]), np.array([[4.0], [9.0]])
    assert such_df(parts, dfs, 5) == pytest.approx([4.0])  # Satterthwaite's 4.4 would narrow the interval


def test_one_part_alone_keeps_its_own_df():
    parts, dfs = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[4.0, 4.0], [7.0, 7.0]])
    assert such_df(parts, dfs, 5) == pytest.approx([4.0, 7.0])
