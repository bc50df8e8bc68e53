"""Diagnostics against the analysis repeated by hand, and against known truth."""

import dataclasses

import numpy as np
import pytest
from scipy import stats
from tests.stats.simulated import TRAININGS, analyzed, simulated_frame

from xtransfer_stats.report.charts import DIAGNOSTICS, specifications
from xtransfer_stats.report.tables import tables
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.diagnostics.diagnose import convergence
from xtransfer_stats.stats.diagnostics.influence import influence, influence_notes
from xtransfer_stats.stats.diagnostics.residuals import by_task, normality, outlier_notes, qq
from xtransfer_stats.stats.runlevel.runlevel import RunLevel
from xtransfer_stats.stats.runlevel.runresults import run_results
from xtransfer_stats.verbs.machines import analysis_json


@pytest.fixture(scope="module")
def study():
    frame, benchmarks = simulated_frame(seeds=4, counts=(3,))
    return frame, benchmarks, analyzed(frame, benchmarks, trainings=TRAININGS)


@np.errstate(divide="ignore", invalid="ignore")  # Kenward and Roger's moments pass a pole where few runs are left
def interactions(frame, benchmarks):
    rows = run_results(complete_scores(frame, benchmarks), 0.05).rows
    return {row["n_tasks"]: row for row in rows if row["term"] == "interaction" and row["scope"] == "these"}


def test_languages_and_target_tasks_are_left_out_as_numbers_of_one_model_each(study, monkeypatch):
    frame, benchmarks, _ = study
    complete, made = complete_scores(frame, benchmarks), []

    class Counted(RunLevel):
        def __init__(self, *arguments, **options):
            made.append(arguments)
            super().__init__(*arguments, **options)

    monkeypatch.setattr("xtransfer_stats.stats.diagnostics.influence.RunLevel", Counted)
    monkeypatch.setattr("xtransfer_stats.stats.runlevel.runlevel.RunLevel", Counted)
    found = influence(complete, 0.05)
    assert found.groupby("kind")["level"].nunique()["language"] > 5
    # The whole, languages, target tasks, and each run and seed.
    assert len(made) == 3 + len(complete.table.runs) + len(complete.design.seeds)


@pytest.mark.parametrize("options", [{"counts": (3, 9)}, {"counts": (3, 5), "cross": 2}, {"baselines": 2}])
@pytest.mark.parametrize(("kind", "column"), [("run", "run"), ("seed", "seed")])
def test_influence_is_that_of_the_analysis_repeated_without(options, kind, column):
    frame, benchmarks = simulated_frame(seeds=4, **options)
    whole = interactions(frame, benchmarks)
    found = influence(complete_scores(frame, benchmarks), 0.05)
    found = found[found["kind"] == kind]
    for level in sorted(found["level"].unique())[::9]:
        again = interactions(frame[frame[column].astype(str) != level], benchmarks)
        for row in found[found["level"] == level].itertuples():
            without, before = again[row.n_tasks], whole[row.n_tasks]
            assert row.estimate == pytest.approx(without["estimate"], abs=1e-9)
            assert row.std_error == pytest.approx(without["std_error"], rel=1e-6, nan_ok=True)
            assert row.change == pytest.approx(without["estimate"] - before["estimate"], abs=1e-9)
            assert row.change_in_se == pytest.approx(row.change / before["std_error"])


def test_a_language_and_a_task_are_left_out_of_both_benchmarks():
    frame, benchmarks = simulated_frame(seeds=4)
    found = influence(complete_scores(frame, benchmarks), 0.05).set_index(["kind", "level"])
    less = {name: {t: tuple(x for x in names if x != "de") for t, names in b.items()} for name, b in benchmarks.items()}
    no_task = {name: {t: names for t, names in b.items() if t != "panx"} for name, b in benchmarks.items()}
    for key, changed in ((("language", "de"), less), (("target task", "panx"), no_task)):
        rest = frame[(frame["language"] != "de") if key[0] == "language" else (frame["target_task"] != "panx")]
        assert found.loc[key, "estimate"] == pytest.approx(interactions(rest, changed)[3]["estimate"], abs=1e-9)


def test_a_run_has_no_row_at_a_count_that_it_has_no_part_in():
    frame, benchmarks = simulated_frame(seeds=4, counts=(3, 9))
    found = influence(complete_scores(frame, benchmarks), 0.05)
    treated = found[(found["kind"] == "run") & ~found["level"].str.contains("k0")]
    assert all(f"k{row.n_tasks}-" in row.level for row in treated.itertuples())


