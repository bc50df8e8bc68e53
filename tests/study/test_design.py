"""Task sets are balanced over seeds and stable when a study grows."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtransfer_stats.study.design import deal, runs, task_sets
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS

NINE = tuple(INTERMEDIATE_TASKS)


@given(count=st.integers(1, 9), hands=st.integers(1, 20), root=st.integers(0, 2**32))
def test_each_task_is_dealt_equally_often_or_within_one(count, hands, root):
    dealt = deal(NINE, count, hands, root, "x")
    assert all(len(set(hand)) == count for hand in dealt)
    times = Counter(dict.fromkeys(NINE, 0)) + Counter(task for hand in dealt for task in hand)
    numbers = [times[task] for task in NINE]
    assert max(numbers) - min(numbers) <= 1


@given(count=st.integers(1, 9), few=st.integers(1, 10), more=st.integers(0, 10), root=st.integers(0, 1000))
def test_more_seeds_change_no_earlier_draw(count, few, more, root):
    assert deal(NINE, count, few + more, root, "x")[:few] == deal(NINE, count, few, root, "x")


def test_three_seeds_partition_the_nine():
    dealt = deal(NINE, 3, 3, 2005, "nested", 3, 0)
    assert sorted(task for hand in dealt for task in hand) == sorted(NINE)


def test_seeds_draw_different_sets_and_roots_other_ones():
    own = [sets[0] for sets in task_sets(NINE, 3, 5, 1)]
    assert len(set(own)) == 5
    assert own != [sets[0] for sets in task_sets(NINE, 3, 5, 2)]


def test_all_nine_is_one_set_for_every_seed():
    assert task_sets(NINE, 9, 3, 1, sets=4) == [[tuple(sorted(NINE))]] * 3


def test_crossed_sets_are_the_same_for_all_seeds():
    drawn = task_sets(NINE, 3, 4, 1, cross=3)
    assert drawn[0] == drawn[3]
    assert sorted(task for chosen in drawn[0] for task in chosen) == sorted(NINE)


@pytest.mark.parametrize(
    ("grown", "small"),
    [
        ({"n_seeds": 7}, {"n_seeds": 5}),
        ({"counts": (3, 5, 9)}, {"counts": (3,)}),
        ({"sets": 3}, {"sets": 1}),
        ({"baselines": 3}, {"baselines": 1}),
    ],
)
def test_growing_a_study_keeps_every_earlier_run(grown, small):
    common = {"counts": (3,), "n_seeds": 5, "sets": 1, "baselines": 1}

    def drawn(changed):
        chosen = common | changed
        return set(
            runs(
                NINE,
                chosen["counts"],
                chosen["n_seeds"],
                2005,
                sets=chosen["sets"],
                baselines=chosen["baselines"],
            )
        )

    assert drawn(small) < drawn(grown)


def test_each_seed_has_its_baselines_and_one_run_a_count():
    found = runs(NINE, (3, 9), 2, 2005, baselines=2)
    assert Counter((run.seed, run.n_tasks) for run in found) == {
        (seed, count): number for seed in (0, 1) for count, number in ((0, 2), (3, 1), (9, 1))
    }
    assert len({run.name for run in found}) == len(found)


def test_single_tasks_stand_beside_the_sets_of_every_seed_and_change_no_draw():
    tasks = ["a", "b", "c", "d"]
    plain, more = runs(tasks, [3], 2, 7), runs(tasks, [3], 2, 7, singles=True)
    alone = [run for run in more if run.n_tasks == 1]
    assert [run for run in more if run.n_tasks != 1] == plain
    assert [(run.seed, run.set_name) for run in alone] == [(seed, task) for seed in (0, 1) for task in tasks]
