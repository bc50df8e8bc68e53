"""Nested studies of few seeds: errors pooled over the sampled counts where that is valid, by hand and simulated."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.benchmarks.calibration.test_runlevel_calibration import STUDIES, nested_chains, null_numbers, tolerance
from tests.stats.simulated import simulated_frame

from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.stats.analysis import analyze
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import CountContrast
from xtransfer_stats.stats.core.inference import PAIRED
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.runlevel.pooling import ALLOWANCE, POOLED, pools
from xtransfer_stats.stats.runlevel.recipe import NESTED_FORMULA, POOLED_FORMULA
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

EFFECT, LAST, STEP = CountContrast(0, 3), CountContrast(0, 9), CountContrast(3, 5)
COUNTS = (3, 5, 9)


def model(chains, numbers, **how):
    return RunLevel(chains, detect(chains, 9), numbers, **how)


def by_count(chains, numbers):
    return {count: numbers[chains["n_tasks"] == count, 0] for count in (0, *COUNTS)}


def test_an_effect_adds_the_counts_own_mean_square_to_that_of_what_they_share():
    chains = nested_chains(4, COUNTS)
    numbers = np.random.default_rng(1).normal(50, 1, (len(chains), 1))
    found, at = model(chains, numbers).contrast(EFFECT), by_count(chains, numbers)
    shared = (at[3] + at[5]) / 2 - at[0]
    own, level = np.var(at[5] - at[3], ddof=1) / 4 / 4, np.var(shared, ddof=1) / 4
    beyond = max(0.0, np.var(at[3] - at[0], ddof=1) / 4 - 1.1 * (own + level))
    whole = own + level + beyond
    assert found.method == POOLED
    assert found.estimate[0] == pytest.approx((at[3] - at[0]).mean())
    assert found.std_error[0] == pytest.approx(np.sqrt(whole))
    assert found.df[0] == pytest.approx(min(6.0, whole**2 / ((own**2 + level**2 + beyond**2) / 3)))
    assert found.n_runs == 8


def test_what_pooling_gains_nothing_for_stays_the_paired_t():
    chains = nested_chains(4, COUNTS)
    numbers = np.random.default_rng(2).normal(50, 1, (len(chains), 1))
    at = by_count(chains, numbers)
    for contrast in (LAST, STEP):
        found = model(chains, numbers).contrast(contrast)
        assert found.method == PAIRED
        assert found.p_value()[0] == pytest.approx(stats.ttest_rel(at[contrast.high], at[contrast.low]).pvalue)


def without(chains, rows):
    return chains.drop(chains.index[rows]).reset_index(drop=True)


def named(chains, names):
    return chains.assign(task_set=chains["task_set"].replace(names))


def doubled(chains, count, seeds):
    more = chains[(chains["n_tasks"] == count) & chains["seed"].isin(seeds)]
    return pd.concat([chains, more.assign(task_set=more["task_set"] + "'")], ignore_index=True)


@pytest.mark.parametrize(
    ("chains", "expected"),
    [
        (nested_chains(5, COUNTS), True),
        (nested_chains(2, (3, 5)), True),
        (doubled(doubled(nested_chains(5, COUNTS), 3, range(5)), 5, range(5)), True),
        (nested_chains(6, COUNTS), False),
        (nested_chains(1, COUNTS), False),
        (nested_chains(5, (3, 9)), False),
        (nested_chains(5, (2, 7)), False),  # sets of 2 may vary 12 times as much as those of 7
        (without(nested_chains(5, COUNTS), [7]), False),
        (named(nested_chains(5, COUNTS), {"k5seed1": "k5seed0"}), False),
        (doubled(nested_chains(5, COUNTS), 3, range(5)), False),
        (doubled(nested_chains(5, COUNTS), 3, [0]), False),
    ],
)
def test_errors_are_pooled_only_where_sets_are_nested_complete_and_alike(chains, expected):
    assert pools(chains, detect(chains, 9)) is expected


def test_numbers_that_are_other_things_at_each_count_are_not_pooled():
    chains = nested_chains(4, COUNTS)
    numbers = np.random.default_rng(3).normal(50, 1, (len(chains), 1))
    assert model(chains, numbers, pooled=False).contrast(EFFECT).method == PAIRED


@pytest.mark.parametrize(("seeds", "least"), [(3, 60), (4, 55), (5, 52)])
def test_the_true_null_is_kept_and_more_of_an_effect_is_seen_than_by_the_paired_t(seeds, least):
    chains = nested_chains(seeds, COUNTS)
    numbers = null_numbers(chains, np.random.default_rng(seeds), set_sd=1.0)
    pooled, paired = (model(chains, numbers, pooled=how).contrast(EFFECT) for how in (True, False))
    assert 3.0 - tolerance(3.0) < 100 * np.mean(pooled.p_value() < 0.05) < 5.0 + tolerance(5.0)
    seen = [100 * np.mean(seen_of(one, seeds) < 0.05) for one in (pooled, paired)]
    assert seen[1] == pytest.approx(50, abs=2)
    assert seen[0] > least


def seen_of(moments, seeds):
    """p-values of studies whose true effect half of the paired tests see."""
    reach, sizes = stats.t.ppf(0.975, seeds - 1), np.linspace(1, 6, 501)
    half = sizes[np.argmin(np.abs(stats.nct.sf(reach, seeds - 1, sizes) - 0.5))]
    shifted = (moments.estimate + half * np.sqrt(3.0 / seeds)) / moments.std_error
    return 2 * stats.t.sf(np.abs(shifted), moments.df)


def test_sets_whose_luck_falls_with_the_count_keep_the_level():
    chains = nested_chains(5, COUNTS)
    rng, count = np.random.default_rng(5), chains["n_tasks"].to_numpy()
    # As the means of random sets: variance in proportion to 1/k - 1/9, twice a run's sd at three tasks.
    sd = np.where(count == 3, 2.0, np.where(count == 5, 2.0 * np.sqrt(0.4), 0.0))
    numbers = null_numbers(chains, rng) + rng.standard_normal((len(chains), STUDIES)) * sd[:, None]
    wrong = 100 * np.mean(model(chains, numbers).contrast(EFFECT).p_value() < 0.05)
    assert wrong < 7.0


def study(seeds, counts):
    return StudyScores(*simulated_frame(seeds=seeds, counts=counts))


def run_numbers(analysis):
    """g of the interaction: every run's second average less its first."""
    wide = analysis.run_scores.pivot(index=["seed", "n_tasks"], columns="benchmark", values="score").reset_index()
    first, second = analysis.facts.benchmarks
    return wide.assign(g=wide[second] - wide[first]).rename(columns={"n_tasks": "count"})


