"""The luck of a run that its languages share: a formula that leaves it out is told so, with both answers."""

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.verbs.fit import fit

RIGHT = "score ~ condition + (1 | seed/condition) + (1 | language)"
WRONG = "score ~ condition + (1 | seed) + (1 | language)"


def runs(rng, run_sd=1.0):
    level = rng.normal(0, 8, 20)
    rows = []
    for seed in range(5):
        luck = rng.normal(0, 0.7)
        for condition in ("base", "new"):
            run = rng.normal(0, run_sd)
            scores = 70 + level + luck + run + rng.normal(0, 1, 20)
            rows += [(seed, condition, f"l{i:02}", score) for i, score in enumerate(scores)]
    return pd.DataFrame(rows, columns=["seed", "condition", "language", "score"])


@pytest.fixture(scope="module")
def table():
    return runs(np.random.default_rng(3))


def test_the_term_is_named_with_both_answers(table):
    (one,) = fit(WRONG, table).report["left_out"]
    assert one["holds"] == "(1 | seed:condition)"
    right = next(row for row in fit(RIGHT, table).report["terms"] if row["term"] == "condition")
    assert (one["p_value_with"], one["df_with"]) == pytest.approx((right["p_value"], right["df"]), rel=1e-5)
    assert one["df"] > 100 > 5 > one["df_with"]


@pytest.mark.parametrize(
    "formula", [RIGHT, "score ~ condition + (1 + condition | seed) + (1 | language)", "score ~ condition + (1 | run)"]
)
def test_a_formula_that_holds_it_is_not_told(table, formula):
    named = table.assign(run=table["seed"].astype(str) + table["condition"])
    assert fit(formula, named).report["left_out"] == []


def test_strict_refuses(table):
    with pytest.raises(FitError, match="rows share luck that no random term holds"):
        fit(WRONG, table, strict=True)
    assert fit(RIGHT, table, strict=True).report["left_out"] == []


def test_where_runs_have_no_luck_of_their_own_often_nothing_is_said():
    rng = np.random.default_rng(8)
    told = sum(bool(fit(WRONG, runs(rng, run_sd=0.0)).report["left_out"]) for _ in range(20))
    assert told <= 15  # half of the estimated variances are above zero by chance, and so halve the df


def test_names_that_need_backticks(table):
    renamed = table.rename(columns={"condition": "the method"})
    report = fit("score ~ `the method` + (1 | seed) + (1 | language)", renamed).report
    assert report["left_out"][0]["holds"] == "(1 | seed:`the method`)"
