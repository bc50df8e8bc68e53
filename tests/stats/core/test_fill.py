"""Scores that are missing are filled from their run and language; what cannot be is left out by name."""

import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import FIRST, SECOND, analyzed, simulated_frame

from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.fill import additive, fillable, filled

LANGUAGES = ("de", "fr", "sw", "tr")


@pytest.fixture(scope="module")
def study():
    return simulated_frame(seeds=5, languages=LANGUAGES)


def lost(frame, **where):
    """The frame without the scores of these rows."""
    here = np.logical_and.reduce([frame[name].isin(np.atleast_1d(value)) for name, value in where.items()])
    return frame.assign(score=frame["score"].mask(here), status=frame["status"].mask(here, "failed"))


def contrast(analysis, name):
    return analysis.results[analysis.results["scope"] == "these"].set_index("contrast").loc[name]


def test_an_additive_table_is_filled_exactly():
    whole = np.add.outer([1.0, 4.0, 2.5], [10.0, 30.0, 20.0, 5.0])
    gaps = whole.copy()
    gaps[[0, 1, 2, 2], [1, 3, 0, 3]] = np.nan
    assert additive(gaps) == pytest.approx(whole)


def test_a_fill_is_the_least_squares_fit_of_run_and_language():
    rng = np.random.default_rng(3)
    block = rng.normal(50, 5, (5, 6))
    gaps = np.where(rng.random(block.shape) < 0.3, np.nan, block)
    rows, columns = np.nonzero(~np.isnan(gaps))
    design = np.zeros((len(rows), 11))
    design[np.arange(len(rows)), rows], design[np.arange(len(rows)), 5 + columns] = 1, 1
    effects = np.linalg.lstsq(design, gaps[rows, columns], rcond=None)[0]
    assert additive(gaps) == pytest.approx(np.where(np.isnan(gaps), np.add.outer(effects[:5], effects[5:]), gaps))


def test_each_target_task_and_count_is_filled_by_itself():
    scores = np.arange(24.0).reshape(4, 6) ** 2
    tasks, counts = np.array(list("aaabbb")), np.array([0, 0, 3, 3])
    gaps = scores.copy()
    gaps[0, 1] = gaps[3, 4] = np.nan
    whole = filled(gaps, tasks, counts)
    assert whole[:2, :3] == pytest.approx(additive(gaps[:2, :3]))
    assert whole[2:, 3:] == pytest.approx(additive(gaps[2:, 3:]))
    assert np.array_equal(whole[~np.isnan(gaps)], scores[~np.isnan(gaps)])


def test_cells_that_nothing_links_to_the_other_runs_go():
    # Runs 0 and 1 share no language with runs 2 and 3: the two halves have no common level.
    empty = np.ones((4, 5), dtype=bool)
    empty[:2, :2] = empty[2:, 2:] = False
    runs, cells, _ = fillable(empty, np.array(["a"] * 5), np.zeros(4, dtype=int))
    assert runs.tolist() == [False, False, True, True]
    assert cells.tolist() == [False, False, True, True, True]


def test_a_missing_score_costs_no_cell(study):
    frame, benchmarks = study
    analysis = analyzed(lost(frame, target_task="panx", language="de", seed=2, n_tasks=3), benchmarks)
    whole = analyzed(frame, benchmarks)
    assert len(analysis.cells) == len(whole.cells)
    (missing,) = analysis.missing.itertuples()
    assert (missing.target_task, missing.language, missing.reason, missing.handling) == (
        "panx", "de", "failed", "filled"
    )  # fmt: skip
    assert np.isfinite(missing.effect_of_dropping)
    said = f"1 of {len(whole.cells)} scores is missing and was filled"
    assert any(note.startswith(said) for note in analysis.notes)
    moved = contrast(analysis, "interaction(3)").estimate - contrast(whole, "interaction(3)").estimate
    assert 0 < abs(moved) < 0.1


def test_filled_scores_stay_known_and_the_others_untouched(study):
    frame, benchmarks = study
    table = complete_scores(lost(frame, target_task="panx", language="de", seed=2, n_tasks=3), benchmarks).table
    whole = complete_scores(frame, benchmarks).table
    (run,), (cell,) = np.nonzero(table.filled)
    assert table.cells[cell] == ("panx", "de")
    assert (table.runs["seed"].iloc[run], table.runs["n_tasks"].iloc[run]) == (2, 3)
    assert np.array_equal(table.scores[~table.filled], whole.scores[~table.filled])
    assert whole.filled is None


