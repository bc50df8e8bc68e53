"""Every route against an independent computation, what is offered at how few seeds, and independence of the workers."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.stats.simulated import TRAININGS, analyzed, simulated_frame

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.report.tables import tables
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.inference import PAIRED
from xtransfer_stats.stats.core.signflip import sign_flip
from xtransfer_stats.stats.routes.crossed import crossed_rows
from xtransfer_stats.stats.routes.route import CELLS, COMPARED, OVER_SEEDS, RouteRequest, one_computation, words
from xtransfer_stats.stats.routes.sampling import SEEDS_ONLY, Sampling, multiplicities, route_targets
from xtransfer_stats.stats.routes.seedbootstrap import bca, percentile, resampled, seed_rows, seed_weights, studentised
from xtransfer_stats.stats.routes.unsampled import cell_level_rows, paired_rows
from xtransfer_stats.stats.runlevel.pooling import POOLED

FEW = Sampling(199, 1)
EQUAL = dict.fromkeys(("seed_task", "set_task", "run_training", "language"), 0.0)


def prepared_study(seeds=6, **options):
    frame, benchmarks = simulated_frame(seeds, rng_seed=1, **options)
    return complete_scores(frame, benchmarks)


def test_paired_rows_are_those_of_scipy():
    prepared = prepared_study()
    found = route_targets(prepared)
    for row, target in zip(paired_rows(prepared, 0.05, FEW), found, strict=True):
        t = stats.ttest_1samp(target.differences, 0)
        exact = stats.permutation_test((target.differences,), np.mean, permutation_type="samples", n_resamples=np.inf)
        assert row["p_value"] == pytest.approx(t.pvalue)
        assert (row["conf_low"], row["conf_high"]) == pytest.approx(tuple(t.confidence_interval(0.95)))
        assert row["sign_flip_p"] == pytest.approx(exact.pvalue)


def test_paired_rows_of_crossed_sets_say_what_they_do_not_cover():
    rows = paired_rows(prepared_study(4, counts=(3, 9), cross=3), 0.05, FEW)
    notes = {row["contrast"]: row["note"] for row in rows}
    assert SEEDS_ONLY in notes["interaction(3)"]
    assert SEEDS_ONLY not in notes["interaction(9)"]


def test_random_sign_flips_count_themselves():
    far = np.full(25, 3.0) + np.random.default_rng(0).normal(0, 0.1, 25)
    p, wording = sign_flip(far, 199, 1)
    assert p == 1 / 200
    assert "199 random patterns" in wording


def test_bootstrap_intervals_are_those_of_scipy():
    x = np.random.default_rng(3).gamma(2, 1, 15)
    found = resampled(x, multiplicities(np.random.default_rng(0), 20_000, 15))
    for name, ours in (("percentile", percentile), ("BCa", bca)):
        theirs = stats.bootstrap((x,), np.mean, n_resamples=20_000, method=name, rng=np.random.default_rng(1))
        assert ours(found, 0.05) == pytest.approx(tuple(theirs.confidence_interval), abs=0.03)


def test_studentised_interval_inverts_the_bootstrap_of_t():
    rng, x = np.random.default_rng(4), np.random.default_rng(5).normal(2, 1, 8)
    drawn = x[rng.integers(0, 8, (20_000, 8))]
    errors = drawn.std(axis=1, ddof=1) / np.sqrt(8)
    pivots = (drawn.mean(axis=1) - x.mean()) / errors
    high, low = x.mean() - np.quantile(pivots, [0.025, 0.975]) * x.std(ddof=1) / np.sqrt(8)
    found = resampled(x, multiplicities(np.random.default_rng(6), 20_000, 8))
    assert studentised(found, 0.05) == pytest.approx((low, high), abs=0.08)


@pytest.mark.parametrize(
    ("seeds", "offered"), [(3, set()), (6, {"studentised"}), (10, {"studentised", "percentile", "BCa"})]
)
def test_intervals_are_offered_from_the_seeds_that_carry_them(seeds, offered):
    found = route_targets(prepared_study(seeds))
    rows = seed_rows(found, seed_weights({len(t.differences) for t in found}, FEW), 0.05)
    for row in rows:
        name = row["method"].split()[0]
        assert np.isfinite(row["conf_low"]) == (name in offered)
        assert ("needs" in row["note"]) == (name not in offered)
        assert "measured coverage" in row["note"]


def test_crossed_bootstrap_widens_with_languages_and_is_called_descriptive():
    prepared = prepared_study(5, counts=(3,), cross=3)
    found = route_targets(prepared)
    rows, drawn = crossed_rows(prepared, found, Sampling(499, 2), 0.05)
    these, such = ([row for row in rows if row["scope"] == scope] for scope in ("these", "such"))
    assert all("descriptive: 5 seeds and 3 sets" in row["note"] for row in rows)
    assert sum(row["std_error"] for row in such) > sum(row["std_error"] for row in these)
    again, same = crossed_rows(prepared, found, Sampling(499, 2, workers=2), 0.05)
    assert np.array_equal(drawn, same, equal_nan=True)
    assert [row["conf_low"] for row in rows] == [row["conf_low"] for row in again]


def test_too_few_replicates_are_refused():
    with pytest.raises(RecipeError, match=r"bootstrap 50: .* 99 replicates"):
        crossed_rows(prepared_study(3), route_targets(prepared_study(3)), Sampling(50, 1), 0.05)


@pytest.mark.parametrize("layout", [{"counts": (3, 9)}, {"counts": (3, 5), "cross": 3}])
def test_cell_level_estimates_are_those_of_the_runs_on_complete_data(layout):
    prepared = prepared_study(5, **layout)
    rows, reason = cell_level_rows(prepared, route_targets(prepared), TRAININGS, 0.05)
    assert reason == ""
    for row, target in zip(rows, route_targets(prepared), strict=True):
        high, low = (prepared.chains.runs["n_tasks"] == k for k in (target.contrast.high, target.contrast.low))
        numbers = prepared.chains.scores @ target.estimand.weights
        assert row["estimate"] == pytest.approx(numbers[high].mean() - numbers[low].mean(), abs=1e-6)


def test_cell_level_and_run_level_errors_agree_where_luck_is_alike_everywhere():
    """Many seeds, one variance: the two errors estimate one thing, each with its own noise."""
    frame, benchmarks = simulated_frame(30, (3,), rng_seed=2, deviations=EQUAL, constant_baseline=())
    prepared = complete_scores(frame, benchmarks)
    cells, _ = cell_level_rows(prepared, route_targets(prepared), TRAININGS, 0.05)
    for row, other in zip(cells, paired_rows(prepared, 0.05, FEW), strict=True):
        assert row["std_error"] == pytest.approx(other["std_error"], rel=0.3)


@pytest.fixture(scope="module")
def every():
    frame, benchmarks = simulated_frame(6, (3,), rng_seed=1)
    return analyzed(frame, benchmarks, trainings=TRAININGS, routes=RouteRequest(199, 1, model="all"))


@pytest.mark.parametrize("model", ["paired", "bootstrap"])
def test_a_route_over_seeds_only_is_refused_as_headline_of_a_crossed_study(model):
    frame, benchmarks = simulated_frame(5, (3,), cross=3, languages=("de", "fr", "sw", "tr"))
    with pytest.raises(RecipeError, match=f"model {model}: this study crosses seeds with task sets.*use model mixed"):
        analyzed(frame, benchmarks, routes=RouteRequest(199, 1, model=model))


def test_beside_a_crossed_study_a_route_over_seeds_says_so_and_quotes_no_coverage_of_nested_sets():
    frame, benchmarks = simulated_frame(5, (3, 9), cross=3, languages=("de", "fr", "sw", "tr"))
    routes = analyzed(frame, benchmarks, routes=RouteRequest(199, 1, model="all")).routes
    of_seeds = routes[routes["route"].isin(OVER_SEEDS)].set_index(["contrast", "method"])["note"]
    sampled = of_seeds.loc["interaction(3)"]
    assert sampled.str.contains("over seeds only, these sets").all()
    assert not sampled.str.contains("measured coverage").any()
    whole = of_seeds.loc["interaction(9)"]
    assert not whole.str.contains("over seeds only").any()
    assert whole.str.contains("measured coverage").any()


def test_all_routes_stand_side_by_side(every):
    assert set(COMPARED) <= set(every.routes["route"])
    runs = every.routes[(every.routes["scope"] == "these") & (every.routes["route"] != CELLS)]
    estimates = runs.groupby("contrast")["estimate"]
    assert (estimates.max() - estimates.min()).max() < 1e-6
    assert any(note.startswith("The routes ") for note in every.notes)
    assert every.replicates.shape[0] == 199


def test_the_table_of_routes_says_which_are_one_computation(every):
    (sentence,) = [note for note in every.notes if "one computation" in note]
    assert "mixed model and seed-paired are one computation" in sentence and "confirms nothing" in sentence
    shown = tables(every)["routes"].to_markdown()
    assert "seed-paired t (the mixed model of this layout)" in shown
    assert "mixed model:" not in shown


def test_pooled_errors_are_another_computation_than_the_paired_ones():
    mixed = [{"contrast": c, "method": m, "std_error": 1.0} for c, m in (("effect(3)", POOLED), ("effect(9)", PAIRED))]
    paired = [{"contrast": c, "std_error": 1.0} for c in ("effect(3)", "effect(9)")]
    (sentence,) = one_computation(mixed, paired)
    assert "for effect(9), the seed-paired t" in sentence
    assert words("mixed model", POOLED) == f"mixed model: {POOLED}"


@pytest.mark.parametrize(
    ("model", "method"), [("paired", "seed-paired t"), ("bootstrap", "studentised bootstrap over seeds")]
)
def test_a_route_alone_is_the_headline(every, model, method):
    frame, benchmarks = simulated_frame(6, (3,), rng_seed=1)
    results = analyzed(frame, benchmarks, trainings=TRAININGS, routes=RouteRequest(199, 1, model=model)).results
    rows = results[results["term"].isin(["effect", "interaction"]) & (results["scope"] == "these")]
    assert set(rows["method"]) == {method}
    mixed = every.results[every.results["contrast"].isin(rows["contrast"]) & (every.results["scope"] == "these")]
    assert rows["estimate"].to_numpy() == pytest.approx(mixed["estimate"].to_numpy())
    assert rows.loc[rows["term"] == "interaction", "p_adjusted"].notna().all()


def test_the_mixed_model_alone_has_no_routes():
    frame, benchmarks = simulated_frame(3, (3,))
    assert analyzed(frame, benchmarks).routes.empty


def test_disagreement_is_said():
    from xtransfer_stats.stats.routes.route import sentences

    rows = pd.DataFrame(
        {"route": ["a", "b"], "contrast": "g", "scope": "these", "estimate": [1.0, 1.0], "std_error": 0.4,
         "conf_low": [0.1, -0.5], "conf_high": [1.9, 2.5]}
    )  # fmt: skip
    (sentence,) = sentences(rows)
    assert "zero is outside the interval by a and inside by b" in sentence
    assert "3.00 points wide, by a 1.80" in sentence
    assert sentences(rows.assign(conf_low=0.1, conf_high=1.9))[0].startswith("The routes agree")


@pytest.mark.parametrize("layout", [{}, {"cross": 3}])
def test_the_second_engine_agrees_on_the_run_level_model(layout):
    frame, benchmarks = simulated_frame(5, (3,), rng_seed=1, **layout)
    routes = analyzed(frame, benchmarks, routes=RouteRequest(second_engine=True)).routes.set_index(
        ["route", "contrast"]
    )
    other = routes.loc["second engine"]
    assert other["estimate"].to_numpy() == pytest.approx(routes.loc["mixed model"]["estimate"].to_numpy(), abs=1e-5)
    assert (other["std_error"] > 0).all()
    assert other["p_value"].isna().all()
    assert other["note"].str.contains("criterion").all()
