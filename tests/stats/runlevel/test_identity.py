"""The sensitivity to additive task effects: against dense algebra, with a planted task, and where there is none."""

import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.membership import shared_term
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.estimands import gap_weights
from xtransfer_stats.stats.runlevel.identity import identity_results


@pytest.fixture(scope="module")
def prepared():
    frame, benchmarks = simulated_frame(6, (3, 5, 9), rng_seed=3)
    planted = frame["task_set"].str.contains("mnli") & frame["target_task"].isin(["pawsx"])
    return complete_scores(frame.assign(score=frame["score"] - 25 * planted / frame["n_tasks"].clip(1)), benchmarks)


def test_the_planted_task_stands_out(prepared):
    rows = pd.DataFrame(identity_results(prepared, 0.05).rows)
    parts = rows[rows["term"] == "task identity"].set_index("contrast")["estimate"]
    assert len(parts) == 9
    assert parts.idxmax() == "interaction, part of mnli"
    assert parts.sum() == pytest.approx(0, abs=1e-8)
    assert rows.loc[rows["term"] == "task identity", "p_value"].isna().all()


def test_interactions_solve_the_mixed_model_equations(prepared):
    """Generalised least squares with the covariance that the estimated variances make."""
    rows = pd.DataFrame(identity_results(prepared, 0.05).rows)
    runs = prepared.chains.runs
    g = prepared.chains.scores @ gap_weights(prepared.benchmarks, prepared.cells)
    table = runs.assign(g=g)
    fit = fit_formula(
        "g ~ 0 + count + (1 | seed) + (1 | mm(task_set))", table.assign(count=runs["n_tasks"].astype(str))
    ).fit
    Z, S = shared_term("s", runs["task_set"]).covariates, pd.get_dummies(runs["seed"]).to_numpy(float)
    V = fit.covariances[0][0, 0] * S @ S.T + fit.covariances[1][0, 0] * Z @ Z.T
    W = np.linalg.inv(V + fit.residual_variance * np.eye(len(g)))
    X = pd.get_dummies(runs["n_tasks"]).to_numpy(float)
    beta = np.linalg.solve(X.T @ W @ X, X.T @ W @ g)
    found = rows[rows["term"] == "additive tasks"]["estimate"].to_numpy()
    assert found == pytest.approx(beta[1:] - beta[0], rel=1e-6)


def test_nothing_where_sets_are_not_sampled():
    frame, benchmarks = simulated_frame(3, (9,))
    assert identity_results(complete_scores(frame, benchmarks), 0.05).rows == ()


def test_rows_stand_in_the_result_frame_uncorrected():
    frame, benchmarks = simulated_frame(4, (3,))
    results = analyzed(frame, benchmarks).results
    rows = results[results["term"] == "additive tasks"]
    assert list(rows["contrast"]) == ["interaction(3) with additive tasks"]
    assert rows["p_adjusted"].isna().all()