def test_dropping_what_is_filled_gives_the_effect_that_is_printed(study):
    frame, benchmarks = study
    gone = lost(frame, target_task="panx", language="de", seed=2, n_tasks=3)
    analysis = analyzed(gone, benchmarks)
    others = frame[~((frame["target_task"] == "panx") & (frame["language"] == "de"))]
    without = contrast(analyzed(others, benchmarks), "interaction(3)").estimate
    change = without - contrast(analysis, "interaction(3)").estimate
    assert analysis.missing["effect_of_dropping"].item() == pytest.approx(change)
    assert any(f"changes an interaction by at most {change:+.2f} points" in note for note in analysis.notes)


def test_many_missing_scores_are_one_sentence(study):
    frame, benchmarks = study
    rng = np.random.default_rng(0)
    keys = frame[["run", "target_task", "language"]].drop_duplicates()
    picked = keys[rng.random(len(keys)) < 0.1]
    here = pd.MultiIndex.from_frame(frame[list(keys)]).isin(pd.MultiIndex.from_frame(picked))
    analysis = analyzed(
        frame.assign(score=frame["score"].mask(here), status=frame["status"].mask(here, "failed")), benchmarks
    )
    assert len(analysis.missing) == len(picked)
    about = [note for note in analysis.notes if "missing" in note or "left out" in note]
    assert len(about) == 1
    assert about[0].startswith(f"{len(picked)} of ")


def test_a_cell_that_no_run_of_a_count_has_goes_by_name(study):
    frame, benchmarks = study
    analysis = analyzed(lost(frame, target_task="panx", language="de", n_tasks=0), benchmarks)
    assert set(analysis.missing["handling"]) == {"cell left out"}
    assert any("too few runs" in note and "panx (de)" in note for note in analysis.notes)
    assert not ((analysis.cells["target_task"] == "panx") & (analysis.cells["language"] == "de")).any()


def test_a_run_that_lacks_a_whole_target_task_is_left_out_not_the_task(study):
    frame, benchmarks = study
    analysis = analyzed(lost(frame, target_task="xquad", seed=4, n_tasks=3), benchmarks)
    assert "xquad" in set(analysis.cells["target_task"])
    assert contrast(analysis, "interaction(3)").df == 3
    assert set(analysis.missing["handling"]) == {"run left out"}
    assert any("lack a whole target task" in note and "s4-k3" in note for note in analysis.notes)


def test_a_dropped_task_is_named_as_dropped_only(study):
    frame, benchmarks = study
    analysis = analyzed(lost(frame, target_task="pawsx", n_tasks=3), benchmarks)
    (average,) = (note for note in analysis.notes if "in this study is the average of" in note and FIRST in note)
    assert "without pawsx" in average
    assert "pawsx (" not in average


def test_a_benchmark_that_lost_a_task_does_not_bear_its_name(study):
    frame, benchmarks = study
    analysis = analyzed(lost(frame, target_task="pawsx", n_tasks=3), benchmarks)
    part = f"part-of-{FIRST}"
    assert analysis.facts.benchmarks == (part, SECOND)
    assert analysis.facts.official == (FIRST, SECOND)
    contrasts = set(analysis.results["contrast"])
    assert f"effect(3) @ {part}" in contrasts
    assert f"effect(3) @ {FIRST}" not in contrasts
    assert part in analysis.answer
    assert any(note.startswith(f"{FIRST} is not reported: 80 % of its weight") for note in analysis.notes)


def test_a_benchmark_that_lost_a_language_keeps_its_name(study):
    frame, benchmarks = study
    analysis = analyzed(lost(frame, target_task="panx", language="de", n_tasks=3), benchmarks)
    assert analysis.facts.benchmarks == (FIRST, SECOND)


def test_a_benchmark_refused_by_name_can_be_asked_for_by_its_part(study):
    frame, benchmarks = study
    analysis = analyzed(
        lost(frame, target_task="pawsx", n_tasks=3), benchmarks, contrasts=(f"effect(3) @ part-of-{FIRST}",)
    )
    assert f"effect(3) @ part-of-{FIRST}" in set(analysis.results.query("term == 'contrast'")["contrast"])