@pytest.mark.parametrize(("sets", "named"), [(1, "seed 2"), (2, "run {wild}")])
def test_a_wild_run_is_named_in_the_notes_or_its_seed_that_goes_with_it(sets, named):
    frame, benchmarks = simulated_frame(seeds=8, sets=sets)
    wild = sorted(frame.loc[frame["n_tasks"] == 3, "run"].unique())[2 * sets]
    frame.loc[(frame["run"] == wild) & (frame["target_task"] == "xcopa"), "score"] += 25
    notes = influence_notes(influence(complete_scores(frame, benchmarks), 0.05), {3: "interaction(3)"})
    assert any(f"Without the {named.format(wild=wild)} interaction(3) moves by" in note for note in notes)


def test_a_verdict_turns_only_where_told_from_zero_differs_or_the_sign_does(study):
    rows = study[2].diagnostics.influence
    whole = study[2].results.query("term == 'interaction' and scope == 'these'").iloc[0]
    before = np.sign(whole["estimate"]) * (whole["p_value"] <= 0.05)
    after = np.sign(rows["estimate"]) * (rows["p_value"] <= 0.05)
    known = rows["p_value"].notna()
    assert (rows["changes_verdict"].astype(bool) == ((before != after) & known)).all()


def test_residuals_add_up_to_the_scores_and_have_the_models_scale(study):
    frame, _, analysis = study
    found = analysis.diagnostics.residuals
    scores = analysis.cells.set_index(["run", "target_task", "language"])["score"]
    same = found.set_index(["run", "target_task", "language"])
    assert (same["fitted"] + same["residual"]).to_numpy() == pytest.approx(scores.reindex(same.index).to_numpy())
    assert found["standardised"].std() == pytest.approx(0.85, abs=0.2)  # below 1: the fit has taken some
    assert set(by_task(found)["target_task"]) == set(frame["target_task"])


def test_a_far_cell_is_named():
    frame, benchmarks = simulated_frame(seeds=4)
    run = frame["run"].iloc[-1]
    frame.loc[(frame["run"] == run) & (frame["target_task"] == "panx") & (frame["language"] == "sw"), "score"] += 15
    found = analyzed(frame, benchmarks, trainings=TRAININGS).diagnostics
    assert f"panx in sw, run {run}" in outlier_notes(found.residuals)[0]


@pytest.mark.parametrize("levels", [5, 20])
def test_the_envelope_holds_nineteen_points_in_twenty_of_normal_samples(levels):
    rng = np.random.default_rng(3)
    samples = [(str(i), rng.normal(7, 3, levels), "") for i in range(60)]
    points = qq(samples, 1)
    outside = ((points["observed"] < points["low"]) | (points["observed"] > points["high"])).mean()
    assert outside == pytest.approx(0.05, abs=0.04)
    skewed = [("skewed", np.exp(rng.normal(0, 1.5, 40)), "")]
    table = normality(skewed, qq(skewed, 1))
    assert table["outside"].iloc[0] > 5 and table["p_value"].iloc[0] < 0.001


def test_shapiro_wilk_of_the_seeds_differences_carries_its_caveat(study):
    analysis = study[2]
    wide = analysis.run_scores.pivot_table(index="seed", columns=["benchmark", "n_tasks"], values="score")
    first, second = analysis.facts.benchmarks
    gaps = (wide[second, 3] - wide[second, 0]) - (wide[first, 3] - wide[first, 0])
    row = analysis.diagnostics.normality.set_index("panel").loc["seeds: interaction(3)"]
    assert row["p_value"] == pytest.approx(stats.shapiro(gaps).pvalue)
    assert "few levels" in row["note"]


def test_convergence_shows_gradient_and_curvature_where_a_fit_has_them(study):
    table = study[2].diagnostics.convergence.set_index("model")
    assert table.loc["run level", "state"] == "closed form"
    assert table.loc["cell level", "gradient"] < 1e-3
    told = convergence([{"model": "m", "criterion": 1.0, "state": "interior",
                         "convergence": {"gradient": 1e-9, "smallest_curvature": 2.5}}])  # fmt: skip
    assert told.iloc[0][["gradient", "curvature"]].tolist() == [1e-9, 2.5]


def test_charts_tables_and_json_carry_the_diagnostics(study):
    analysis = study[2]
    assert set(DIAGNOSTICS) <= set(specifications(analysis))
    assert "convergence" in tables(analysis)
    found = analysis_json(analysis)["diagnostics"]
    assert set(found) == {"residuals", "outliers", "influence", "qq", "normality", "convergence"}
    without = dataclasses.replace(analysis, diagnostics=None)
    assert not set(DIAGNOSTICS) & set(specifications(without))


def test_one_seed_has_neither_residuals_nor_shapes():
    frame, benchmarks = simulated_frame(seeds=1)
    analysis = analyzed(frame, benchmarks, trainings=TRAININGS)
    assert analysis.diagnostics.residuals.empty and analysis.diagnostics.qq.empty
    assert set(specifications(analysis)) & set(DIAGNOSTICS) == {"influence"}
    assert analysis_json(analysis)["diagnostics"]["normality"] == []
