"""What is compared with what, what is said of it, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests
from tests.stats.comparison.studies import alike, apart
from tests.stats.simulated import FIRST, SECOND, simulated_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.comparison.compare import compare


def test_a_study_is_not_compared_with_itself():
    a, _ = alike()
    renamed = replace(a, frame=a.frame.assign(study="copy"))
    with pytest.raises(DataError, match="not compared with itself"):
        compare(a, renamed)
    with pytest.raises(DataError, match="or a part of it"):
        compare(replace(renamed, frame=renamed.frame[renamed.frame["seed"] < 3]), a)


def test_the_signatures_name_each_studys_own_method():
    a, _ = alike(counts=(3,))
    frame, benchmarks = simulated_frame(seeds=4, counts=(3,), cross=3, rng_seed=3)
    found = compare(a, replace(a, name="crossed", frame=frame, benchmarks=benchmarks))
    assert not found.paired
    assert "df:seed-paired-t" in found.a.signature and "df:mean-squares,-Satterthwaite-df" in found.b.signature


def test_what_is_wrong_with_one_study_is_said_of_that_study():
    a, b = alike(counts=(3,))
    with pytest.raises(DataError, match="study second: column n_tasks: only baseline rows"):
        compare(a, replace(b, frame=b.frame[b.frame["n_tasks"] == 0]))


def test_other_benchmarks_and_protocols_are_refused():
    a, b = alike(counts=(3,))
    swapped = dict(reversed(b.benchmarks.items()))
    with pytest.raises(DataError, match="compare two studies of the same ones"):
        compare(a, replace(b, benchmarks=swapped))
    without = {name: {task: x for task, x in part.items() if task != "xcopa"} for name, part in b.benchmarks.items()}
    fewer = b.frame[b.frame["target_task"] != "xcopa"]
    with pytest.raises(DataError, match=r"other protocols of xtreme-r-mini \(xcopa\)"):
        compare(a, replace(b, frame=fewer, benchmarks=without))


def test_another_metric_is_refused():
    a, b = alike(counts=(3,))
    other = b.frame.assign(metric=b.frame["metric"].mask(b.frame["target_task"] == "xnli", "f1"))
    with pytest.raises(DataError, match="xnli has accuracy in A and f1 in B"):
        compare(a, replace(b, frame=other))


def test_no_common_task_count_is_refused():
    (a, _), (_, b) = apart(counts=(3,)), apart(counts=(5,))
    with pytest.raises(DataError, match=r"no task count is in both studies \(A: 3 and B: 5\)"):
        compare(a, b)


def test_cells_and_counts_of_one_study_are_left_out_by_name():
    (a, b), (_, longer) = alike(counts=(3,)), apart(counts=(3, 9))
    gone = (b.frame["target_task"] == "xnli") & b.frame["language"].isin(["de", "fr"])
    found = compare(a, replace(b, frame=b.frame[~gone]))
    assert "Cells of A alone, left out: xnli (de, fr)." in found.notes
    assert found.n_cells == len(set(zip(a.frame["target_task"], a.frame["language"], strict=True))) - 2
    # A's own numbers stand on the cells of both, so that the columns subtract.
    sides = found.results.pivot(index=["term", "contrast"], columns="side", values="estimate")
    np.testing.assert_allclose(sides["B"] - sides["A"], sides["B - A"], atol=1e-9)
    assert "Task count 9 is in B alone and left out." in compare(a, longer).notes


def test_other_test_data_are_told():
    a, b = alike(counts=(3,))
    assert not any("test examples" in note for note in compare(a, b).notes)
    fewer = b.frame.assign(n_examples=b.frame["n_examples"].mask(b.frame["target_task"] == "xnli", 500))
    note = next(note for note in compare(a, replace(b, frame=fewer)).notes if "test examples" in note)
    assert note.startswith("6 of 38 common cells") and "(first: xnli in de, 1000 in A and 500 in B)" in note


def test_averages_over_the_common_cells_are_told():
    a, b = alike(counts=(3,))
    found = compare(a, replace(b, frame=b.frame[b.frame["target_task"] != "pawsx"]))
    assert any(
        note.startswith("xtreme-mini in this comparison is the average of xnli") and note.endswith("without pawsx.")
        for note in found.notes
    )


def test_families_are_of_the_differences_and_corrected_each_on_its_own():
    rows = compare(*alike()).results
    own, differences = rows[rows["side"] != "B - A"], rows[rows["side"] == "B - A"]
    assert own["p_adjusted"].isna().all() and (own["family"] == "").all()
    sizes = {"primary": 6, "target tasks": 12, "languages": 20, "": 8}  # uncorrected: 2 steps, 6 levels
    assert differences["family"].value_counts().to_dict() == sizes
    for family, method in (("primary", "holm"), ("target tasks", "fdr_bh"), ("languages", "fdr_bh")):
        part = differences[differences["family"] == family]
        expected = multipletests(part["p_value"], method=method)[1]
        np.testing.assert_allclose(part["p_adjusted"], expected)
    assert set(differences.loc[differences["family"] == "", "term"]) == {"step", "level"}


def test_shared_baselines_are_told_and_add_no_error():
    a, b = alike(counts=(3,))
    base = a.frame["n_tasks"] == 0
    b.frame.loc[base.to_numpy(), "score"] = a.frame.loc[base, "score"].to_numpy()
    found = compare(a, b)
    assert any(note.startswith("5 runs at task count 0 have the same scores in both studies") for note in found.notes)
    rows = found.results.query("side == 'B - A'").set_index("contrast")
    assert rows.loc["mean(0) @ xtreme-mini", "estimate"] == 0
    effect, level = rows.loc["effect(3) @ xtreme-mini"], rows.loc["mean(3) @ xtreme-mini"]
    assert effect[["estimate", "std_error"]].tolist() == pytest.approx(level[["estimate", "std_error"]].tolist())


def test_what_differs_is_listed():
    a, b = alike()
    b = replace(b, frame=b.frame.assign(backbone="large"), settings={"target.steps": "9", "same": "x"})
    a = replace(a, settings={"target.steps": "5", "same": "x"})
    table = compare(a, b).differs.set_index("fact")
    assert table.loc["backbone"].tolist() == ["e5-small-q4", "large", True]
    assert table.loc["target.steps"].tolist() == ["5", "9", True]
    assert not table.loc["seeds", "differs"]
    assert "same" not in table.index


@pytest.mark.parametrize(
    ("added", "told"),
    [
        (3.0, "second gains more (on xtreme-mini at 3 tasks, on xtreme-r-mini at 3 tasks; corrected p at most "),
        (-3.0, "second gains less (on xtreme-mini at 3 tasks, on xtreme-r-mini at 3 tasks; corrected p at most "),
        (0.0, "It is not shown that second gains more or less from the intermediate tasks than first"),
    ],
)
def test_the_answer_says_who_gains_more(added, told):
    a, _ = alike(counts=(3,))
    rng = np.random.default_rng(5)
    score = a.frame["score"] + rng.normal(0, 0.5, len(a.frame)) + added * (a.frame["n_tasks"] == 3)
    found = compare(a, replace(a, name="second", frame=a.frame.assign(score=score)))
    assert found.answer.startswith(told)
    for name in (FIRST, SECOND):
        row = found.results.query(f"side == 'B - A' and contrast == 'effect(3) @ {name}'").iloc[0]
        assert f"{row['estimate']:+.2f}".replace("-", "−") in found.answer
