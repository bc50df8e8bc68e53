"""One score: its metrics, its weight in the averages, and what is wrong with an id."""

from dataclasses import replace

import pytest
from tests.stats.simulated import simulated_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.verbs.trace.beside import is_score, trace_score

RUN = "s1-k0--r0"


@pytest.fixture(scope="module")
def scores():
    return StudyScores(*simulated_frame(seeds=3, counts=(3,), languages=("de", "es", "sw")))


def test_an_answer_is_the_mean_of_its_metrics(scores):
    found = trace_score(f"{RUN}:xquad:de", scores)
    assert set(found.metrics) == {"exact_match", "f1"}
    assert found.score == pytest.approx(sum(found.metrics.values()) / 2)
    assert found.facts["seed"] == 1
    assert found.enters == "enters the analysis"


def test_its_weights_are_those_of_the_averages(scores):
    tasks = scores.benchmarks["xtreme-mini"]
    found = trace_score(f"{RUN}:xnli:de", scores)
    assert found.weights["xtreme-mini"] == pytest.approx(1 / (len(tasks) * len(tasks["xnli"])))
    assert trace_score(f"{RUN}:pawsx:de", scores).weights["xtreme-r-mini"] == 0


def without_score(scores, seeds=None):
    """The scores without the baselines' on German XNLI, of some seeds or all."""
    frame = scores.frame
    seeds = frame["seed"].unique() if seeds is None else seeds
    here = frame["seed"].isin(seeds) & (frame["n_tasks"] == 0)
    gone = here & (frame["target_task"] == "xnli") & (frame["language"] == "de")
    kept = frame.assign(score=frame["score"].mask(gone), status=frame["status"].mask(gone, "missing"))
    return replace(scores, frame=kept)


def test_a_cell_that_no_run_of_a_count_has_is_said_to_be_left_out(scores):
    found = trace_score(f"{RUN}:xnli:de", without_score(scores))
    assert found.weights == {}
    assert "too few scores of its cell" in found.enters


def test_a_missing_score_is_said_to_be_filled(scores):
    found = trace_score(f"{RUN}:xnli:de", without_score(scores, [1]))
    assert found.weights["xtreme-mini"] > 0
    assert found.enters.startswith("is filled in the analysis")


def test_a_run_may_have_a_colon_in_its_name(scores):
    renamed = replace(scores, frame=scores.frame.assign(run="a:" + scores.frame["run"]))
    assert trace_score(f"a:{RUN}:xnli:de", renamed).run == f"a:{RUN}"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("s1-k0--r9:xnli:de", r"no run 's1-k0--r9' here: did you mean 's1-k0--r0'"),
        (f"{RUN}:xnly:de", "no target_task 'xnly' here: did you mean 'xnli'"),
        (f"{RUN}:xnli:xx", "no language 'xx' here: .*There are de, es, sw. A score's id is run:target_task:language"),
    ],
)
def test_a_part_that_is_not_there_is_named(scores, name, told):
    assert is_score(name)
    with pytest.raises(DataError, match=told):
        trace_score(name, scores)


def test_a_rows_id_is_no_scores():
    assert not is_score("ruuayt7a")
