"""The answer's second sentence: the leave-one-out range, and what turns the verdict."""

import pandas as pd
import pytest
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.stats.core.results import INFLUENCE_COLUMNS
from xtransfer_stats.stats.hanging import hanging

LANGUAGES = ("de", "fr", "sw", "tr")
CARRIED = {"xnli": 0.5, "panx": 0.5, "xquad": 0.5, "pawsx": 0.5, "xcopa": 0.5, "tatoeba": -20.0}


def interaction(count=3, low=5.0, high=11.0, p=0.001):
    return {"term": "interaction", "scope": "these", "n_tasks": count, "estimate": 8.0, "conf_low": low,
            "conf_high": high, "p_value": p}  # fmt: skip


def influence(*rows):
    known = {"change": 0.0, "change_in_se": 0.0, "std_error": 1.0, "p_value": 0.5}
    keys = ("kind", "level", "n_tasks", "estimate", "changes_verdict")
    rows = [known | dict(zip(keys, row, strict=True)) for row in rows]
    return pd.DataFrame([{**row, "change": row["estimate"] - 8.0} for row in rows], columns=list(INFLUENCE_COLUMNS))


def test_a_task_that_carries_the_sign_is_named():
    rows = influence(("target task", "tatoeba", 3, -0.2, True), ("target task", "xnli", 3, 9.0, False))
    assert hanging([interaction()], rows) == (
        "Without one target task at a time it is −0.20 to +9.00 at 3 tasks; its sign and its verdict (uncorrected) "
        "hang on one target task: without tatoeba it is −0.20."
    )


def test_a_language_that_turns_the_verdict_is_named_beside_the_tasks_range():
    rows = influence(("target task", "xnli", 3, 7.0, False), ("language", "de", 3, 4.0, True))
    said = hanging([interaction()], rows)
    assert said.startswith(
        "Without one target task at a time it is +7.00 to +7.00 at 3 tasks; its verdict (uncorrected)"
    )
    assert said.endswith("hangs on one language: without de it is +4.00.")


def test_each_count_has_its_range_and_its_own_turn():
    rows = influence(("target task", "xnli", 3, 7.0, False), ("target task", "xnli", 9, 1.0, True))
    said = hanging([interaction(3), interaction(9)], rows)
    assert "+7.00 to +7.00 at 3 tasks; +1.00 to +1.00 at 9 tasks; at 9 tasks its verdict" in said


def test_where_nothing_turns_that_is_said_and_one_seed_says_nothing_of_verdicts():
    rows = influence(("target task", "xnli", 3, 7.0, False))
    assert hanging([interaction()], rows).endswith("no single target task or language turns its verdict.")
    assert hanging([interaction(p=float("nan"))], rows).endswith("at 3 tasks.")
    assert hanging([interaction()], rows.iloc[:0]) == ""


def test_a_sign_is_not_spoken_of_where_the_study_does_not_tell_it():
    rows = influence(("target task", "xnli", 3, -1.0, True))
    assert "its sign" not in hanging([interaction(low=-1.0)], rows)


@pytest.fixture(scope="module")
def carried():
    frame, benchmarks = simulated_frame(seeds=5, languages=LANGUAGES, task_effects=CARRIED)
    return analyzed(frame, benchmarks)


def test_the_second_sentence_of_the_answer_says_what_it_hangs_on(carried):
    second = carried.answer.split(". ")[1]
    assert second.startswith("Without one target task at a time it is ")
    assert "on one target task: without tatoeba it is" in second


def test_the_range_is_that_of_the_leave_one_out_rows(carried):
    left = carried.results.query("term == 'leave one task out' and benchmark == '' and scope == 'these'")["estimate"]
    assert f"it is {left.min():+.2f} to {left.max():+.2f} at".replace("-", "−") in carried.answer


def test_the_scope_sentence_names_the_checkpoint_and_the_test_examples(carried):
    (note,) = (one for one in carried.notes if one.startswith("Errors generalise over"))
    assert note.startswith(
        "Errors generalise over seeds and drawn task sets. They do not over the pretrained checkpoint"
    )
    assert "test examples" in note
    assert "the one pretrained checkpoint and these test examples" in carried.methods
