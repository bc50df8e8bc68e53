"""The cell-level model: known variances, the drop order by name, shrinkage, prediction errors."""

import numpy as np
import pytest
from tests.stats.simulated import LANGUAGES, TRAININGS, simulated_frame

from xtransfer_stats.stats.celllevel.celldata import cell_data, still_tasks
from xtransfer_stats.stats.celllevel.cellmodel import (
    LANGUAGE,
    LANGUAGE_TASK,
    fit_cell_model,
    fixed_effects,
    variance_table,
)
from xtransfer_stats.stats.celllevel.languages import EffectPredictor, language_rows, shrunken
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.runs import averaged_replicates, score_table


def fitted(**options):
    frame, _ = simulated_frame(**options)
    table = score_table(frame)
    design = detect(averaged_replicates(table).runs, 9)
    data = cell_data(table, design, TRAININGS)
    return fit_cell_model(data, design), data, table


@pytest.fixture(scope="module")
def study():
    return fitted(seeds=5, counts=(3,), languages=LANGUAGES[:5])


def test_recovers_the_variances_it_was_simulated_with():
    model, data, _ = fitted(seeds=16, counts=(3,), deviations={"run_training": 1.0, "set": 0.0, "set_task": 0.0})
    table = variance_table(model, data).set_index("component")
    assert table.loc["run:fine_tuning", "sd"] == pytest.approx(1.0, abs=0.2)
    assert table.loc["residual: xnli", "sd"] == pytest.approx(0.8, abs=0.05)
    assert table.loc["language", "sd"] == pytest.approx(0.4, abs=0.3)
    assert table["share"].sum() == pytest.approx(1)


def test_formula_names_every_term(study):
    model, _, _ = study
    for part in ("(1 | seed:target_task)", "(1 | run:fine_tuning)", "(0 + count || language:target_task)"):
        assert part in model.formula


def test_seed_and_run_terms_stay_when_their_variance_is_zero():
    nothing = dict.fromkeys(("seed", "seed_task", "set", "set_task", "run", "run_training"), 0.0)
    model, data, _ = fitted(seeds=3, languages=LANGUAGES[:4], deviations=nothing)
    table = variance_table(model, data)
    assert {"seed:target_task", "task_set:target_task", "run:fine_tuning"} <= set(table["component"])
    assert "boundary" in set(table["state"])
    assert "estimated as zero" in " ".join(table["note"])


def test_language_slopes_are_dropped_by_name_where_there_are_too_few():
    frame, _ = simulated_frame(seeds=3, languages=LANGUAGES[:4])
    frame = frame[frame["language"].isin(LANGUAGES[:2]) & frame["target_task"].isin(["xnli", "panx"])]
    table = score_table(frame)
    design = detect(averaged_replicates(table).runs, 9)
    model = fit_cell_model(cell_data(table, design, None), design)
    assert any(note.startswith(f"{LANGUAGE} slopes left out: 2 languages") for note in model.notes)
    assert LANGUAGE not in [term.group for term in model.fit.terms]


def test_language_by_task_slopes_go_first():
    frame, _ = simulated_frame(seeds=3, languages=LANGUAGES[:4])
    table = score_table(frame[frame["target_task"] == "panx"])
    design = detect(averaged_replicates(table).runs, 9)
    model = fit_cell_model(cell_data(table, design, None), design)
    groups = [term.group for term in model.fit.terms]
    assert LANGUAGE in groups
    assert LANGUAGE_TASK not in groups
    assert any(LANGUAGE_TASK in note for note in model.notes)


def test_one_set_a_count_drops_the_set_term_and_says_so():
    frame, _ = simulated_frame(seeds=3, languages=LANGUAGES[:4])
    treated = frame["n_tasks"] == 3
    frame.loc[treated, "task_set"] = "mnli+qqp+squad1"
    table = score_table(frame)
    design = detect(averaged_replicates(table).runs, 9)
    model = fit_cell_model(cell_data(table, design, None), design)
    assert any("these sets only" in note for note in model.notes)
    assert not any("task_set" in term.group for term in model.fit.terms)


def test_predicted_effects_are_the_blups_of_the_fit(study):
    model, data, _ = study
    predictor = EffectPredictor(model, data)
    moments = predictor.moments(3, [[cell] for cell in data.cells], 10)
    slopes = {t.group: (t, model.fit.random_effects(i)) for i, t in enumerate(model.fit.terms)}
    for j, (task, _) in enumerate(data.cells):
        expected = model.fit.beta[len(data.cells) + model.columns.index((3, task))]
        for group in (LANGUAGE, LANGUAGE_TASK):
            term, effects = slopes[group]
            expected += effects[term.codes[j], 0]
        assert moments.estimate[j] == pytest.approx(expected, abs=1e-6)


def test_fixed_contrasts_have_the_errors_of_the_fit(study):
    """A row without random weights must give the fit's own covariance of the fixed effects."""
    model, data, _ = study
    predictor = EffectPredictor(model, data)._predictor
    fixed = np.eye(len(model.fit.beta))[-1]
    _, error = predictor.predict(predictor.combination(fixed, {})[None])
    assert error[0] == pytest.approx(np.sqrt(model.fit.cov_beta[-1, -1]), rel=1e-6)


def test_languages_are_drawn_towards_their_mean(study):
    model, data, table = study
    rows = language_rows(EffectPredictor(model, data), data, {3: 10}, 0.05)
    shrunk = {row["language"]: row["estimate"] for row in rows}
    counts = table.runs["n_tasks"].to_numpy()
    raw = table.scores[counts == 3].mean(axis=0) - table.scores[counts == 0].mean(axis=0)
    task = table.cells.get_level_values("target_task")
    deviation = raw - np.array([raw[task == name].mean() for name in task])
    language = table.cells.get_level_values("language")
    means = {name: raw[language == name].mean() - deviation[language == name].mean() for name in shrunk}
    for name, value in shrunk.items():
        full = deviation[language == name].mean()
        assert abs(value - means[name]) <= abs(full) + 0.15


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


def test_fixed_effects_have_full_rank(study):
    _, data, _ = study
    X, names = fixed_effects(data)
    assert np.linalg.matrix_rank(X) == len(names)