def interaction(analysis, count):
    rows = analysis.results
    return rows[(rows["term"] == "interaction") & (rows["scope"] == "these") & (rows["n_tasks"] == count)].iloc[0]


def test_the_printed_formula_fitted_to_a_contrasts_counts_gives_its_row():
    analysis = analyze(study(6, (3, 5)))
    formula = analysis.fits[0]["formula"]
    assert formula == NESTED_FORMULA and formula in analysis.methods and formula.replace(" ", "") in analysis.signature
    g = run_numbers(analysis)
    for count in (3, 5):
        row, fitted = interaction(analysis, count), fit_formula(formula, g[g["count"].isin([0, count])])
        answer = fitted.fit.kenward_roger(np.eye(len(fitted.fit.beta))[list(fitted.columns["C(count)"])])
        assert answer.estimate[0] == pytest.approx(row["estimate"])
        assert answer.std_error[0] == pytest.approx(row["std_error"])
        assert answer.df[0] == pytest.approx(row["df"])
        assert answer.p_value[0] == pytest.approx(row["p_value"])


def test_the_printed_formulas_of_pooling_give_its_mean_squares():
    analysis = analyze(study(4, (3, 5)))
    own, level = analysis.fits[0]["formula"].split("; ")
    assert f"{own}; {level}" == POOLED_FORMULA and POOLED_FORMULA in analysis.methods
    g, row = run_numbers(analysis), interaction(analysis, 3)
    square = float(fit_formula(own, g[g["count"] > 0]).fit.residual_variance)
    wide = g.pivot(index="seed", columns="count", values="g")
    m = fit_formula(level, pd.DataFrame({"m": (wide[3] + wide[5]) / 2 - wide[0]})).fit
    both = np.array([square / 2 / 4, float(m.residual_variance) / 4])
    parts = np.append(both, max(0.0, (wide[3] - wide[0]).var() / 4 - ALLOWANCE * both.sum()))
    assert row["method"] == POOLED
    assert row["std_error"] == pytest.approx(np.sqrt(parts.sum()))
    assert row["df"] == pytest.approx(min(6.0, 3 * parts.sum() ** 2 / (parts**2).sum()))


def test_notes_say_that_and_why_errors_are_pooled_and_effect_sizes_stay_those_of_seeds():
    pooled, paired = analyze(study(4, (3, 5))), analyze(study(6, (3, 5)))
    assert any("pooled over task counts 3 and 5" in note and "nested" in note for note in pooled.notes)
    assert not any("pooled over task counts" in note for note in paired.notes)
    assert "the mixed model of this layout" in pooled.methods and "the mixed model of this layout" in paired.methods
    assert pooled.effect_sizes["n_seeds"].eq(4).all()
