"""Exploratory rows: languages that do not differ are not told apart by the target tasks they have."""

from dataclasses import replace

import numpy as np
import pytest
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.estimands import effects, target_tasks
from xtransfer_stats.stats.core.inference import paired
from xtransfer_stats.stats.core.withintasks import language_effects
from xtransfer_stats.stats.runlevel.exploratory import moderated_contrast, squared_correlation
from xtransfer_stats.stats.runlevel.grouprows import language_rows
from xtransfer_stats.stats.runlevel.heterogeneity import heterogeneity_rows
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

ALIKE = {"language": 0.0}
LABELS = {"family": {"de": "germanic", "sw": "bantu", "et": "uralic", "ht": "creole"}}


def _study(seeds, **options):
    frame, benchmarks = simulated_frame(seeds, (3,), deviations=ALIKE, **options)
    return complete_scores(frame, benchmarks)


def _own_effect(study, task, points, rng):
    """The study with new noise in its cells, and an effect of one target task alone."""
    treated = study.chains.runs["n_tasks"].to_numpy()[:, None] > 0
    here = study.cells.get_level_values("target_task") == task
    scores = rng.normal(50, 1, study.chains.scores.shape) + points * treated * here
    return replace(study, chains=replace(study.chains, scores=scores))


@pytest.mark.parametrize(("seeds", "points"), [(5, -10), (10, -10), (10, -30)])
def test_a_task_with_an_own_effect_makes_no_languages_differ(seeds, points):
    study, rng, studies = _study(seeds), np.random.default_rng(seeds), 200
    rows = [heterogeneity_rows(_own_effect(study, "tatoeba", points, rng))[0] for _ in range(studies)]
    assert np.mean([row["p_value"] < 0.05 for row in rows]) < 0.07
    assert np.mean([row["estimate"] for row in rows]) < 0.5


def test_no_language_is_starred_because_it_has_the_task_with_the_effect():
    frame, benchmarks = simulated_frame(8, (3,), deviations=ALIKE, task_effects={"tatoeba": -30.0})
    rows = analyzed(frame, benchmarks).results.query("term == 'language effect'").set_index("language")
    assert rows.index.size == 10
    assert np.ptp(rows["estimate"]) < 2  # with and without Tatoeba ("et", "ht")
    means = analyzed(frame, benchmarks).results.query("term == 'language mean effect'").set_index("language")
    assert means.loc["et", "estimate"] - means.loc["de", "estimate"] > 4
    assert means["p_value"].isna().all()


def test_a_languages_interval_holds_its_own_runs_mean():
    study = _study(5)
    weights = {one.language: one.weights for one in language_effects(study.benchmarks, study.cells)}
    for row in language_rows(study, 0.05):
        if row["term"] == "language effect":
            difference = run_numbers(study, weights[row["language"]][:, None]).differences(effects((3,))[0])
            assert row["estimate"] == pytest.approx(difference.mean())
            assert row["conf_low"] < difference.mean() < row["conf_high"]
            assert row["df"] > 4
            assert "moderated seed-paired t (prior df" in row["method"]


def test_two_seeds_and_missing_chains_are_not_moderated():
    study = _study(2)
    weights = np.array([one.weights for one in target_tasks(study.cells)]).T
    contrast = effects((3,))[0]
    answer = moderated_contrast(study, weights, contrast)
    plain = paired(run_numbers(study, weights).differences(contrast), 4)
    assert answer.std_error == pytest.approx(plain.std_error)
    assert answer.note == "not moderated: fewer than 3 seeds"
    frame, benchmarks = simulated_frame(4, (3,), cross=3)
    gone = frame["run"].isin(frame.loc[frame["n_tasks"] == 3, "run"].unique()[:1])
    holes = complete_scores(frame[~gone], benchmarks)
    assert "chains are missing" in moderated_contrast(holes, weights, contrast).note


def test_a_target_task_twenty_times_as_noisy_lends_its_noise_to_none_and_borrows_no_calm():
    study, rng, wrong, df = _study(3), np.random.default_rng(5), [], []
    loud = study.cells.get_level_values("target_task") == "xcopa"
    weights = np.array([one.weights for one in target_tasks(study.cells)]).T
    at = sorted(set(study.cells.get_level_values("target_task"))).index("xcopa")
    for _ in range(400):
        scores = rng.normal(50, 1, study.chains.scores.shape) * np.where(loud, 20.0, 1.0)
        here = replace(study, chains=replace(study.chains, scores=scores))
        answer = moderated_contrast(here, weights, effects((3,))[0])
        wrong.append(answer.p_value() < 0.05)
        df.append(answer.df)
    assert np.mean(wrong) < 0.07
    assert np.mean(wrong, axis=0)[at] < 0.09  # 13 % with a prior that it fitted to itself, 20 % with the others' mean
    assert np.median(df, axis=0)[at] < 3 < np.min(np.delete(np.median(df, axis=0), at))


def test_rows_that_share_their_luck_are_told_from_those_that_do_not():
    rng = np.random.default_rng(0)
    together = [squared_correlation(rng.normal(size=(5, 1)) + 0.1 * rng.normal(size=(5, 12))) for _ in range(50)]
    apart = [squared_correlation(rng.normal(size=(5, 12))) for _ in range(50)]
    assert np.mean(together) > 0.9
    assert np.mean(apart) < 0.1


def test_families_are_means_of_effects_within_target_tasks():
    frame, benchmarks = simulated_frame(5, (3,), deviations=ALIKE, task_effects={"tatoeba": -30.0})
    results = analyzed(frame, benchmarks, labels=LABELS).results
    families = results.query("term == 'family effect'").set_index("level")["estimate"]
    languages = results.query("term == 'language effect'").set_index("language")["estimate"]
    assert families["germanic"] == pytest.approx(languages["de"])
    assert families["uralic"] == pytest.approx(languages["et"])
