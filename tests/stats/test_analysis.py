"""The whole analysis: designs, gaps in the data, the result frame's promises, known truth."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import LANGUAGES, TRAININGS, analyzed, simulated_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.results import KEY_COLUMNS, RESULT_COLUMNS
from xtransfer_stats.stats.sentences import rests_on

OWN = {"xnli": ("mnli", "anli"), "xquad": ("squad1", "squad2")}
SMALL = LANGUAGES[:2]


def row(results, contrast, scope="these"):
    found = results[(results["contrast"] == contrast) & (results["scope"] == scope)]
    assert len(found) >= 1, contrast
    return found.iloc[0]


@pytest.fixture(scope="module")
def study():
    return simulated_frame(seeds=5, counts=(3, 9), languages=SMALL)


@pytest.fixture(scope="module")
def analysis(study):
    return analyzed(*study, trainings=TRAININGS, own_data=OWN)


def test_result_frame_has_its_columns_and_terms(analysis):
    assert tuple(analysis.results.columns) == (*RESULT_COLUMNS, *KEY_COLUMNS)
    assert set(analysis.results["term"]) == {
        "effect",
        "step",
        "interaction",
        "task effect",
        "task effect, shrunken",
        "language effect",
        "language effect, shrunken",
        "language mean effect",
        "language composition",
        "leave one task out",
        "decomposition",
        "additive tasks",
        "task identity",
        "heterogeneity",
        "own data",
        "prediction",
        "log-odds sensitivity",
    }
    assert set(analysis.results["scope"]) == {"these", "such", "such tasks"}


def test_contrasts_are_unique_within_term_and_scope(analysis):
    assert not analysis.results.duplicated(["term", "contrast", "scope"]).any()


def test_interaction_is_second_less_first(analysis):
    first, second = analysis.facts.benchmarks
    for count in (3, 9):
        gap = row(analysis.results, f"effect({count}) @ {second}").estimate
        gap -= row(analysis.results, f"effect({count}) @ {first}").estimate
        assert row(analysis.results, f"interaction({count})").estimate == pytest.approx(gap)


def test_effects_are_differences_of_the_run_scores(analysis):
    scores = analysis.run_scores.groupby(["benchmark", "n_tasks"])["score"].mean()
    for name in analysis.facts.benchmarks:
        assert row(analysis.results, f"effect(3) @ {name}").estimate == pytest.approx(scores[name, 3] - scores[name, 0])
        step = scores[name, 9] - scores[name, 3]
        assert row(analysis.results, f"step(3->9) @ {name}").estimate == pytest.approx(step)


def test_decomposition_sums_exactly(analysis):
    parts = analysis.results[analysis.results["term"] == "decomposition"]
    for count in (3, 9):
        total = parts[parts["n_tasks"] == count]["estimate"].sum()
        assert total == pytest.approx(row(analysis.results, f"interaction({count})").estimate, abs=1e-10)


def test_only_families_are_corrected(analysis):
    corrected = analysis.results["p_adjusted"].notna()
    assert (corrected == (analysis.results["family"] != "")).all()
    families = analysis.results[corrected]
    assert (families["p_adjusted"] >= families["p_value"] - 1e-15).all()
    assert set(families["family"]) == {"primary", "target tasks", "languages"}


def test_never_z(analysis):
    tested = analysis.results.dropna(subset=["p_value"])
    assert np.isfinite(tested["df"]).all()
    assert not tested["method"].str.contains("normal|wald", case=False).any()


def test_the_wider_scope_is_never_narrower(analysis):
    results = analysis.results
    width = (
        (results["conf_high"] - results["conf_low"]).groupby([results["contrast"], results["scope"]]).max().unstack()
    )
    both = width.dropna()
    assert len(both) == 6
    assert (both["such"] >= both["these"]).all()
    assert results[results["scope"] == "such"]["note"].str.contains("effective number of languages").all()


def test_answer_quotes_the_result_frame(analysis):
    interaction = row(analysis.results, "interaction(3)")
    quoted = f"{interaction.estimate:+.2f} [{interaction.conf_low:+.2f}, {interaction.conf_high:+.2f}]"
    assert quoted.replace("-", "\u2212") in analysis.answer


def test_tables_and_texts_are_there(analysis):
    assert len(analysis.terms) == 7
    assert "run:fine_tuning" in set(analysis.variance["component"])
    assert analysis.missing.empty
    assert "0.0625" in " ".join(analysis.notes)
    assert "data:" in analysis.signature
    assert analysis.fits[1]["state"] in ("interior", "boundary")
    assert {"formula", "n", "criterion", "fixed", "random", "residual_variance"} <= analysis.fits[1].keys()


def test_same_frame_in_any_order_gives_the_same_answer(study, analysis):
    frame, benchmarks = study
    shuffled = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    again = analyzed(shuffled, benchmarks, trainings=TRAININGS, own_data=OWN)
    assert again.signature == analysis.signature
    assert again.results["contrast"].tolist() == analysis.results["contrast"].tolist()
    run_level = analysis.results["method"].str.startswith("seed-paired")
    pd.testing.assert_frame_equal(again.results[run_level], analysis.results[run_level])


def test_signature_knows_a_changed_score(study, analysis):
    frame, benchmarks = study
    changed = frame.assign(score=frame["score"].where(frame.index != 3, frame["score"] + 0.1))
    assert analyzed(changed, benchmarks).signature != analysis.signature


def test_known_truth_lies_in_the_interval():
    nothing = dict.fromkeys(("seed", "seed_task", "set", "set_task", "run", "run_training", "language", "noise"), 0.05)
    frame, benchmarks = simulated_frame(seeds=8, deviations=nothing, task_effects={"xcopa": 3.0}, languages=SMALL)
    truth = np.mean([0.8, 0.3, 1.2, 3.0]) - np.mean([0.8, 0.3, 1.2, 0.4, 6.0])
    found = row(analyzed(frame, benchmarks).results, "interaction(3)")
    assert found.conf_low < truth < found.conf_high
    assert found.estimate == pytest.approx(truth, abs=0.1)


def test_one_seed_has_numbers_but_no_errors():
    analysis = analyzed(*simulated_frame(seeds=1, languages=SMALL))
    assert np.isfinite(analysis.results["estimate"]).all()
    assert analysis.results[["std_error", "p_value", "conf_low"]].isna().all(axis=None)
    assert any(note.startswith("One seed has no replicate") for note in analysis.notes)
    assert analysis.terms["note"].str.startswith("not testable").all()
    assert "cannot be said" in analysis.answer


def test_two_seeds_work_with_one_df():
    analysis = analyzed(*simulated_frame(seeds=2, languages=SMALL))
    assert row(analysis.results, "interaction(3)").df == 1


def test_crossed_study_uses_mean_squares():
    analysis = analyzed(*simulated_frame(seeds=3, counts=(3, 9), cross=3, baselines=2, languages=SMALL))
    assert row(analysis.results, "interaction(3)").method == "mean squares, Satterthwaite df"
    assert row(analysis.results, "interaction(9)").method == "seed-paired t"
    assert row(analysis.results, "interaction(3)").n_runs == 6 + 9


def test_half_a_qa_cell_is_no_cell(study):
    frame, benchmarks = study
    lost = frame.drop(frame[(frame["metric"] == "f1") & (frame["target_task"] == "xquad")].index[0])
    analysis = analyzed(lost, benchmarks)
    assert analysis.missing["target_task"].tolist() == ["xquad"]


def test_qa_cells_are_the_mean_of_exact_match_and_f1(study, analysis):
    frame, _ = study
    cell = frame[(frame["target_task"] == "xquad") & (frame["language"] == "de")].groupby("run")["score"].mean()
    shown = analysis.cells[(analysis.cells["target_task"] == "xquad") & (analysis.cells["language"] == "de")]
    assert shown.set_index("run")["score"].sort_index().tolist() == pytest.approx(cell.sort_index().tolist())


def test_a_run_without_scores_is_left_out_not_its_cells(study):
    frame, benchmarks = study
    lost = frame.copy()
    here = (lost["seed"] == 4) & (lost["n_tasks"] == 9)
    lost.loc[here, "score"] = np.nan
    lost.loc[here, "status"] = "missing"
    analysis = analyzed(lost, benchmarks)
    assert row(analysis.results, "interaction(9)").df == 3
    assert row(analysis.results, "interaction(3)").df == 4
    assert set(analysis.missing["reason"]) == {"not done yet"}
    assert any(note.startswith("Runs left out") for note in analysis.notes)


def test_seeds_are_those_of_the_contrast_not_of_the_frame(study):
    frame, benchmarks = study
    gone = (frame["seed"] == 4) & (frame["n_tasks"] == 9)
    analysis = analyzed(frame[~gone], benchmarks)
    assert analysis.facts.seeds_at == (5, 4)
    assert any("With 4 seeds at task count 9 the smallest attainable sign-flip p is 0.125" in n for n in analysis.notes)
    assert "over 4 to 5 seeds" in analysis.answer
    treated = frame["seed"].eq(4) & frame["n_tasks"].gt(0)
    analysis = analyzed(frame[~treated], benchmarks)
    assert any("With 4 seeds the smallest attainable sign-flip p is 0.125" in n for n in analysis.notes)
    assert "over 4 seeds" in analysis.answer


def test_a_part_of_the_benchmarks_is_named(study):
    frame, benchmarks = study
    analysis = analyzed(frame[frame["target_task"] != "pawsx"], benchmarks)
    assert any(note.startswith("xtreme-mini in this study") and "without pawsx" in note for note in analysis.notes)


def test_constant_retrieval_crashes_nothing(study):
    frame, benchmarks = study
    analysis = analyzed(frame.assign(score=frame["score"].where(frame["target_task"] != "tatoeba", 41.5)), benchmarks)
    still = row(analysis.results, "effect(3) @ task tatoeba")
    assert (still.estimate, still.std_error) == (0, 0)
    assert np.isnan(still.p_value)
    assert any("tatoeba" in note and "do not vary" in note for note in analysis.notes)


def test_own_data_that_follows_the_count_is_said():
    frame, benchmarks = simulated_frame(seeds=3, counts=(9,), languages=SMALL)
    analysis = analyzed(frame, benchmarks, own_data=OWN)
    assert "own data" not in set(analysis.results["term"])
    assert any("cannot be told from the task count" in note for note in analysis.notes)


def test_facts_describe_the_study(analysis):
    facts = dataclasses.asdict(analysis.facts)
    assert facts["counts"] == (3, 9)
    assert facts["n_runs"] == 15
    assert facts["n_cells"] == len(analysis.cells) / 15


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: f.drop(columns="score"), "columns: score"),
        (lambda f: f.assign(seed=f["seed"].astype(float)), "column seed"),
        (lambda f: f.assign(score=f["score"].astype(str)), "column score"),
        (lambda f: f.assign(score=f["score"] + 60), "points from 0 to 100"),
        (lambda f: pd.concat([f, f.iloc[:2]]), "rows: 2 repeat"),
        (lambda f: f[f["n_tasks"] == 0], "only baseline rows"),
        (lambda f: f[f["n_tasks"] != 0], "no baseline rows"),
        (lambda f: f.assign(status="finished"), "column status: 'finished'"),
        (lambda f: f.assign(status="failed"), "beside a score"),
        (lambda f: f.assign(study=np.where(f["seed"] == 1, "b", "a")), "column study: a, b"),
        (lambda f: f.assign(n_tasks=f["n_tasks"].replace(3, 4)), "column n_tasks: 4"),
        (lambda f: f.assign(language=f["language"].replace("de", "xx")), "neither benchmark"),
        (lambda f: f.assign(metric=f["metric"].replace("f1", "bleu")), "column metric: xquad has bleu"),
        (lambda f: f.assign(run="one"), "column run"),
        (lambda f: f.iloc[:0], "rows: the frame has none"),
    ],
)
def test_errors_name_the_column_and_the_remedy(study, spoil, message):
    frame, benchmarks = study
    with pytest.raises(DataError, match=message):
        analyzed(spoil(frame), benchmarks)


def test_one_benchmark_of_task_counts_has_effects_as_the_primary_family(study):
    frame, benchmarks = study
    cells = {(task, code) for task, codes in benchmarks["xtreme-mini"].items() for code in codes}
    inside = pd.MultiIndex.from_frame(frame[["target_task", "language"]]).isin(cells)
    both = row(analyzed(frame, benchmarks).results, "effect(3) @ xtreme-mini")
    found = analyzed(frame[inside], {"xtreme-mini": benchmarks["xtreme-mini"]})
    alone = row(found.results, "effect(3) @ xtreme-mini")
    assert (alone.estimate, alone.p_value) == pytest.approx((both.estimate, both.p_value))
    assert alone.family == "primary"
    assert not found.results["contrast"].str.contains("interaction").any()
    assert found.answer.startswith("The effect of intermediate training, in points of the average of xtreme-mini: ")


def test_benchmarks_are_needed_that_list_every_cell(study):
    frame, benchmarks = study
    with pytest.raises(DataError, match="got none"):
        analyzed(frame, {})
    with pytest.raises(DataError, match="cells stand in no benchmark"):
        analyzed(frame, {"x": benchmarks["xtreme-mini"]})
    with pytest.raises(DataError, match="no cell of y"):
        analyzed(frame, {"x": benchmarks["xtreme-mini"], "y": {"other": ("de",)}})


def test_progress_hears_of_the_stages(study):
    heard = []
    analyzed(*simulated_frame(seeds=1, languages=SMALL), progress=heard.append)
    assert len(heard) >= 3


def test_a_study_of_which_one_treated_run_is_there_is_analysed():
    frame, benchmarks = simulated_frame(seeds=2, counts=(3,), languages=SMALL)
    analysis = analyzed(frame[(frame["seed"] == 0) | (frame["n_tasks"] == 0)], benchmarks, trainings=TRAININGS)
    assert "task effect, shrunken" not in set(analysis.results["term"])
    assert np.isfinite(row(analysis.results, "interaction(3)")["estimate"])


def test_an_interaction_that_cannot_be_had_rests_on_no_task():
    keys = {"scope": "these", "benchmark": "", "n_tasks": 3, "contrast": "interaction(3)"}
    numbers = {"estimate": np.nan, "conf_low": np.nan, "conf_high": np.nan, "target_task": "xnli"}
    rows = [{"term": term, **keys, **numbers} for term in ("interaction", "leave one task out")]
    assert rests_on(pd.DataFrame(rows)) == []
