"""A language's effect within target tasks, by hand, and what is left of the plain mean."""

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.stats.core.weights import cell_weights
from xtransfer_stats.stats.core.withintasks import (
    deviations,
    language_compositions,
    language_effects,
    language_means,
    task_means,
)

CELLS = pd.MultiIndex.from_tuples(
    [("bucc", "de"), ("nli", "de"), ("nli", "sw"), ("tat", "de"), ("tat", "fr"), ("tat", "sw")],
    names=["target_task", "language"],
)
SCORES = np.array([9.0, 1.0, 3.0, -30.0, -33.0, -27.0])
BENCHMARKS = {"one": {"nli": ("de", "sw"), "tat": ("de", "sw")}, "two": {"nli": ("de",), "bucc": ("de",)}}
LEVEL = np.mean([cell_weights(part, CELLS) @ SCORES for part in BENCHMARKS.values()])


def test_a_language_is_its_mean_deviation_on_the_level_of_the_benchmarks():
    found = {one.language: one.weights @ SCORES for one in language_effects(BENCHMARKS, CELLS)}
    # German: nli 1 - 2, tat -30 + 30; no other language has bucc, so that it tells nothing of German.
    expected = {"de": LEVEL + (-1.0 + 0.0) / 2, "fr": LEVEL - 3.0, "sw": LEVEL + (1.0 + 3.0) / 2}
    assert found == pytest.approx(expected)


def test_composition_is_the_plain_mean_less_the_effect_within():
    plain = {one.language: one.weights @ SCORES for one in language_means(CELLS)}
    assert plain == pytest.approx({"de": -20 / 3, "fr": -33.0, "sw": -12.0})
    within = {one.language: one.weights @ SCORES for one in language_effects(BENCHMARKS, CELLS)}
    rest = {one.language: one.weights @ SCORES for one in language_compositions(BENCHMARKS, CELLS)}
    assert rest == pytest.approx({name: plain[name] - within[name] for name in within})


def test_a_tasks_own_effect_moves_no_language_away_from_another():
    shift = np.where(CELLS.get_level_values("target_task") == "tat", -30.0, 0.0)
    assert [own @ shift for own in deviations(CELLS).values()] == pytest.approx([0.0] * 3)
    assert len({round(float(one.weights @ shift), 9) for one in language_effects(BENCHMARKS, CELLS)}) == 1
    assert np.ptp([one.weights @ shift for one in language_means(CELLS)]) > 10


def test_a_language_that_shares_no_task_has_no_effect_within():
    cells = pd.MultiIndex.from_tuples([("a", "de"), ("a", "fr"), ("b", "sw")], names=CELLS.names)
    benchmarks = {"one": {"a": ("de", "fr")}, "two": {"b": ("sw",)}}
    assert [one.language for one in language_effects(benchmarks, cells)] == ["de", "fr"]
    assert [one.language for one in language_compositions(benchmarks, cells)] == ["de", "fr"]
    assert [one.language for one in language_means(cells)] == ["de", "fr", "sw"]


def test_means_of_tasks_spread_their_weight_evenly():
    weights = np.array([[0.0, 1.0, 0.0, 0.0, 0.0, 3.0]]).T
    assert task_means(weights, CELLS)[:, 0].tolist() == [0.0, 0.5, 0.5, 1.0, 1.0, 1.0]
