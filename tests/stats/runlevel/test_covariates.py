"""Slopes on a covariate: the least-squares one of every run, its interval over runs, and its null."""

import numpy as np
import pytest
import statsmodels.formula.api as smf
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.scores import Covariate
from xtransfer_stats.stats.runlevel.covariates import slope_weights

SIZES = {"de": 2.4, "es": 1.6, "fr": 2.2, "ru": 1.6, "zh": 1.1, "sw": 0.05, "tr": 0.34, "vi": 1.24}
NAME = "Wikipedia articles"


def rows_of(frame, benchmarks, sizes=SIZES):
    results = analyzed(
        frame, benchmarks, covariates={NAME: Covariate(sizes, f"tenfold {NAME}", logarithmic=True)}
    ).results
    return results[results["term"] == "covariate slope"].set_index("scope")


def test_the_estimate_is_the_least_squares_slope_inside_target_tasks():
    frame, benchmarks = simulated_frame(4, (3,), rng_seed=2)
    row = rows_of(frame, benchmarks).loc["these"]
    slopes = {}
    used = frame[frame["language"].isin(SIZES) & frame["score"].notna()]
    keys = ["seed", "n_tasks", "target_task", "language"]  # a cell of two metrics is their mean
    used = used.groupby(keys, as_index=False)["score"].mean()
    for (seed, count), cells in used.groupby(["seed", "n_tasks"]):
        cells = cells.assign(x=np.log10(cells["language"].map(SIZES)))
        slopes[seed, count] = smf.ols("score ~ x + C(target_task)", cells).fit().params["x"]
    differences = [slopes[seed, 3] - slopes[seed, 0] for seed in sorted(used["seed"].unique())]
    assert row["estimate"] == pytest.approx(np.mean(differences))
    assert row["std_error"] == pytest.approx(np.std(differences, ddof=1) / 2)
    assert row["df"] == 3 and row["contrast"] == f"effect(3) per tenfold {NAME}"


def test_a_planted_slope_is_found_and_the_wider_scope_has_the_wider_interval():
    frame, benchmarks = simulated_frame(6, (3,), rng_seed=4, deviations={"language": 0.0})
    treated = (frame["n_tasks"] == 3) & frame["language"].isin(SIZES)
    frame.loc[treated, "score"] += 5.0 * np.log10(frame.loc[treated, "language"].map(SIZES))
    found = rows_of(frame, benchmarks)
    these, such = found.loc["these"], found.loc["such"]
    assert these["conf_low"] < 5.0 < these["conf_high"] and these["p_value"] < 0.01
    assert such["conf_high"] - such["conf_low"] > these["conf_high"] - these["conf_low"]
    assert np.isnan(these["p_adjusted"]) and "exploratory" in these["note"]


def test_weights_sum_to_nothing_in_each_task_and_few_languages_give_no_row():
    frame, benchmarks = simulated_frame(2, (3,), rng_seed=1)
    cells = complete_scores(frame, benchmarks).cells
    weights = slope_weights(SIZES, cells)
    for task in set(cells.get_level_values("target_task")):
        assert weights[cells.get_level_values("target_task") == task].sum() == pytest.approx(0)
    assert slope_weights({"de": 1.0, "sw": 0.1, "fr": 2.0}, cells) is None
    assert slope_weights(dict.fromkeys(SIZES, 1.0), cells) is None


def test_english_has_no_part_in_the_slope():
    frame, benchmarks = simulated_frame(2, (3,), rng_seed=1)
    frame["language"] = frame["language"].replace("vi", "en")
    benchmarks = {
        name: {task: tuple("en" if one == "vi" else one for one in own) for task, own in part.items()}
        for name, part in benchmarks.items()
    }
    sizes = {("en" if one == "vi" else one): size for one, size in SIZES.items()}
    first, second = (rows_of(frame, benchmarks, sizes | {"en": size}) for size in (6.0, 0.001))
    assert first.loc["these", "estimate"] == second.loc["these", "estimate"]
