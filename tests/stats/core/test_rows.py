"""Names of rows: made from what a row is, one each, the same every time."""

import re

import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import TRAININGS, analyzed, simulated_frame

from xtransfer_stats.stats.core.rows import TABLES, row_id, with_ids

LANGUAGES = ("de", "sw")
OPTIONS = {
    "trainings": TRAININGS,
    "own_data": {"xnli": frozenset(["mnli"])},
    "labels": {"group": {"xnli": "sentence pairs", "pawsx": "sentence pairs", "panx": "tagging"}},
}


def analysed(frame, benchmarks, **options):
    return analyzed(frame, benchmarks, **OPTIONS, **options)


@pytest.fixture(scope="module")
def analysis():
    frame, benchmarks = simulated_frame(seeds=3, counts=(3, 9), languages=LANGUAGES)
    return analysed(frame, benchmarks, margin=1.0, contrasts=("trend @ task xnli", "interaction(3)", "interaction(3)"))


def test_no_two_rows_of_a_table_share_a_name(analysis):
    assert len(analysis.results) > 100
    tables = (analysis.results, analysis.terms, analysis.variance, analysis.diagnostics.influence)
    for table in (*tables, analysis.diagnostics.convergence):
        assert table["id"].is_unique
    everything = pd.concat([table["id"] for table in tables])
    assert everything.is_unique
    assert all(re.fullmatch("[a-z][a-z2-7]{7}", name) for name in everything)


def test_names_of_a_crossed_study_are_unique():
    frame, benchmarks = simulated_frame(seeds=2, counts=(3, 9), cross=2, baselines=2, languages=LANGUAGES)
    assert analysed(frame, benchmarks, margin=1.0).results["id"].is_unique


def test_more_seeds_and_other_scores_leave_the_names(analysis):
    frame, benchmarks = simulated_frame(seeds=4, counts=(3, 9), languages=LANGUAGES, rng_seed=3)
    other = analysed(frame.sample(frac=1, random_state=1), benchmarks).results
    keys = ["term", "contrast", "scope"]
    both = analysis.results.merge(other, on=keys, suffixes=("", "_other"))
    assert len(both) == len(other)
    assert (both["id"] == both["id_other"]).all()


def test_a_name_depends_on_every_key_and_on_no_number():
    row = {"term": "effect", "contrast": "effect(3) @ a", "scope": "these", "n_tasks": 3, "benchmark": "a"}
    same = [row | {"estimate": 1.0, "p_value": 0.5}, row | {"n_tasks": np.float64(3)}, row | {"language": ""}]
    assert {row_id(one) for one in same} == {row_id(row)}
    others = [{"scope": "such"}, {"n_tasks": 5}, {"n_tasks": float("nan")}, {"language": "de"}, {"benchmark": "b"}]
    assert len({row_id(row | other) for other in others} | {row_id(row)}) == len(others) + 1


def test_a_cell_without_a_score_is_named_as_a_score():
    frame, benchmarks = simulated_frame(seeds=3, counts=(3,), languages=LANGUAGES)
    gone = (frame["target_task"] == "xnli") & (frame["language"] == "de") & (frame["seed"] == 1)
    frame.loc[gone, ["score", "status"]] = [float("nan"), "missing"]
    missing = analyzed(frame, benchmarks, trainings=TRAININGS).missing
    assert set(missing["id"]) == {f"{run}:xnli:de" for run in frame.loc[gone, "run"]}


def test_an_empty_table_gets_an_empty_column():
    for name, (_, keys) in TABLES.items():
        assert list(with_ids(pd.DataFrame(columns=list(keys)), name)["id"]) == []
