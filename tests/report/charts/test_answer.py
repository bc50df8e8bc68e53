"""The chart that is the answer: its dots are the seeds' own effects, its rows those of the result frame."""

import pandas as pd
import pytest
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.report import select
from xtransfer_stats.report.charts.answer import answer, hangs_on, seed_effects


@pytest.fixture(scope="module")
def analysis():
    frame, benchmarks = simulated_frame(4, (3,), rng_seed=3)
    return analyzed(frame, benchmarks)


def rows_of(chart, key):
    return [row for data in chart.to_dict()["datasets"].values() for row in data if key in row]


def test_it_hangs_on_the_task_that_moves_the_interaction_most(analysis):
    left = select.rows(analysis, "leave one task out")
    left = left[left["benchmark"] == ""].set_index("target_task")["estimate"]
    whole = select.these(select.rows(analysis, "interaction"))["estimate"].iloc[0]
    assert hangs_on(analysis) == (left - whole).abs().idxmax() == "tatoeba"


def test_rows_are_the_effects_with_and_without_that_task(analysis):
    labels = {row["label"]: row["estimate"] for row in rows_of(answer(analysis), "estimate")}
    assert list(labels) == ["xtreme-mini", "xtreme-mini, without tatoeba", "xtreme-r-mini"]
    effects = select.these(select.rows(analysis, "effect"))
    assert labels["xtreme-mini"] == effects["estimate"].iloc[0]
    without = select.rows(analysis, "leave one task out")
    own = without[(without["benchmark"] == "xtreme-mini") & (without["target_task"] == "tatoeba")]
    assert labels["xtreme-mini, without tatoeba"] == own["estimate"].iloc[0]


def test_a_dot_is_a_seed_and_their_mean_is_the_estimate(analysis):
    chart = answer(analysis)
    dots = pd.DataFrame(rows_of(chart, "tip"))
    assert dots.groupby("label").size().eq(4).all()
    means = dots.groupby("label")["value"].mean()
    for row in rows_of(chart, "text"):
        assert means[row["label"]] == pytest.approx(row["estimate"], abs=1e-9)


def test_the_axis_says_which_side_helps(analysis):
    text = str(answer(analysis).to_dict())
    assert text.index("hurts") < text.index("helps")


def test_weights_of_other_cells_give_no_dots(analysis):
    weights = next(iter(analysis.weights.values()))
    assert seed_effects(pd.DataFrame([[1.0]]), weights).empty
