"""How many intermediate tasks a study draws from: its frame says so, and the design follows."""

import pandas as pd
import pytest
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.design import Layout

LANGUAGES = ("de", "sw")
TEN = tuple("abcdefghij")


def sets_of_nine(seeds=3, sets=3):
    """A study of ten tasks whose seeds all meet the same three sets of nine."""
    frame, benchmarks = simulated_frame(seeds, (3,), LANGUAGES, cross=sets)
    names = {
        name: "+".join(task for task in TEN if task != TEN[i])
        for i, name in enumerate(sorted(set(frame["task_set"]) - {""}))
    }
    renamed = frame["task_set"].map(lambda name: names.get(name, ""))
    return frame.assign(task_set=renamed, n_tasks=frame["n_tasks"].replace(3, 9), catalogue=10), benchmarks


def test_sets_of_nine_of_ten_tasks_are_a_sample():
    design = complete_scores(*sets_of_nine()).design
    assert design.layout is Layout.CROSSED
    assert design.sampled == (9,)


def test_their_luck_is_in_the_error():
    frame, benchmarks = sets_of_nine()
    wide = analyzed(frame, benchmarks)
    assert "sets:crossed" in wide.signature
    headline = wide.results.query("term == 'interaction' and scope == 'these'")
    assert set(headline["method"]) == {"mean squares, Satterthwaite df"}


def test_eight_of_eight_tasks_are_all_there_are():
    frame, benchmarks = simulated_frame(3, (3, 9), LANGUAGES)
    eight = frame["task_set"].str.replace("+squad2", "")
    frame = frame[frame["n_tasks"] != 3].assign(task_set=eight, n_tasks=frame["n_tasks"].replace(9, 8), catalogue=8)
    design = complete_scores(frame, benchmarks).design
    assert (design.counts, design.sampled, design.shared) == ((8,), (), ())


def test_five_of_an_own_recipes_five_tasks_are_not_called_these_sets_only():
    frame, benchmarks = simulated_frame(3, (3, 9), LANGUAGES)
    five = frame["task_set"].map(lambda name: "+".join(name.split("+")[:5]))
    frame = frame[frame["n_tasks"] != 3].assign(task_set=five, n_tasks=frame["n_tasks"].replace(9, 5))
    own, of_nine = (analyzed(frame.assign(catalogue=size), benchmarks) for size in (5, 9))
    told = [[*one.notes, *one.results["note"], one.methods] for one in (own, of_nine)]
    assert not any("these sets only" in text for text in told[0])
    assert any("these sets only" in text for text in told[1])
    assert any(note.startswith("Errors generalise over seeds.") for note in own.notes)


def test_a_frame_of_before_the_column_is_of_nine_tasks_and_says_so():
    frame, benchmarks = simulated_frame(3, (3, 9), LANGUAGES)
    now, before = analyzed(frame, benchmarks), analyzed(frame.drop(columns="catalogue"), benchmarks)
    pd.testing.assert_frame_equal(now.results, before.results)
    assert now.signature == before.signature
    (note,) = set(before.notes) - set(now.notes)
    assert "no column catalogue" in note and "9 tasks" in note


def test_a_frame_of_before_the_column_with_more_tasks_is_refused():
    frame, benchmarks = sets_of_nine()
    with pytest.raises(DataError, match=r"column catalogue: lacking.*10 intermediate tasks.*xstats export"):
        complete_scores(frame.drop(columns="catalogue"), benchmarks)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([9], "9, but the runs' task sets hold 10"),
        ([9.5], "needs whole numbers"),
        ([9, 10], "9, 10; keep the rows of one"),
    ],
)
def test_a_wrong_size_is_refused_by_name(values, said):
    frame, benchmarks = sets_of_nine()
    column = [values[i % len(values)] for i in range(len(frame))]
    with pytest.raises(DataError, match=f"column catalogue: .*{said}"):
        complete_scores(frame.assign(catalogue=column), benchmarks)
