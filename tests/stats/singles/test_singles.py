"""Single tasks: found in a frame, kept apart from counts, and their table against sums made here."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.stats.simulated import INTERMEDIATE, TASK_EFFECTS, analyzed, simulated_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.singles import single_tasks, without_singles
from xtransfer_stats.stats.singles.results import singles_results
from xtransfer_stats.stats.singles.scores import AVERAGE, EACH, single_scores

FIRST = "xtreme-mini"


@pytest.fixture(scope="module")
def study():
    return simulated_frame(seeds=4, counts=(3, 9), singles=True)


@pytest.fixture(scope="module")
def tables(study):
    return singles_results(single_scores(*study), 0.05)


def gains_by_hand(frame, target) -> pd.DataFrame:
    """Gain of each task alone on a target task over its seed's baseline: a row a seed, a column a task."""
    rows = frame[(frame["target_task"] == target) & (frame["n_tasks"] <= 1)]
    means = rows.groupby(["seed", "task_set"])["score"].mean().unstack()
    return means[list(INTERMEDIATE)].sub(means[""], axis=0)


def test_a_study_of_all_tasks_alone_is_known_by_its_runs(study):
    assert single_tasks(study[0]) == INTERMEDIATE


@pytest.mark.parametrize("options", [{"counts": (1,)}, {"counts": (1, 3), "sets": 2}, {"counts": (3, 9)}])
def test_drawn_sets_of_one_are_no_single_tasks(options):
    frame, benchmarks = simulated_frame(seeds=9, **options)
    assert single_tasks(frame) == ()
    assert without_singles(frame) is frame
    assert single_scores(frame, benchmarks) is None


def test_the_other_results_are_those_of_the_study_without_the_single_tasks(study):
    frame, benchmarks = study
    with_them, without = analyzed(frame, benchmarks), analyzed(frame[frame["n_tasks"] != 1], benchmarks)
    pd.testing.assert_frame_equal(with_them.results, without.results)
    assert without.singles.gains.empty
    assert not any("single" in note for note in without.notes)
    assert any("36 runs on single intermediate tasks, 9 a seed" in note for note in with_them.notes)


def test_single_tasks_without_other_counts_are_count_one_too():
    frame, benchmarks = simulated_frame(seeds=3, counts=(), singles=True)
    found = analyzed(frame, benchmarks)
    assert set(found.results["n_tasks"].dropna()) == {1}
    assert len(found.singles.gains)
    assert found.singles.sets.empty


def test_a_gain_is_the_seed_paired_difference_to_the_baseline(study, tables):
    by_hand = gains_by_hand(study[0], "xnli")
    rows = tables.gains[(tables.gains["benchmark"] == FIRST) & (tables.gains["target_task"] == "xnli")]
    rows = rows.set_index("intermediate_task")
    for task in INTERMEDIATE:
        expected = stats.ttest_1samp(by_hand[task], 0.0)
        assert rows.loc[task, "estimate"] == pytest.approx(by_hand[task].mean())
        assert rows.loc[task, "p_value"] == pytest.approx(expected.pvalue)
        low, high = expected.confidence_interval(0.95)
        assert (rows.loc[task, "conf_low"], rows.loc[task, "conf_high"]) == (pytest.approx(low), pytest.approx(high))


def test_a_benchmark_is_one_family_by_holm_and_its_averages_another(tables):
    for name, targets in ((f"single tasks @ {FIRST}", 5), (f"single tasks, averages @ {FIRST}", 1)):
        family = tables.gains[tables.gains["family"] == name]
        assert len(family) == 9 * targets == family["tests"].iloc[0]
        p = np.sort(family["p_value"])
        by_hand = np.minimum(1, np.maximum.accumulate(p * np.arange(len(p), 0, -1)))
        assert np.sort(family["p_adjusted"]) == pytest.approx(by_hand)
        reach = stats.t.ppf(1 - 0.05 / 2 / len(p), 3) * family["std_error"]
        assert family["corrected_high"].to_numpy() == pytest.approx((family["estimate"] + reach).to_numpy())


def test_a_corrected_interval_that_leaves_out_zero_is_found_by_holm_too(tables):
    held = (tables.gains["corrected_low"] > 0) | (tables.gains["corrected_high"] < 0)
    assert held.any()
    assert (tables.gains.loc[held, "p_adjusted"] < 0.05).all()


def test_the_best_task_is_chosen_by_other_seeds_than_it_is_measured_on(study, tables):
    gains = gains_by_hand(study[0], "pawsx")
    left_out = [gains.loc[seed, gains.drop(seed).mean().idxmax()] for seed in gains.index]
    plain = gains[gains.mean().idxmax()]
    row = tables.best[(tables.best["benchmark"] == FIRST) & (tables.best["target_task"] == "pawsx")].iloc[0]
    assert row["best"] == gains.mean().idxmax()
    assert row["estimate"] == pytest.approx(np.mean(left_out))
    assert row["plain"] == pytest.approx(plain.mean())
    assert row["conf_low"] == pytest.approx(stats.ttest_1samp(left_out, 0).confidence_interval(0.95).low)
    assert row["conf_high"] == pytest.approx(stats.ttest_1samp(plain, 0).confidence_interval(0.95).high)
    assert 0 < row["prob_best"] <= 1
    assert row["best"] in row["may_be_best"]


