"""The designs decide whether studies are paired, and the sentence says why."""

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.stats.comparison.pairing import paired_chains, pairing
from xtransfer_stats.stats.core.runs import ScoreTable

CELLS = pd.MultiIndex.from_tuples([("xnli", "de")], names=["target_task", "language"])


def chains(*rows) -> ScoreTable:
    """Chains (seed, count, set), the score being the row's number."""
    runs = pd.DataFrame(rows, columns=["seed", "n_tasks", "task_set"]).assign(replicate=0, replicates=1)
    return ScoreTable(runs, CELLS, np.arange(float(len(rows)))[:, None])


def study(seeds, named="{}") -> ScoreTable:
    return chains(*((s, k, named.format(s) if k else "") for s in seeds for k in (0, 3)))


def test_the_same_seeds_and_sets_are_paired():
    how = pairing(study(range(5)), study(range(5)))
    assert how.paired and how.notes == ()
    assert how.sentence.startswith("Paired by seed: both studies ran seeds 0-4 on the same task sets")


def test_independence_can_be_asked_for():
    how = pairing(study(range(5)), study(range(5)), independent=True)
    assert not how.paired and "as asked" in how.sentence


def test_other_seeds_are_independent():
    how = pairing(study([0, 1, 2]), study([3, 4]))
    assert not how.paired and how.notes == ()
    assert "the seeds differ (A: seeds 0-2; B: seeds 3, 4)" in how.sentence


def test_seeds_that_overlap_in_part_are_independent_and_the_shared_ones_named():
    how = pairing(study([0, 1, 2]), study([2, 3, 4]))
    assert not how.paired
    assert how.notes == ("Both studies ran seed 2: what these share makes the error of the difference too large.",)


def test_the_same_names_of_seeds_with_other_sets_are_independent():
    how = pairing(study(range(3)), study(range(3), "other{}"))
    assert not how.paired
    assert "other task sets (first: seed 0 at 3 tasks)" in how.sentence


def test_a_study_with_more_seeds_is_paired_on_the_shared_ones_and_the_others_are_named():
    a, b = study(range(3)), study(range(4))
    how = pairing(a, b)
    assert how.paired
    assert how.notes == ("Runs of B without a pair, left out (--unpaired uses them): seed 3.",)
    first, second = paired_chains(a, b)
    assert first.runs["seed"].tolist() == second.runs["seed"].tolist() == [0, 0, 1, 1, 2, 2]
    assert second.scores.ravel().tolist() == [0, 1, 2, 3, 4, 5]


def test_pairs_are_matched_by_name_whatever_the_order():
    a, b = study(range(3)), study([2, 0, 1])
    first, second = paired_chains(a, b)
    keys = ["seed", "n_tasks", "task_set"]
    assert first.runs[keys].to_numpy().tolist() == second.runs[keys].to_numpy().tolist()
    assert second.scores.ravel().tolist() == [2, 3, 4, 5, 0, 1]


@pytest.mark.parametrize("lost", [0, 3])
def test_a_count_without_any_pair_makes_the_studies_independent(lost):
    a = chains((0, 0, ""), (0, 3, "0"), (1, 3 - lost, "" if lost else "1"), (1, lost, "1" if lost else ""))
    b = chains(*((s, k, f"{s}" if k else "") for s, k in ((0, 3 - lost), (1, 3 - lost))))
    assert not pairing(a, b).paired


def test_some_of_the_sets_of_a_seed_are_no_contradiction():
    a = chains((0, 0, ""), (0, 3, "x"), (0, 3, "y"), (1, 0, ""), (1, 3, "x"), (1, 3, "y"))
    b = chains((0, 0, ""), (0, 3, "x"), (1, 0, ""), (1, 3, "x"))
    how = pairing(a, b)
    assert how.paired
    assert "Runs of A without a pair, left out (--unpaired uses them): seed 0 y, seed 1 y." in how.notes
