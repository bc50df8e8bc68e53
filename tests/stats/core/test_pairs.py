"""Seeds that enter: who lacks a count is named, and seeds, df and attainable p are those of the runs that enter."""

import numpy as np
import pytest
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.termtable import CONTRAST, EFFECT, THESE
from xtransfer_stats.stats.runlevel.runlevel import without_rounding


def effects(analysis):
    rows = analysis.results
    return rows[(rows["term"] == EFFECT) & (rows["scope"] == THESE)]


@pytest.mark.parametrize(
    ("count", "told"), [(3, "Seed 4 has a baseline alone"), (0, "Seed 4 has runs at task count 3 alone")]
)
def test_a_seed_that_enters_no_effect_is_named_and_left_out(count, told):
    frame, benchmarks = simulated_frame(7, (3,))
    analysis = analyzed(frame[(frame["seed"] != 4) | (frame["n_tasks"] != count)], benchmarks)
    assert any(told in note for note in analysis.notes)
    assert analysis.facts.seeds == (0, 1, 2, 3, 5, 6)
    assert "|seeds:0+1+2+3+5+6|" in analysis.signature
    assert any(note.startswith("Design: 6 seeds") for note in analysis.notes)
    assert any("With 6 seeds the smallest attainable sign-flip p is 0.0312" in note for note in analysis.notes)
    assert set(effects(analysis)["df"]) == {5.0}
    assert set(effects(analysis)["n_runs"]) == {12}
    without = analyzed(frame[frame["seed"] != 4], benchmarks)
    np.testing.assert_array_equal(effects(analysis)["estimate"], effects(without)["estimate"])
    assert analysis.variance["sd"].tolist() == without.variance["sd"].tolist()


def test_a_seed_that_lacks_one_of_two_counts_is_named():
    frame, benchmarks = simulated_frame(6, (3, 5))
    analysis = analyzed(frame[(frame["seed"] != 4) | (frame["n_tasks"] != 3)], benchmarks)
    told = "Seed 4 has no run at task count 3; what is said of it rests on the other 5 seeds."
    assert told.replace(" seeds.", ".") in analysis.notes or told in analysis.notes
    assert analysis.facts.seeds_at == (5, 6)


def test_seeds_without_a_count_are_named_where_sets_are_shared():
    frame, benchmarks = simulated_frame(6, (3,), cross=3)
    analysis = analyzed(frame[(frame["seed"] != 4) | (frame["n_tasks"] != 3)], benchmarks)
    assert any(note.startswith("Seed 4 has no run at task count 3") for note in analysis.notes)


def test_baselines_of_other_seeds_than_the_runs_are_refused():
    frame, benchmarks = simulated_frame(6, (3,))
    apart = frame[(frame["n_tasks"] == 0) == (frame["seed"] < 3)]
    with pytest.raises(DataError, match=r"column seed: no seed has runs at two task counts \(seed 0 has a baseline"):
        complete_scores(apart, benchmarks)


@pytest.mark.parametrize("text", ["effect(3) - effect(3) @ xtreme-mini", "0 * effect(3) @ xtreme-mini"])
def test_a_contrast_whose_weights_cancel_is_zero_by_construction(text):
    frame, benchmarks = simulated_frame(4, (3,))
    try:
        rows = analyzed(frame, benchmarks, contrasts=(text,)).results
    except DataError as error:
        assert text in str(error)
        return
    row = rows[rows["term"] == CONTRAST].iloc[0]
    assert row["estimate"] == 0
    assert np.isnan(row["p_value"])
    assert "zero by construction" in row["note"]


def test_digits_of_rounding_are_no_variation():
    counts = np.array([0, 0, 3, 3])
    numbers = np.array([[1e-15, 1.0], [-2e-15, 2.0], [0.1 + 1e-15, 3.0], [0.1, 4.0]])
    kept = without_rounding(numbers, counts)
    assert kept[:, 0].tolist() == [0.0, 0.0, 0.1, 0.1]
    np.testing.assert_array_equal(kept[:, 1], numbers[:, 1])
    frame, benchmarks = simulated_frame(4, (3,), cross=2)
    exact = {name: {"xnli": part["xnli"], "panx": part["panx"]} for name, part in benchmarks.items()}
    flat = frame[frame["target_task"].isin(["xnli", "panx"])].assign(score=lambda rows: 50.1 + rows["n_tasks"])
    rows = analyzed(flat, exact).results
    assert rows[rows["term"] == "interaction"]["p_value"].isna().all()
