"""Any conditions over seeds: the rows beside scipy's own t-tests by hand, and what is said of them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from tests.conditionframes import run_means, table

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.verbs.analyze import AnalysisResult, analyze

THREE = {"xlmr": 0.0, "mad-x": 3.0, "lora": 0.2}


def rows(result: AnalysisResult, term: str) -> pd.DataFrame:
    frame = result.frame()
    return frame[(frame["term"] == term) & (frame["scope"] == "these")].set_index("contrast")


def test_effects_paired_by_seed_are_scipys_paired_t_corrected_as_one_family() -> None:
    frame = table(THREE)
    effects = rows(analyze(frame, baseline="xlmr"), "effect")
    means = run_means(frame)
    tests = {name: stats.ttest_rel(means[name], means["xlmr"]) for name in ("mad-x", "lora")}
    corrected = multipletests([test.pvalue for test in tests.values()], method="holm")[1]
    for (name, test), adjusted in zip(tests.items(), corrected, strict=True):
        row = effects.loc[f"effect({name}) @ xnli"]
        low, high = test.confidence_interval()
        assert row["estimate"] == pytest.approx((means[name] - means["xlmr"]).mean())
        assert (row["p_value"], row["p_adjusted"]) == pytest.approx((test.pvalue, adjusted))
        assert (row["conf_low"], row["conf_high"]) == pytest.approx((low, high))


@pytest.mark.parametrize("seeds", [{"a": range(3), "b": range(10, 18)}, {"a": range(5), "b": range(3, 8)}])
def test_conditions_with_seeds_of_their_own_are_compared_by_welchs_t(seeds: dict[str, range]) -> None:
    frame = table({"a": 0.0, "b": 1.0}, seeds)
    result = analyze(frame, baseline="a")
    (row,) = rows(result, "effect").to_dict("records")
    means = run_means(frame)
    test = stats.ttest_ind(means["b"], means["a"], equal_var=False)
    low, high = test.confidence_interval()
    assert (row["method"], row["df"]) == ("Welch's t", pytest.approx(test.df))
    assert (row["p_value"], row["conf_low"], row["conf_high"]) == pytest.approx((test.pvalue, low, high))
    assert f"Over {len(seeds['a'])} and {len(seeds['b'])} seeds" in result.answer
    assert any("as each has seeds of its own" in note for note in result.analysis.notes)


def test_unpaired_equal_seeds_are_two_groups() -> None:
    frame = table({"a": 0.0, "b": 1.0})
    (row,) = rows(analyze(frame, baseline="a", unpaired=True), "effect").to_dict("records")
    means = run_means(frame)
    assert row["p_value"] == pytest.approx(stats.ttest_ind(means["b"], means["a"], equal_var=False).pvalue)


def test_seeds_that_a_condition_lacks_are_left_out_of_its_pairs() -> None:
    frame = table({"a": 0.0, "b": 1.0}, {"a": range(8), "b": range(3)})
    result = analyze(frame, baseline="a")
    (row,) = rows(result, "effect").to_dict("records")
    means = run_means(frame)
    assert row["p_value"] == pytest.approx(stats.ttest_rel(means["b"], means["a"].loc[0:2]).pvalue)
    assert any("5 seeds of one of them alone left out" in note for note in result.analysis.notes)


def test_the_verdict_comes_first_and_names_the_unit_of_replication() -> None:
    frame = table(THREE)
    answer = analyze(frame, baseline="xlmr").answer
    assert answer.startswith("Over 5 seeds, mad-x (by ")
    assert "is better than xlmr; lora (" in answer
    assert answer.count("is not told apart from xlmr") == 1
    worse = analyze(frame, baseline="mad-x", labels={"mad-x": "MAD-X"}).answer
    assert "worse than MAD-X" in worse and "better" not in worse


def test_one_benchmark_has_no_interaction() -> None:
    result = analyze(table(THREE), baseline="xlmr")
    frame = result.frame()
    assert not frame["contrast"].str.contains("interaction").any()
    assert set(frame["condition"]) <= {"mad-x", "lora", ""} and "n_tasks" not in frame
    assert set(frame.loc[frame["term"] == "effect", "benchmark"]) == {"xnli"}


def test_two_benchmarks_have_the_interaction_of_run_differences() -> None:
    frame = table(THREE, tasks=("one", "two"))
    frame["benchmark"] = np.where(frame["task"] == "one", "A", "B")
    gaps = rows(analyze(frame, baseline="xlmr"), "interaction")
    apart = run_means(frame[frame["task"] == "two"])["mad-x"] - run_means(frame[frame["task"] == "one"])["mad-x"]
    base = run_means(frame[frame["task"] == "two"])["xlmr"] - run_means(frame[frame["task"] == "one"])["xlmr"]
    test = stats.ttest_rel(apart, base)
    assert gaps.loc["interaction(mad-x)", "p_value"] == pytest.approx(test.pvalue)


def test_three_benchmarks_have_the_interactions_of_all_pairs_as_one_family() -> None:
    frame = table({"a": 0.0, "b": 1.0}, tasks=("one", "two", "three")).assign(benchmark=lambda rows: rows["task"])
    gaps = rows(analyze(frame, baseline="a"), "interaction")
    assert list(gaps.index) == [
        "interaction(b), two less one",
        "interaction(b), three less one",
        "interaction(b), three less two",
    ]
    assert gaps["p_adjusted"].to_numpy() == pytest.approx(multipletests(gaps["p_value"], method="holm")[1])


def test_numbers_have_steps_and_a_trend() -> None:
    frame = table({"100": 0.0, "1000": 1.0, "10000": 2.0}).rename(columns={"method": "size"})
    result = analyze(frame, condition="size", contrast=["trend", "effect(10000) - effect('1000') @ xnli"])
    assert list(rows(result, "step").index) == ["step(1000->10000) @ xnli"]
    asked = rows(result, "contrast")
    means = run_means(frame.rename(columns={"size": "method"}))
    k = np.array([100.0, 1000.0, 10000.0])
    slope = (k - k.mean()) / ((k - k.mean()) ** 2).sum()
    assert asked.loc["trend", "estimate"] == pytest.approx(
        sum(w * m.mean() for w, m in zip(slope, means.values(), strict=True))
    )
    step = rows(result, "step")["estimate"].iloc[-1]
    assert asked["estimate"].iloc[1] == pytest.approx(step)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("effect(madx)", "condition 'madx' is not in this study; did you mean mad-x?"),
        ("trend", "a trend needs conditions that are numbers"),
        ("interaction(lora)", "an interaction is of two benchmarks"),
        ("effect(lora) @ xquad", "benchmark 'xquad' is not in this study"),
    ],
)
def test_a_hypothesis_that_cannot_be_read_says_what_there_is(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message.replace("?", r"\?")):
        analyze(table(THREE), baseline="xlmr", contrast=[text])


def test_levels_with_brackets_and_quotes_are_named_in_quotes() -> None:
    frame = table({"base": 0.0, "mad-x (r=8)": 2.0, "it's": 1.0, "a+b": 1.0})
    result = analyze(frame, contrast=["effect('mad-x (r=8)') - effect(a+b)", 'effect("it\'s")'])
    first, second = rows(result, "contrast")["estimate"]
    means = run_means(frame)
    assert first == pytest.approx((means["mad-x (r=8)"] - means["a+b"]).mean())
    assert second == pytest.approx((means["it's"] - means["base"]).mean())


def test_draws_nested_in_seeds_are_averaged_before_the_test() -> None:
    frame = table({"base": 0.0, "few": 1.0}, draws=lambda m, s: [""] if m == "base" else [f"{s}-{i}" for i in range(3)])
    result = analyze(frame, draw="prompt")
    (row,) = rows(result, "effect").to_dict("records")
    means = run_means(frame)
    assert row["p_value"] == pytest.approx(stats.ttest_rel(means["few"], means["base"]).pvalue)
    assert any("draws nested in seeds (distinct ones: 15 of few)" in note for note in result.analysis.notes)


def test_draws_crossed_with_seeds_widen_the_error_beyond_that_over_seeds() -> None:
    crossed = table({"base": 0.0, "few": 1.0}, draws=lambda m, s: [""] if m == "base" else ["p1", "p2", "p3"])
    crossed["acc"] += 0.03 * crossed["prompt"].eq("p3")
    (row,) = rows(analyze(crossed, draw="prompt"), "effect").to_dict("records")
    means = run_means(crossed)
    over_seeds = stats.sem(means["few"] - means["base"])
    assert row["method"].startswith("mean squares") and row["std_error"] > 1.5 * over_seeds


def test_one_seed_has_no_error_and_one_number_a_run_is_enough() -> None:
    single = analyze(table({"a": 0.0, "b": 1.0}, range(1)), baseline="a")
    assert rows(single, "effect")["std_error"].isna().all()
    assert "One run a condition" in single.answer and "b +1.81 points" in single.answer
    plain = table({"a": 0.0, "b": 1.0}, languages=("de",)).drop(columns=["lang", "task"])
    (row,) = rows(analyze(plain, baseline="a"), "effect").to_dict("records")
    means = run_means(plain)
    assert row["p_value"] == pytest.approx(stats.ttest_rel(means["b"], means["a"]).pvalue)


def test_no_row_of_a_study_without_intermediate_tasks_speaks_of_them() -> None:
    result = analyze(table(THREE, tasks=("one", "two", "three")), baseline="xlmr", margin=1.0)
    said = result.frame().drop(columns="id").to_csv() + "\n".join((*result.analysis.notes, result.analysis.methods))
    for word in ("intermediate", "task count", "task set", "n_tasks"):
        assert word not in said


def test_effects_on_several_benchmarks_are_a_family_and_steps_are_in_none() -> None:
    frame = table({"100": 0.0, "1000": 1.0, "10000": 1.5}, tasks=("one", "two"))
    frame["benchmark"] = np.where(frame["task"] == "one", "A", "B")
    result = analyze(frame, condition="method")
    effects, steps = rows(result, "effect"), rows(result, "step")
    assert len(effects) == 4 and steps["p_adjusted"].isna().all()
    assert effects["p_adjusted"].to_numpy() == pytest.approx(multipletests(effects["p_value"], method="holm")[1])
    assert any("The effects, and the differences between benchmarks, are each" in n for n in result.analysis.notes)
