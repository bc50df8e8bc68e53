"""Differences of two studies against scipy on the runs' own numbers."""

import numpy as np
import pytest
from scipy import stats
from tests.stats.comparison.studies import alike, apart, averages, gains
from tests.stats.simulated import FIRST, SECOND, simulated_frame

from xtransfer_stats.stats.comparison.compare import compare
from xtransfer_stats.stats.core.scores import StudyScores

CONTRASTS = {FIRST: "effect({count}) @ xtreme-mini", SECOND: "effect({count}) @ xtreme-r-mini"}
CONTRASTS["interaction"] = "interaction({count})"


def row(found, contrast, side="B - A"):
    rows = found.results[(found.results["side"] == side) & (found.results["contrast"] == contrast)]
    return rows.iloc[0]


@pytest.mark.parametrize("count", [3, 9])
@pytest.mark.parametrize("name", CONTRASTS)
def test_studies_of_the_same_sets_are_compared_by_a_paired_t(count, name):
    a, b = alike()
    found = row(compare(a, b), CONTRASTS[name].format(count=count))
    first, second = (gains(one.frame, one.benchmarks, count)[name] for one in (a, b))
    told = stats.ttest_rel(second, first)
    interval = told.confidence_interval(0.95)
    assert found["method"] == "paired differences, seed-paired t"
    expected = [(second - first).mean(), told.statistic, told.df, told.pvalue, interval.low, interval.high]
    keys = ["estimate", "statistic", "df", "p_value", "conf_low", "conf_high"]
    assert found[keys].tolist() == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("count", [3, 9])
@pytest.mark.parametrize("name", CONTRASTS)
@pytest.mark.parametrize("seeds", [(5, 5), (4, 7)])
def test_studies_of_other_sets_are_compared_by_welchs_t(count, name, seeds):
    a, b = apart(seeds=seeds)
    found = row(compare(a, b, independent=True), CONTRASTS[name].format(count=count))
    first, second = (gains(one.frame, one.benchmarks, count)[name] for one in (a, b))
    told = stats.ttest_ind(second, first, equal_var=False)
    interval = told.confidence_interval(0.95)
    assert found["method"].startswith("independent: Welch")
    expected = [second.mean() - first.mean(), told.statistic, told.df, told.pvalue, interval.low, interval.high]
    keys = ["estimate", "statistic", "df", "p_value", "conf_low", "conf_high"]
    assert found[keys].tolist() == pytest.approx(expected, rel=1e-9)


def test_levels_and_their_difference():
    a, b = alike()
    found = compare(a, b)
    first, second = (averages(one.frame, one.benchmarks)[SECOND].xs(3, level="n_tasks") for one in (a, b))
    assert row(found, "mean(3) @ xtreme-r-mini", "A")["estimate"] == pytest.approx(first.mean())
    assert row(found, "mean(3) @ xtreme-r-mini", "B")["estimate"] == pytest.approx(second.mean())
    assert np.isnan(row(found, "mean(3) @ xtreme-r-mini", "A")["p_value"])
    difference = row(found, "mean(3) @ xtreme-r-mini")
    assert difference["p_value"] == pytest.approx(stats.ttest_rel(second, first).pvalue)


def test_a_step_is_the_difference_of_two_effects():
    found = compare(*alike())
    step = row(found, "step(3->9) @ xtreme-mini")
    effects = [row(found, f"effect({count}) @ xtreme-mini")["estimate"] for count in (3, 9)]
    assert step["estimate"] == pytest.approx(effects[1] - effects[0])


def test_a_target_task_is_the_plain_mean_of_its_cells_and_a_language_its_effect_within_them():
    a, b = alike(counts=(3,))
    found = compare(a, b)

    def gains(study):
        cells = study.frame.groupby(["seed", "n_tasks", "target_task", "language"])["score"].mean().unstack("n_tasks")
        return cells[3] - cells[0]

    def average(gain, part):
        return np.mean([gain.loc[task][list(names)].mean() for task, names in part.items()])

    def within(gain):
        apart = gain - gain.groupby("target_task").transform("mean")
        return apart.xs("sw", level="language").mean() + np.mean(
            [average(gain, part) for part in a.benchmarks.values()]
        )

    def by_seed(study, number):
        return [number(gain.droplevel("seed")) for _, gain in gains(study).groupby("seed")]

    for column, value, number in (
        ("target_task", "xnli", lambda gain: gain["xnli"].mean()),
        ("language", "sw", within),
    ):
        told = stats.ttest_rel(by_seed(b, number), by_seed(a, number))
        rows = row(found, f"effect(3) @ {column.removeprefix('target_')} {value}")
        assert [rows["statistic"], rows["p_value"]] == pytest.approx([told.statistic, told.pvalue])
        assert rows[column] == value


