"""The cell-level model: known variances, each target task's own, the drop order by name, shrinkage."""

from dataclasses import replace

import numpy as np
import pytest
from tests.stats.simulated import LANGUAGES, TRAININGS, simulated_frame

from xtransfer_stats.stats.celllevel.celldata import cell_data, still_tasks
from xtransfer_stats.stats.celllevel.cellmodel import (
    LANGUAGE,
    LANGUAGE_TASK,
    components,
    fit_cell_model,
    luck_terms,
    variance_table,
)
from xtransfer_stats.stats.celllevel.parts import pooled_deviations
from xtransfer_stats.stats.celllevel.shrunken import shrunken, shrunken_language_rows
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.runs import averaged_replicates, score_table
from xtransfer_stats.stats.core.withintasks import deviations, reference


def test_missing_scores_cost_residual_degrees_of_freedom():
    frame, benchmarks = simulated_frame(seeds=4, languages=LANGUAGES[:5])
    gap = (frame["target_task"] == "panx") & (frame["language"] == "de") & (frame["run"] == frame["run"].iloc[0])
    frame.loc[gap, ["score", "status"]] = [np.nan, "failed"]
    table = complete_scores(frame, benchmarks).table
    data = cell_data(table, detect(averaged_replicates(table).runs, 9), TRAININGS)
    whole = cell_data(replace(table, filled=None), detect(averaged_replicates(table).runs, 9), TRAININGS)
    less = pooled_deviations(whole, 0).df - pooled_deviations(data, 0).df
    assert less.sum() == 1
    assert less[data.tasks.index("panx")] == 1


def model_of(frame, trainings=TRAININGS):
    table = score_table(frame)
    design = detect(averaged_replicates(table).runs, 9)
    data = cell_data(table, design, trainings)
    luck, notes = luck_terms(data, design)
    return fit_cell_model(data, luck), notes


@pytest.fixture(scope="module")
def study():
    frame, benchmarks = simulated_frame(seeds=5, counts=(3,), languages=LANGUAGES[:5])
    return model_of(frame)[0], complete_scores(frame, benchmarks)


def test_recovers_the_variances_it_was_simulated_with():
    deviations = {"run_training": 1.0, "set": 0.0, "set_task": 0.0}
    frame, _ = simulated_frame(seeds=16, counts=(3,), deviations=deviations)
    table = variance_table(model_of(frame)[0]).set_index("component")
    assert table.loc["run:fine_tuning", "sd"] == pytest.approx(1.0, abs=0.2)
    assert table.loc["residual: xnli", "sd"] == pytest.approx(0.8, abs=0.05)
    assert table.loc["language", "sd"] == pytest.approx(0.4, abs=0.3)
    assert table["share"].sum() == pytest.approx(1)


def test_one_loud_target_task_has_a_variance_of_its_own():
    frame, _ = simulated_frame(seeds=5, counts=(3,))
    loud = (frame["target_task"] == "tatoeba") & (frame["n_tasks"] == 3)
    effect = dict(zip(LANGUAGES, np.random.default_rng(3).normal(0, 5, len(LANGUAGES)), strict=True))
    frame.loc[loud, "score"] += frame.loc[loud, "language"].map(effect)
    table = variance_table(model_of(frame)[0]).set_index("component")["sd"]
    assert table["language:target_task: tatoeba"] > 2
    assert table["language:target_task: panx"] < 1


def test_formula_names_every_term(study):
    model, _ = study
    for part in ("(1 | seed:target_task)", "(1 | run:fine_tuning)", "(0 + treated | count:language:target_task)"):
        assert part in model.formula


def test_seed_and_run_terms_stay_when_their_variance_is_zero():
    nothing = dict.fromkeys(("seed", "seed_task", "set", "set_task", "run", "run_training"), 0.0)
    model, _ = model_of(simulated_frame(seeds=3, languages=LANGUAGES[:4], deviations=nothing)[0])
    table = variance_table(model)
    assert {"seed:target_task", "task_set:target_task", "run:fine_tuning"} <= set(table["component"])
    assert "boundary" in set(table["state"])
    assert "estimated as zero" in " ".join(table["note"])
    assert model.boundary


def test_language_slopes_are_dropped_by_name_where_there_are_too_few():
    frame, _ = simulated_frame(seeds=3, languages=LANGUAGES[:4])
    frame = frame[frame["language"].isin(LANGUAGES[:2]) & frame["target_task"].isin(["xnli", "panx"])]
    model, _ = model_of(frame, None)
    assert any(note.startswith(f"{LANGUAGE} slopes left out: 2 languages") for note in model.notes)
    assert LANGUAGE not in [part.group for part in components(model.fit)]


def test_language_by_task_slopes_go_first():
    frame, _ = simulated_frame(seeds=3, languages=LANGUAGES[:4])
    model, _ = model_of(frame[frame["target_task"] == "panx"], None)
    groups = [part.group for part in components(model.fit)]
    assert LANGUAGE in groups
    assert LANGUAGE_TASK not in groups
    assert any(LANGUAGE_TASK in note for note in model.notes)


def test_one_set_a_count_drops_the_set_term_and_says_so():
    frame, _ = simulated_frame(seeds=3, languages=LANGUAGES[:4])
    frame.loc[frame["n_tasks"] == 3, "task_set"] = "mnli+qqp+squad1"
    model, notes = model_of(frame, None)
    assert any("these sets only" in note for note in notes)
    assert not any("task_set" in part.group for part in components(model.fit))


def test_languages_lie_between_their_own_runs_and_the_benchmarks(study):
    model, complete = study
    data = model.fit.data
    rows = shrunken_language_rows(model.fit, complete, 0.05)
    level = float(reference(complete.benchmarks, data.cells) @ data.effects[0])
    own = {name: float(weights @ data.effects[0]) for name, weights in deviations(data.cells).items()}
    assert {row["language"] for row in rows} == set(own)
    for row in rows:
        pulled = row["estimate"] - level
        assert abs(pulled) <= abs(own[row["language"]]) + 0.15
        assert np.isnan(row["p_value"])


def test_tasks_that_never_vary_are_found():
    frame, _ = simulated_frame(seeds=2, languages=LANGUAGES[:3])
    frame.loc[frame["target_task"] == "tatoeba", "score"] = 50.0
    assert still_tasks(score_table(frame)) == ("tatoeba",)


def test_shrinkage_keeps_clear_differences_and_drops_noise():
    clear, _ = shrunken(np.array([0.0, 10.0, 20.0]), 0.01 * np.eye(3))
    assert clear == pytest.approx([0, 10, 20], abs=0.01)
    noise, error = shrunken(np.array([0.9, 1.0, 1.1]), np.eye(3))
    assert noise == pytest.approx([1, 1, 1])
    assert error == pytest.approx(np.full(3, np.sqrt(1 / 3)))
