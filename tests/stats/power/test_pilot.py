"""Variances of a study: right on average over many simulated studies whose truth is known."""

import json

import numpy as np
import pytest
from tests.stats.simulated import catalogue_frame, simulated_frame
from typer.testing import CliRunner

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.cli import app
from xtransfer_stats.report.charts.power import CHARTS
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.power.answers import PowerQuestion
from xtransfer_stats.stats.power.pilot import pilot, studied
from xtransfer_stats.stats.power.planning import planned
from xtransfer_stats.stats.power.plans import RunHours, StudyPlan, Variances
from xtransfer_stats.stats.power.simulate import _numbers
from xtransfer_stats.stats.power.tables import PowerRequest, needed

TRUTH = Variances(seed=0.6, set=0.9, run=0.5, baseline=0.7, seed_effect=0.0)
STUDIES = 60


def estimated(plan):
    numbers = _numbers(plan, TRUTH, STUDIES, np.random.default_rng(5))
    return [pilot(plan.chains, plan.design, column, 0.0, 1) for column in numbers.T]


@pytest.mark.parametrize(
    "plan",
    [
        StudyPlan(20, catalogue=9),
        StudyPlan(20, 3, catalogue=9),
        StudyPlan(20, 1, (3, 9), catalogue=9),
        StudyPlan(12, 6, (3, 5), crossed=True, catalogue=9),
    ],
    ids=["nested", "nested sets", "with the whole catalogue", "crossed"],
)
def test_the_variance_of_a_new_study_is_estimated_without_bias(plan):
    found = [one.estimated.differences(2, 1, sampled=True) for one in estimated(plan)]
    assert np.mean(found) == pytest.approx(TRUTH.differences(2, 1, sampled=True), rel=0.12)


def test_crossed_studies_tell_set_from_run():
    found = [one.estimated for one in estimated(StudyPlan(12, 6, (3, 5), crossed=True, catalogue=9))]
    assert np.mean([one.set**2 for one in found]) == pytest.approx(0.81, rel=0.15)
    assert np.mean([one.run**2 for one in found]) == pytest.approx(0.25, rel=0.1)
    assert np.mean([one.baseline**2 for one in found]) == pytest.approx(0.49, rel=0.2)


def test_the_reach_covers_the_truth_four_times_in_five():
    truth = TRUTH.differences(1, 1, sampled=True)
    found = estimated(StudyPlan(5, catalogue=9))
    inside = [one.low.differences(1, 1, sampled=True) <= truth <= one.high.differences(1, 1, sampled=True)
              for one in found]  # fmt: skip
    assert np.mean(inside) == pytest.approx(0.8, abs=3.5 * np.sqrt(0.16 / STUDIES))


def test_one_seed_tells_no_variance():
    frame, benchmarks = simulated_frame(seeds=1)
    with pytest.raises(DataError, match="sd_set"):
        studied(StudyScores(frame, benchmarks), "interaction", 1)


def test_the_command_writes_charts_and_prints_the_same_planning(tmp_path):
    arguments = ["power", "--sd-seed", "1", "--sd-set", "1", "--sd-run", "0.5", "--effect", "2", "--hours-run", "2"]
    shown = CliRunner().invoke(app, [*arguments, "--seeds", "3,5", "--out", str(tmp_path)])
    assert shown.exit_code == 0, shown.output
    assert "asks for 6 seeds" in shown.output
    for name in CHARTS:
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads(CliRunner().invoke(app, [*arguments, "--seeds", "3,5", "--json"]).stdout)
    assert [row["seeds"] for row in found["designs"]] == [3, 5, 3, 5]
    assert found["needed"][0]["seeds"] == 6 and found["hours_unit"] == "GPU hours"


def test_a_planning_from_a_study_leads_with_the_upper_end_and_costs_it():
    frame, benchmarks = simulated_frame(seeds=5)
    studied_there = studied(StudyScores(frame, benchmarks), "interaction", 1)
    base = StudyPlan(5, catalogue=9)
    asked = PowerRequest(base, 1.5, (5,), (1,), (), studied_there.scenarios, PowerQuestion(), RunHours(1.0, {3: 1.0}))
    (row,) = needed(asked).to_dict("records")
    assert row["seeds_low"] <= row["seeds"] < row["seeds_high"]
    assert row["runs"] == 2 * row["seeds_high"]
    first = planned(asked, "interaction", "s").notes[0]
    assert f"asks for {row['seeds_high']:.0f} seeds, at the upper end" in first
    assert f"at their estimate {row['seeds']:.0f}, at the lower end {row['seeds_low']:.0f}" in first


def test_a_frame_is_planned_from(tmp_path):
    frame = catalogue_frame(seeds=4)
    frame.to_csv(tmp_path / "scores.csv", index=False, na_rep="NaN")
    done = CliRunner().invoke(app, ["power", str(tmp_path / "scores.csv"), "--json"])
    found = json.loads(done.stdout)
    row = found["designs"][0]
    assert row["power_low"] < row["power"] < row["power_high"]
    assert found["variances"]["low"]["set"] < found["variances"]["high"]["set"]
    assert found["such"][0]["power"] <= row["power"]
