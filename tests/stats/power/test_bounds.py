"""A plan that nobody could run, or simulate, is refused at once and by its argument."""

import pytest

import xtransfer_stats as xs
from xtransfer_stats.stats.power.plans import StudyPlan

STATED = {"sd_seed": 1.0, "sd_set": 0.8, "sd_run": 0.4}
INF, NAN = float("inf"), float("nan")
REFUSED = {
    "sets": ([10**22], [101], [0], [16**5000]),
    "seeds": ([10**9], [1], list(range(2, 400))),
    "baselines": (10**12, -1),
    "tasks": ([10**9], [0], [3, 3]),
    "effect": (INF, NAN, 1e308, 0.0, -1.0),
    "sd_set": (1e308, NAN, -1.0),
    "power": (NAN, 1.0, 0.0),
    "alpha": (NAN, 0.0, 1.0),
    "studies": (10**9, 0),
    "seed": (-1, 10**30),
    "languages": ([0], [-3], [NAN], [10**20]),
    "hours": (INF, NAN, 1e308),
    "estimand": ("x" * 1000, "interactio"),
}


@pytest.mark.parametrize("argument", REFUSED)
def test_what_no_plan_can_be_is_refused_by_its_argument(argument):
    for value in REFUSED[argument]:
        asked = {"hours_run" if argument == "hours" else argument: value}
        with pytest.raises(xs.XstatsError, match=argument) as refused:
            xs.power("nowhere.csv", **{**STATED, **asked})
        assert len(str(refused.value)) < 500


def test_more_studies_than_are_simulated_name_how_many_would_be():
    asked = {**STATED, "tasks": [1, 2, 3, 4, 5, 6, 7, 8], "sets": [100], "seeds": [3]}
    told = r"studies 4000: one of 60 seeds and 100 sets has 48,060 runs.*give 208 studies"
    with pytest.raises(xs.XstatsError, match=told):
        xs.power("nowhere.csv", **asked)


def test_the_largest_plan_is_planned():
    assert xs.power("nowhere.csv", **STATED, sets=[100], seeds=[3]).frame()["sets"].tolist() == [100]
    assert StudyPlan(1000, catalogue=9).runs == 2000
