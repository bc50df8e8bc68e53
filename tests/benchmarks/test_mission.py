"""The mission-size study: what its frame holds, and how the stages of a command are counted."""

import pytest

from benchmarks import mission
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.verbs.scores import read_scores


@pytest.fixture(scope="module")
def frame():
    return mission.mission_frame(3)


def test_the_frame_is_the_mission_whole(frame):
    scores = read_scores(frame, benchmarks=mission.PAIR)
    complete = complete_scores(scores.frame, scores.benchmarks)
    assert len(complete.table.runs) == 12 and len(complete.cells) == 250 and len(frame) == 12 * 278
    assert complete.cells.get_level_values("target_task").nunique() == 13
    assert complete.design.layout is Layout.NESTED and complete.design.counts == (3, 5, 9)
    assert complete.notes == () and complete.kept.lost.empty


def test_question_answering_has_two_metrics_that_average_to_the_cell(frame):
    cells = frame.groupby(["run", "target_task", "language"])["score"].agg(["size", "mean"])
    double = set(cells[cells["size"] == 2].index.get_level_values("target_task"))
    assert double == {"xquad", "mlqa", "tydiqa"}
    assert frame["score"].between(0, 100).all() and 40 < cells["mean"].mean() < 80


def test_the_same_seeds_give_the_same_frame(frame):
    assert mission.mission_frame(3).equals(frame)
    assert not mission.mission_frame(3, root=1)["score"].equals(frame["score"])


def test_stages_sum_to_the_whole_and_name_what_comes_first():
    marks = [("start", 1.0, 10), ("analysis", 1.5, 20), ("scores", 2.0, 30), ("output", 4.0, 30)]
    marks += [("report", 4.0, 30), ("output", 7.0, 50), ("end", 7.5, 50)]
    told = mission.stages(marks)
    expected = {"imports": 1.5, "reading": 0.5, "scores": 2.0, "output": 0.5, "report": 3.0}
    assert {name: seconds for name, (seconds, _) in told.items()} == expected
    assert told["imports"][1] == 20 and told["report"][1] == 50
    assert sum(seconds for seconds, _ in told.values()) == marks[-1][1]


def test_lme4_gets_a_row_a_cell(frame):
    rows = mission.lme4_rows(frame)
    assert len(rows) == 12 * 250 and set(rows["count"]) == {"c0", "c3", "c5", "c9"}
    assert (rows["task_set"] == "none").sum() == 3 * 250 and rows["sampled"].sum() == 6 * 250
    assert {name for name in rows if name in mission.LME4} >= {"cell", "tuned", "sampled", "task_set", "score"}


def test_a_page_without_the_marks_is_left_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("a\n")
    with pytest.raises(ValueError, match="lacks the marks"):
        mission.write(page, "new")
    page.write_text(f"a\n{mission.MARKS[0]}\nold\n{mission.MARKS[1]}\nb\n")
    mission.write(page, "new")
    assert page.read_text() == f"a\n{mission.MARKS[0]}\n\nnew\n\n{mission.MARKS[1]}\nb\n"
