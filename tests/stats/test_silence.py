"""Nothing is said where nothing is to be said: studies of one or two seeds and of scores that never vary."""

import warnings

import numpy as np
import pytest
from tests.stats.simulated import TRAININGS, simulated_frame

from xtransfer_stats.stats.analysis import AnalysisRequest, analyze
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.signflip import attainability_note

REST = "rest on the normal distribution"


def analysis(seeds, constant, **layout):
    frame, benchmarks = simulated_frame(seeds, (3,), **layout)
    if constant:
        frame = frame.assign(score=frame["score"].where(frame["score"].isna(), 50.0))
    return analyze(StudyScores(frame, benchmarks, trainings=TRAININGS), AnalysisRequest(margin=1.0))


@pytest.mark.parametrize("layout", [{}, {"cross": 3}])
def test_no_warning_from_scores_that_seeds_alone_tell_apart(layout):
    frame, benchmarks = simulated_frame(5, (3,), **layout)
    frame = frame.assign(score=(40.1 + 0.7 * frame["seed"]).where(frame["score"].notna()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = analyze(StudyScores(frame, benchmarks, trainings=TRAININGS))
    assert found.results.loc[found.results["term"] == "interaction", "estimate"].abs().max() < 1e-9


@pytest.mark.parametrize("layout", [{}, {"cross": 3}])
@pytest.mark.parametrize("constant", [False, True])
@pytest.mark.parametrize("seeds", [1, 2, 5])
def test_no_warning_from_few_seeds_or_scores_that_never_vary(seeds, constant, layout):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_equal(np.isfinite(analysis(seeds, constant, **layout).results["estimate"]).any(), True)


def test_one_seed_and_constant_scores_have_no_word_on_p_values_that_are_not_there():
    assert not any("sign-flip" in note for note in analysis(1, False).notes)
    assert not any(REST in note for note in analysis(5, True).notes)
    assert any(REST in note for note in analysis(5, False).notes)


def test_no_word_where_no_p_is_smaller_than_the_seeds_attain():
    assert REST in attainability_note(5, 3, 0.05, smallest=0.01)
    assert REST not in attainability_note(5, 3, 0.05, smallest=0.0625)
    assert REST not in attainability_note(1, 3, 0.05, smallest=float("nan"))
