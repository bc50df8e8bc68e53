"""Retrieval in blocks gives what the whole table of scores gives, ties in the pool's order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtransfer_stats.training.decisions import rank, unique_names


def naive(queries, pool, names, cut):
    rankings = []
    for row in queries @ pool.T:
        best = np.argsort(-row, kind="stable")[:cut]
        rankings.append([(names[i], float(row[i])) for i in best])
    return rankings


@given(
    seed=st.integers(0, 2**32 - 1),
    queries=st.integers(1, 5),
    candidates=st.integers(1, 60),
    cut=st.integers(1, 8),
    block=st.integers(1, 70),
    values=st.integers(1, 3),
)
def test_blocks_change_nothing(seed, queries, candidates, cut, block, values):
    random = np.random.default_rng(seed)
    # small whole numbers: products are exact, and ties abound
    mine = random.integers(-values, values + 1, (queries, 3)).astype(np.float32)
    pool = random.integers(-values, values + 1, (candidates, 3)).astype(np.float32)
    names = [f"c{i}" for i in range(candidates)]
    assert rank(mine, pool, names, cut, block) == naive(mine, pool, names, cut)


def test_many_equal_candidates_come_in_the_pools_order():
    pool = np.ones((500, 2), dtype=np.float32)
    found = rank(np.ones((1, 2), dtype=np.float32), pool, [str(i) for i in range(500)], block=64)
    assert [name for name, _ in found[0]] == [str(i) for i in range(20)]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_scores_keep_their_precision(kind):
    value = kind(1) / kind(3)
    found = rank(np.full((1, 1), value, dtype=kind), np.ones((1, 1), dtype=kind), ["a"])
    assert found == [[("a", float(value))]]


def test_a_name_met_twice_stands_once():
    parts = list(unique_names([["a", "b", "a"], ["b", "c"]]))
    assert [names for names, _ in parts] == [["a", "b"], ["c"]]
    assert [places.tolist() for _, places in parts] == [[0, 1], [1]]
