"""Benchmark weights: two plain means, restriction and what is absent."""

import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import overlapping_benchmarks

from xtransfer_stats.stats.core.estimands import gap_weights, interaction_parts, leave_one_task_out, squared_task_weight
from xtransfer_stats.stats.core.weights import absent_notes, cell_weights, restricted


def cells_of(benchmarks):
    pairs = sorted({(t, x) for part in benchmarks.values() for t, names in part.items() for x in names})
    return pd.MultiIndex.from_tuples(pairs, names=["target_task", "language"])


def test_mean_of_means():
    benchmark = {"a": ("de", "fr"), "b": ("de", "fr", "zh", "sw")}
    cells = cells_of({"x": benchmark})
    scores = pd.Series(np.arange(6.0), index=cells)
    by_hand = (scores["a"].mean() + scores["b"].mean()) / 2
    assert scores.to_numpy() @ cell_weights(benchmark, cells) == pytest.approx(by_hand)


def test_weights_are_over_the_cells_there_are():
    benchmark = {"a": ("de", "fr"), "b": ("zh",), "c": ("de",)}
    cells = pd.MultiIndex.from_tuples([("a", "de"), ("b", "zh")], names=["target_task", "language"])
    assert cell_weights(benchmark, cells).tolist() == [0.5, 0.5]
    (note,) = absent_notes({"x": benchmark}, cells)
    assert "without c" in note
    assert "a (1 of 2 languages)" in note
    assert restricted(benchmark, cells) == {"a": ("de",), "b": ("zh",)}


def test_parts_of_the_interaction_sum_to_it():
    benchmarks = overlapping_benchmarks()
    cells = cells_of(benchmarks)
    parts = sum(part.weights for part in interaction_parts(benchmarks, cells))
    assert np.abs(parts - gap_weights(benchmarks, cells)).max() == 0


def test_squared_task_weight_of_the_real_overlap():
    """With Tatoeba shared, 98 % of G's squared task weight lies on the five unshared tasks."""
    shared = ["xnli", "panx", "udpos", "xquad", "mlqa", "tydiqa", "tatoeba"]
    first = dict.fromkeys([*shared, "pawsx", "bucc"], ("de",))
    second = dict.fromkeys([*shared, "xcopa", "mewslix", "lareqa"], ("de",))
    share = squared_task_weight({"x": first, "r": second}, cells_of({"x": first, "r": second}))
    assert sum(share[t] for t in ("pawsx", "bucc", "xcopa", "mewslix", "lareqa")) == pytest.approx(0.98, abs=0.005)
    assert sum(share.values()) == pytest.approx(1)


def test_leaving_a_task_out_reweighs_the_rest():
    benchmarks = overlapping_benchmarks()
    cells = cells_of(benchmarks)
    estimands = leave_one_task_out(benchmarks, cells)
    gone = [e for e in estimands if e.target_task == "tatoeba"]
    assert [e.benchmark for e in gone] == ["xtreme-mini", ""]
    for e in gone:
        assert not e.weights[cells.get_level_values("target_task") == "tatoeba"].any()
        assert e.weights.sum() == pytest.approx(1 if e.benchmark else 0)


def test_a_benchmark_of_one_task_is_not_left_empty():
    benchmarks = {"x": {"a": ("de",)}, "r": {"a": ("de",), "b": ("de",)}}
    estimands = leave_one_task_out(benchmarks, cells_of(benchmarks))
    assert {e.target_task for e in estimands} == {"b"}
