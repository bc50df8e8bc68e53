"""Prediction intervals: the next seed against simulated seeds, the next language by hand, and their wording."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.benchmarks.calibration.test_runlevel_calibration import (
    crossed_chains,
    nested_chains,
    null_numbers,
    tolerance,
)
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.report.tables import tables
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import CountContrast
from xtransfer_stats.stats.core.inference import Moments
from xtransfer_stats.stats.runlevel.prediction import next_language
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

COUNTS = (3, 5, 9)


def model(chains, numbers):
    return RunLevel(chains, detect(chains, 9), numbers)


def missed(held, numbers, chains, contrast):
    """Per cent of studies whose next seed, the last one, lands outside the interval of the others."""
    kept = chains[held].reset_index(drop=True)
    low, high = model(kept, numbers[held]).next_seed(contrast).interval(0.05)
    at = [
        numbers[~held & (chains["n_tasks"] == count).to_numpy()].mean(axis=0) for count in (contrast.high, contrast.low)
    ]
    landed = at[0] - at[1]
    return 100 * float(np.mean((landed < low) | (landed > high)))


@pytest.mark.parametrize("contrast", [CountContrast(0, 3), CountContrast(0, 9)])
@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_the_next_nested_seed_lands_inside_in_95_per_cent(seeds, contrast):
    chains = nested_chains(seeds + 1, COUNTS)
    numbers = null_numbers(chains, np.random.default_rng(seeds), set_sd=1.0, base_sd=1.5)
    share = missed((chains["seed"] < seeds).to_numpy(), numbers, chains, contrast)
    # Pooled over counts the df err on the safe side.
    assert 3.0 - tolerance(3.0) < share < 5.0 + tolerance(5.0)


@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_the_next_seed_of_a_crossed_study_has_a_set_of_its_own(seeds):
    chains = crossed_chains(seeds, (3, 5))
    last = pd.DataFrame({"seed": seeds, "n_tasks": [0, 3], "task_set": ["", "new"], "replicates": 1})
    both = pd.concat([chains, last], ignore_index=True)
    numbers = null_numbers(both, np.random.default_rng(seeds), set_sd=1.0)
    share = missed((both["seed"] < seeds).to_numpy(), numbers, both, CountContrast(0, 3))
    assert 2.0 < share < 5.0 + tolerance(5.0)


def test_a_paired_study_predicts_by_students_formula():
    chains = nested_chains(6, (3,))
    numbers = np.random.default_rng(0).normal(50, 1, (len(chains), 1))
    d = (numbers[chains["n_tasks"] == 3] - numbers[chains["n_tasks"] == 0])[:, 0]
    low, high = model(chains, numbers).next_seed(CountContrast(0, 3)).interval(0.05)
    half = stats.t.ppf(0.975, 5) * d.std(ddof=1) * np.sqrt(1 + 1 / 6)
    assert (low[0], high[0]) == pytest.approx((d.mean() - half, d.mean() + half))


def test_the_next_language_varies_as_languages_do():
    chains = nested_chains(4, (3,))
    numbers = np.random.default_rng(1).normal(50, 1, (len(chains), 5))
    mean = Moments(np.array([1.0]), np.array([0.5]), np.array([6.0]), "t", 8)
    found = next_language(mean, model(chains, numbers), CountContrast(0, 3))
    apart = [numbers[chains["n_tasks"] == k].mean(axis=0) for k in (3, 0)]
    between = np.var(apart[0] - apart[1], ddof=1)
    assert found.std_error[0] == pytest.approx(np.sqrt(0.25 + between))
    assert found.df[0] == pytest.approx((0.25 + between) ** 2 / (0.25**2 / 6 + between**2 / 4))
    assert found.estimate[0] == 1.0


def test_an_incomplete_crossed_study_predicts_no_seed():
    chains = crossed_chains(4, (3, 5)).drop(index=6).reset_index(drop=True)
    numbers = np.random.default_rng(2).normal(50, 1, (len(chains), 1))
    assert model(chains, numbers).next_seed(CountContrast(0, 3)) is None


@pytest.fixture(scope="module")
def analysis():
    frame, benchmarks = simulated_frame(5, (3,))
    return analyzed(frame, benchmarks)


def test_predictions_stand_beside_the_mean_wider_and_untested(analysis):
    rows = analysis.results
    predicted = rows[rows["term"] == "prediction"]
    assert predicted["p_value"].isna().all() and (predicted["family"] == "").all()
    assert len(predicted) == 6  # two benchmarks and the interaction, seed and language
    for row in predicted.itertuples():
        same = (rows["n_tasks"] == row.n_tasks) & (rows["benchmark"] == row.benchmark) & (rows["scope"] == row.scope)
        mean = rows[same & rows["term"].isin(["effect", "interaction"])].iloc[0]
        assert row.estimate == pytest.approx(mean["estimate"])
        assert row.std_error > mean["std_error"]
        assert row.conf_low < mean["conf_low"] and row.conf_high > mean["conf_high"]
        assert "would land, not where the mean" in row.note
    table = tables(analysis)["prediction"]
    assert (
        "next seed \\[95 % prediction\\]" in table.to_markdown() and "mean \\[95 % confidence\\]" in table.to_markdown()
    )


def test_one_seed_predicts_nothing():
    frame, benchmarks = simulated_frame(1, (3,))
    analysis = analyzed(frame, benchmarks)
    assert "prediction" not in tables(analysis)
