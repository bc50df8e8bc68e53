"""Intervals of sds: the profile as lme4's confint, Wald's as the closed form of balanced data and as dense matrices."""

import json

import numpy as np
import pytest
from tests.mixedmodels.mixed_example import Example
from tests.mixedmodels.test_mixed_lme4 import FOLDER, data

from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.sdintervals import profile_sds, wald_sds

QUANTILE = 1.959963984540054


def test_balanced_one_way_layout():
    """Var of a mean square is 2 ms^2 / df: 18 subjects of ten days, their slope fixed (161 df within)."""
    fit = fit_formula("Reaction ~ Days + (1 | Subject)", data("sleepstudy")).fit
    within, variance = float(fit.residual_variance), float(fit.covariances[0][0, 0])
    error = np.sqrt(2 * (within + 10 * variance) ** 2 / 17 + 2 * within**2 / 161) / 10
    subject, residual = wald_sds(fit)
    assert subject[:3] == ("Subject", "Intercept", pytest.approx(np.sqrt(variance)))
    assert np.log(subject[4] / subject[2]) == pytest.approx(QUANTILE * error / (2 * variance), rel=1e-4)
    assert np.log(residual[4] / residual[2]) == pytest.approx(QUANTILE * np.sqrt(2 / 161) / 2, rel=1e-4)


@pytest.mark.parametrize("reml", [True, False])
def test_any_design_in_any_unit(reml):
    example = Example()
    fit = example.fit(reml=reml)
    intervals = wald_sds(fit)
    expected = _dense(example, fit)
    assert [row[2] for row in intervals] == pytest.approx([sd for sd, _ in expected], rel=1e-6)
    assert [np.log(row[4] / row[2]) for row in intervals] == pytest.approx([reach for _, reach in expected], rel=1e-4)


def test_no_interval_at_zero():
    batch, _ = wald_sds(fit_formula("Yield ~ 1 + (1 | Batch)", data("Dyestuff2")).fit)
    assert batch[2] == 0
    assert np.isnan(batch[3:]).all()


def _dense(example: Example, fit) -> list[tuple[float, float]]:
    """(sd, reach of log sd) from n x n matrices of every element of every covariance."""
    parts, values, variances = [], [], []
    for term, Z, covariance in zip(example.terms, example.Z(), fit.covariances, strict=True):
        pieces = np.split(Z, len(term.names), axis=1)
        for a in range(len(pieces)):
            for b in range(a + 1):
                if a != b and not term.correlated:
                    continue
                cross = pieces[a] @ pieces[b].T
                parts.append(cross if a == b else cross + cross.T)
                values.append(covariance[a, b])
                variances.append(a == b)
    parts.append(np.eye(len(example.y)))
    values.append(float(fit.residual_variance))
    variances.append(True)
    inverse = np.linalg.inv(sum(v * part for v, part in zip(values, parts, strict=True)))
    X = example.X
    project = inverse - inverse @ X @ np.linalg.solve(X.T @ inverse @ X, X.T @ inverse) if fit.reml else inverse
    reach = [project @ part for part in parts]
    information = np.array([[np.sum(a * b.T) / 2 for b in reach] for a in reach])
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    return [(np.sqrt(v), QUANTILE * e / (2 * v)) for v, e, yes in zip(values, errors, variances, strict=True) if yes]


MODELS = json.loads((FOLDER / "profile.json").read_text())["models"]


@pytest.mark.parametrize("answer", MODELS, ids=lambda answer: answer["data"])
def test_limits_of_lme4(answer):
    name = answer["data"]
    rows = profile_sds(fit_formula(answer["formula"], data(name)).fit)
    assert [low for *_, low, _ in rows] == pytest.approx(answer["low"], rel=1e-3)
    assert [high for *_, high in rows] == pytest.approx(answer["high"], rel=1e-3)