def test_two_crossed_studies_of_the_same_sets_have_the_mean_squares_of_their_differences():
    frame, benchmarks = simulated_frame(seeds=4, counts=(3,), cross=3)
    rng = np.random.default_rng(11)
    other = frame.assign(score=frame["score"] + rng.normal(0, 1, len(frame)), study="other")
    found = compare(StudyScores(frame, benchmarks, name="a"), StudyScores(other, benchmarks, name="b"))
    here = row(found, "effect(3) @ xtreme-mini")
    assert here["method"] == "paired differences, mean squares, Satterthwaite df"
    table = []
    for study in (frame, other):
        cells = study.groupby(["seed", "task_set", "target_task", "language"])["score"].mean().reset_index()
        mine = benchmarks[FIRST]
        inside = [x in mine.get(task, ()) for task, x in cells[["target_task", "language"]].to_numpy()]
        of_tasks = cells[inside].groupby(["seed", "task_set", "target_task"])["score"].mean()
        table.append(of_tasks.groupby(["seed", "task_set"]).mean().unstack("task_set"))
    d = table[1] - table[0]
    treated, base = d.drop(columns="").to_numpy(), d[""].to_numpy()
    sets = 4 * treated.mean(axis=0).var(ddof=1)  # mean square of sets: seeds times the variance of their means
    left = (base - treated.mean(axis=1)).var(ddof=1)
    assert here["estimate"] == pytest.approx(treated.mean() - base.mean())
    assert here["std_error"] ** 2 == pytest.approx(sets / 12 + left / 4)


def test_pairing_and_independence_agree_on_the_estimate():
    a, b = alike()
    paired, independent = compare(a, b), compare(a, b, independent=True)
    assert paired.paired and not independent.paired
    first, second = (one.results.query("side == 'B - A'")["estimate"].to_numpy() for one in (paired, independent))
    assert first == pytest.approx(second)


def test_a_crossed_study_with_runs_missing_is_fitted_on_its_pairs():
    frame, benchmarks = simulated_frame(seeds=4, counts=(3,), cross=3)
    rng = np.random.default_rng(11)
    other = frame.assign(score=frame["score"] + rng.normal(0, 1, len(frame)), study="other")
    other = other[other["run"] != other.loc[other["n_tasks"] == 3, "run"].iloc[0]]
    found = compare(StudyScores(frame, benchmarks, name="a"), StudyScores(other, benchmarks, name="b"))
    here = row(found, "effect(3) @ xtreme-mini")
    assert here["method"] == "paired differences, REML, Kenward-Roger"
    assert 0 < here["std_error"] < row(found, "effect(3) @ xtreme-mini", "A")["std_error"]
    assert any(
        note.startswith("Runs of A without a pair, left out (--unpaired uses them): seed 0") for note in found.notes
    )
    assert any("runs missing" in note for note in found.notes)


def test_one_seed_gives_a_difference_without_an_error():
    found = row(compare(*apart(seeds=(1, 5)), independent=True), "interaction(3)")
    assert np.isfinite(found["estimate"])
    assert np.isnan(found["std_error"]) and np.isnan(found["p_value"])
    assert "A: one seed only" in found["note"]


def test_a_side_without_variation_does_not_take_the_others_degrees_of_freedom():
    a, b = apart(counts=(3,))
    a.frame["score"] = a.frame.groupby(["n_tasks", "target_task", "language", "metric"])["score"].transform("mean")
    found = row(compare(a, b, independent=True), "effect(3) @ xtreme-mini")
    gained = gains(b.frame, b.benchmarks, 3)[FIRST]
    assert found["std_error"] == pytest.approx(gained.sem())
    assert found["df"] == pytest.approx(4)
