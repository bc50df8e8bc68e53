"""What a mixed model's fit must not notice: the order of rows and terms, names of levels, units of the columns."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.resampling.bootstrap import parametric_bootstrap

FORMULA = "score ~ count + (1 + count | language) + (1 | seed)"
few = settings(max_examples=8, deadline=None)


@dataclass(frozen=True)
class Design:
    table: pd.DataFrame

    @classmethod
    def drawn(cls, seed: int) -> "Design":
        rng = np.random.default_rng(seed)
        codes = np.indices((6, 4, 3)).reshape(3, -1)
        codes = codes[:, rng.random(codes.shape[1]) < 0.9]
        count = np.array([0.0, 3.0, 9.0])[codes[2]]
        effects = rng.normal(0, [3, 0.6], (6, 2))[codes[0]]
        noise = effects[:, 0] + effects[:, 1] * count + rng.normal(0, 1.5, 4)[codes[1]]
        score = 50 + 0.4 * count + noise + rng.normal(0, 1, len(count))
        return cls(
            pd.DataFrame({"language": codes[0], "seed": codes[1], "count": count, "score": score}).astype(
                {"language": str, "seed": str}
            )
        )


designs = st.integers(0, 10_000).map(Design.drawn)


def fitted(table: pd.DataFrame, formula: str = FORMULA) -> MixedFit:
    return fit_formula(formula, table).fit


def variances(fit: MixedFit) -> dict[str, np.ndarray]:
    return {term.group: covariance for term, covariance in zip(fit.terms, fit.covariances, strict=True)}


def assert_same(one: MixedFit, two: MixedFit) -> None:
    assert two.criterion == pytest.approx(one.criterion, rel=1e-8)
    assert two.beta == pytest.approx(one.beta, rel=1e-4, abs=1e-5)
    assert two.cov_beta == pytest.approx(one.cov_beta, rel=2e-3, abs=1e-5)
    assert two.residual_variance == pytest.approx(one.residual_variance, rel=1e-3)
    for group, covariance in variances(one).items():
        assert variances(two)[group] == pytest.approx(covariance, rel=1e-2, abs=2e-3)


@few
@given(designs, st.randoms(use_true_random=False))
def test_the_order_of_rows(design, random):
    order = list(range(len(design.table)))
    random.shuffle(order)
    assert_same(fitted(design.table), fitted(design.table.iloc[order]))


@few
@given(designs, st.permutations(list("uvwxyz")))
def test_the_names_of_levels(design, names):
    renamed = design.table.assign(language=design.table["language"].map(dict(zip("012345", names, strict=True))))
    assert_same(fitted(design.table), fitted(renamed))


@few
@given(designs)
def test_the_order_of_random_terms(design):
    assert_same(fitted(design.table), fitted(design.table, "score ~ count + (1 | seed) + (1 + count | language)"))


@few
@given(designs, st.floats(0.01, 100), st.floats(-1e4, 1e4))
def test_scale_and_shift_of_the_response(design, scale, shift):
    """y -> scale y + shift: the REML criterion moves by 2 (n - p) log scale, the rest by powers of scale."""
    one, two = fitted(design.table), fitted(design.table.assign(score=scale * design.table["score"] + shift))
    assert two.criterion == pytest.approx(one.criterion + 2 * (one.n - 2) * np.log(scale), rel=1e-7, abs=1e-6)
    assert two.beta == pytest.approx(scale * one.beta + [shift, 0], rel=1e-4, abs=1e-5 * scale)
    assert two.cov_beta == pytest.approx(scale**2 * one.cov_beta, rel=2e-3, abs=1e-5 * scale**2)
    assert two.residual_variance == pytest.approx(scale**2 * one.residual_variance, rel=1e-3)


@few
@given(designs, st.floats(0.01, 100))
def test_scale_of_a_covariate(design, scale):
    """x -> scale x: log det X'X adds 2 log scale to the REML criterion; slopes are in units of 1 / scale."""
    one, two = fitted(design.table), fitted(design.table.assign(count=scale * design.table["count"]))
    units = np.array([1, 1 / scale])
    assert two.criterion == pytest.approx(one.criterion + 2 * np.log(scale), rel=1e-7, abs=1e-6)
    assert two.beta / units == pytest.approx(one.beta, rel=1e-4, abs=1e-5)
    assert two.cov_beta / np.outer(units, units) == pytest.approx(one.cov_beta, rel=2e-3, abs=1e-5)


@settings(max_examples=2, deadline=None)
@given(designs, st.integers(0, 1000))
def test_splitting_the_bootstrap_over_workers(design, seed):
    fit = fitted(design.table)
    one, two = parametric_bootstrap(fit, 121, seed), parametric_bootstrap(fit, 121, seed, workers=2)
    assert one.table.equals(two.table)