def test_each_target_tasks_own_best_is_averaged_within_a_seed(study, tables):
    targets = ("xnli", "panx", "xquad", "pawsx", "tatoeba")
    frame, benchmark = study[0], study[1][FIRST]
    cells = zip(frame["target_task"], frame["language"], strict=True)
    inside = frame[[language in benchmark.get(task, ()) for task, language in cells]]
    hand = {target: gains_by_hand(inside, target) for target in targets}
    values = [
        np.mean([own.loc[seed, own.drop(seed).mean().idxmax()] for own in hand.values()]) for seed in hand["xnli"].index
    ]
    row = tables.best[(tables.best["benchmark"] == FIRST) & (tables.best["target_task"] == EACH)].iloc[0]
    assert row["estimate"] == pytest.approx(np.mean(values))
    assert row["std_error"] == pytest.approx(stats.sem(values))
    assert row["plain"] == pytest.approx(np.mean([own.mean().max() for own in hand.values()]))


def test_a_set_is_set_against_the_member_that_other_seeds_choose(study, tables):
    frame, benchmarks = study
    scores = single_scores(frame, benchmarks)
    weights = scores.columns(FIRST)[AVERAGE]
    gains = pd.DataFrame(scores.gains(weights[:, None])[:, :, 0], columns=list(scores.tasks))
    left_out, plain, whole = [], [], []
    for one in (one for one in scores.sets if one.n_tasks == 3):
        members = [task for task, inside in zip(scores.tasks, one.members, strict=True) if inside]
        own = float(one.scores @ weights - scores.base[one.seed] @ weights)
        others = gains[members].drop(one.seed).mean()
        whole.append(own)
        left_out.append(own - gains.loc[one.seed, others.idxmax()])
        plain.append(own - gains.loc[one.seed, gains[members].mean().idxmax()])
    row = tables.sets[(tables.sets["benchmark"] == FIRST) & (tables.sets["n_tasks"] == 3)].iloc[0]
    assert row["set_gain"] == pytest.approx(np.mean(whole))
    assert row["estimate"] == pytest.approx(np.mean(left_out))
    assert row["conf_low"] == pytest.approx(stats.ttest_1samp(plain, 0).confidence_interval(0.95).low)
    assert row["conf_high"] == pytest.approx(stats.ttest_1samp(left_out, 0).confidence_interval(0.95).high)
    assert row["best_member_gain"] == pytest.approx(np.mean(whole) - np.mean(left_out))


def test_equal_tasks_gain_nothing_by_choice_once_the_choice_is_left_out():
    """Where nothing differs the plain best gains every time; the left-out one is right on average."""
    found = []
    nothing = {"task_effects": dict.fromkeys(TASK_EFFECTS, 0.0), "deviations": dict.fromkeys(("set", "set_task"), 0.0)}
    for rng_seed in range(25):
        frame, benchmarks = simulated_frame(
            seeds=4, counts=(), languages=("de", "es"), singles=True, rng_seed=rng_seed, **nothing
        )
        best = singles_results(single_scores(frame, benchmarks), 0.05).best
        found.append(best[best["target_task"] == EACH].iloc[0][["estimate", "plain"]].to_numpy(dtype=float))
    estimate, plain = np.mean(found, axis=0)
    assert abs(estimate) < 3 * np.std(found, axis=0)[0] / 5
    assert plain > 0.4


def test_a_missing_run_on_one_task_costs_its_cells_a_seed_and_is_told(study):
    frame, benchmarks = study
    gone = (frame["seed"] == 1) & (frame["task_set"] == "mnli")
    lacking = frame.assign(score=frame["score"].mask(gone), status=frame["status"].mask(gone, "failed"))
    tables = singles_results(single_scores(lacking, benchmarks), 0.05)
    seeds = tables.gains.set_index("intermediate_task")["n_seeds"]
    assert (seeds["mnli"] == 3).all()
    assert (seeds.drop("mnli") == 4).all()
    assert any("mnli in 1" in note for note in tables.notes)
    assert tables.best["estimate"].notna().all()


def test_a_run_that_the_frame_does_not_even_list_is_as_one_that_failed(study):
    frame, benchmarks = study
    lacking = frame[~((frame["seed"] == 1) & (frame["task_set"] == "mnli"))]
    assert single_tasks(lacking) == INTERMEDIATE
    tables = singles_results(single_scores(lacking, benchmarks), 0.05)
    assert (tables.gains.set_index("intermediate_task").loc["mnli", "n_seeds"] == 3).all()


def test_one_seed_has_gains_and_no_test(study):
    frame, benchmarks = study
    tables = singles_results(single_scores(frame[frame["seed"] == 0], benchmarks), 0.05)
    assert tables.gains["estimate"].notna().all()
    assert tables.gains[["p_value", "conf_low", "corrected_low"]].isna().all(axis=None)
    assert (tables.best["target_task"] == AVERAGE).any()
    assert tables.best[["estimate", "prob_best"]].isna().all(axis=None)
    assert tables.best["plain"].notna().all()


def test_two_seeds_choose_for_each_other(study):
    frame, benchmarks = study
    tables = singles_results(single_scores(frame[frame["seed"] < 2], benchmarks), 0.05)
    assert (tables.best["df"] == 1).all()


def test_scores_without_a_baseline_are_refused(study):
    frame, benchmarks = study
    with pytest.raises(DataError, match="baseline"):
        single_scores(frame[frame["n_tasks"] > 0], benchmarks)
