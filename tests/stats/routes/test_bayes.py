"""The Bayesian route: its statistics and conditional draws without a sampler, its posterior with one."""

from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.base.errors import DataError, MissingExtra, RecipeError
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.estimands import at_place
from xtransfer_stats.stats.routes.bayes import request as asked
from xtransfer_stats.stats.routes.bayes import rows
from xtransfer_stats.stats.routes.bayes.fits import ContrastFit
from xtransfer_stats.stats.routes.bayes.posterior import Posterior, effects, ruled_by_prior
from xtransfer_stats.stats.routes.bayes.priors import Priors, priors_of
from xtransfer_stats.stats.routes.bayes.request import BayesRequest, refusal
from xtransfer_stats.stats.routes.bayes.rows import bayes_results, language_effects
from xtransfer_stats.stats.routes.bayes.sampler import Sampled
from xtransfer_stats.stats.routes.bayes.summaries import summarised
from xtransfer_stats.stats.routes.route import RouteRequest
from xtransfer_stats.verbs.analyze import analyze

needs_sampler = pytest.mark.skipif(
    find_spec("numpyro") is None, reason="the extra bayes is not installed: pip install 'xtransfer-stats[bayes]'"
)
CELLS = pd.MultiIndex.from_tuples(
    [("a", "de"), ("a", "fr"), ("a", "sw"), ("b", "de"), ("b", "fr"), ("c", "de"), ("d", "fr"), ("d", "sw")],
    names=["target_task", "language"],
)  # d never varies, c has one language
DIFFERENCES = np.random.default_rng(3).normal(1, 2, (4, len(CELLS)))
DIFFERENCES[:, 6:] = (2.0, 4.0)


def study(seeds, **options):
    frame, benchmarks = simulated_frame(seeds, rng_seed=1, **options)
    return complete_scores(frame, benchmarks)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"taks": 2.0}, "there are mean, tasks, luck"),
        ({"luck": 0.0}, "a scale above zero"),
        ({"luck": np.nan}, "above"),
    ],
)
def test_priors_that_cannot_be_are_refused(changed, message):
    with pytest.raises(RecipeError, match=message):
        priors_of(changed)


def test_priors_are_stated_as_they_are_asked():
    assert "luck 2," in priors_of({"luck": 2.0}).words()
    assert Priors().scaled(0.5) == priors_of(
        {"mean": 15, "tasks": 15, "luck": 2.5, "noise": 2.5, "languages": 2.5, "spread": 0.5}
    )


def test_few_draws_are_refused():
    with pytest.raises(RecipeError, match="draws 10: a chain needs 500"):
        BayesRequest(draws=10)


def test_a_missing_extra_is_said_with_its_command(monkeypatch):
    monkeypatch.setattr("xtransfer_stats.base.extras.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"analyze --model bayes.*numpyro, jax.*: pip install "):
        analyze("nowhere", model="bayes")


def test_options_of_the_route_go_with_it_alone():
    with pytest.raises(RecipeError, match="go with model bayes or all, not mixed"):
        analyze("nowhere", prior={"luck": 2.0})


@pytest.mark.parametrize(
    ("layout", "reason"), [({"counts": (3, 9), "cross": 3}, "task sets that seeds share"), ({}, "one seed")]
)
def test_studies_without_the_route_say_why(layout, reason, monkeypatch):
    monkeypatch.setattr(asked, "find_spec", lambda name: object())
    complete = study(4 if layout else 1, **layout)
    assert reason in refusal(complete)
    with pytest.raises(DataError, match=reason):
        bayes_results(complete, BayesRequest(), 1, 0.05)


def test_summaries_are_the_sums_of_squares_of_means_and_deviations():
    found = summarised(DIFFERENCES, CELLS)
    means = np.array([DIFFERENCES[:, :3].mean(axis=1), DIFFERENCES[:, 3:5].mean(axis=1), DIFFERENCES[:, 5]])
    assert found.tasks == ("a", "b", "c")
    assert list(found.place) == [0, 0, 0, 1, 1, 2, -1, -1]
    assert found.mean == pytest.approx(means.mean(axis=1))
    assert found.scatter == pytest.approx(3 * np.cov(means))
    assert list(found.df) == [2, 1, 0]
    assert found.within == pytest.approx([1 / 3, 1 / 2, 0])
    own = DIFFERENCES[:, :3] - means[0][:, None]
    assert found.squares[0] == pytest.approx(((own - own.mean(axis=0)) ** 2).sum())
    assert found.between[0] == pytest.approx((own.mean(axis=0) ** 2).sum())


def some_sds(draws=1):
    """Standard deviations as the sampler gives them, the same in every draw."""
    values = {
        "luck": np.array(0.2),  # in scales of the prior
        "noise_t": np.array([0.5, 1.5, 3.0]),
        "residual_t": np.array([1.0, 2.0, 0.7]),
        "languages_t": np.array([0.8, 0.3, 1.0]),
    }
    return {name: np.broadcast_to(value, (4, draws, *value.shape)) for name, value in values.items()}


def test_effects_are_drawn_from_their_normal_distribution_given_the_standard_deviations():
    """Mean and covariance by the textbook's formula, all cells at once."""
    found, priors, sds = summarised(DIFFERENCES, CELLS), Priors(mean=2.0, tasks=3.0), some_sds(20_000)
    drawn = effects(found, Sampled(sds, 0), priors, np.random.default_rng(0)).reshape(-1, len(CELLS))
    member = np.array([[t == name for name in "abc"] for t, _ in CELLS[:6]], dtype=float)
    centre = np.eye(6) - member @ np.diag([1 / 3, 1 / 2, 1]) @ member.T

    def within(sd):
        return centre @ np.diag((member @ sd) ** 2) @ centre

    noise, residual, languages = (sds[f"{name}_t"][0, 0] for name in ("noise", "residual", "languages"))
    own = np.diag(noise**2 + found.within * residual**2) + (0.2 * priors.luck) ** 2
    prior = member @ (9.0 * np.eye(3) + 4.0) @ member.T + within(languages)
    error = (member @ own @ member.T + within(residual)) / 4
    gain = prior @ np.linalg.pinv(prior + error)
    assert drawn[:, :6].mean(axis=0) == pytest.approx(gain @ found.cells[:6], abs=0.03)
    assert np.cov(drawn[:, :6].T) == pytest.approx(prior - gain @ prior, abs=0.05)
    assert np.array_equal(drawn[:, 6:], np.broadcast_to([2.0, 4.0], drawn[:, 6:].shape))


@needs_sampler
def test_the_likelihood_is_that_of_the_seeds_own_differences():
    """Up to a constant: of standard deviations the ratio of densities of the summaries and of the raw data."""
    from jax import config

    from xtransfer_stats.stats.routes.bayes import sampler

    config.update("jax_enable_x64", True)
    found, data = summarised(DIFFERENCES, CELLS), summarised(DIFFERENCES, CELLS).for_sampler()
    means = np.array([DIFFERENCES[:, :3].mean(axis=1), DIFFERENCES[:, 3:5].mean(axis=1), DIFFERENCES[:, 5]])

    def ours(own, luck):
        return float(sampler._means(data, own, luck, {"tasks": 3.0, "mean": 2.0}))

    def raw(own, luck):
        noise = np.kron(np.eye(4), np.diag(own) + luck**2)
        effect = np.kron(np.ones((4, 4)), 9.0 * np.eye(3) + 4.0)
        return stats.multivariate_normal(cov=noise + effect).logpdf(means.T.ravel())

    first, second = (np.array([0.5, 1.0, 2.0]), 0.7), (np.array([1.5, 0.4, 1.0]), 1.9)
    assert ours(*first) - ours(*second) == pytest.approx(raw(*first) - raw(*second))
    turn = stats.ortho_group.rvs(3, random_state=1)
    turn = np.linalg.qr(np.column_stack([np.ones(3), turn[:, :2]]))[0][:, 1:]
    deviations = DIFFERENCES[:, :3] @ turn  # (seeds, 2): one language deviation each

    def one_task(residual, languages):
        cov = residual**2 * np.eye(4) + languages**2
        return sum(stats.multivariate_normal(cov=cov).logpdf(column) for column in deviations.T)

    of_a = {name: (value if np.ndim(value) == 0 else value[:1]) for name, value in data.items()}

    def summary(residual, languages):
        return float(sampler._deviations(of_a, np.array([residual]), np.array([languages])))

    assert found.df[0] == 2
    assert summary(1.0, 0.5) - summary(2.0, 1.5) == pytest.approx(one_task(1.0, 0.5) - one_task(2.0, 1.5))


def test_an_sd_that_the_data_do_not_tell_is_said_to_be_the_prior_s():
    rng = np.random.default_rng(0)
    told, untold = np.abs(rng.normal(0.3, 0.05, (4, 500))), np.abs(rng.normal(size=(4, 500)))
    found = Posterior(np.zeros((4, 500, 1)), {"luck": untold, "noise": told}, 0)
    assert list(ruled_by_prior(found)) == ["luck"]


@pytest.mark.parametrize(("quality", "shown"), [((1.002, 900.0), True), ((1.02, 900.0), False), ((1.002, 90.0), False)])
def test_draws_that_did_not_converge_carry_no_interval(quality, shown):
    drawn = np.random.default_rng(0).normal(1, 1, (4, 500, 1))
    fit = ContrastFit(Posterior(drawn, {}, 0), (), ())
    fit.__dict__["r_hat_and_ess"] = quality
    one = rows.Estimand("effect", at_place("here"), np.ones(1))
    row = rows._row(one, rows.CountContrast(0, 3), fit, BayesRequest(margin=2.0), 6, "these sets", 0.05)
    assert np.isfinite(row["conf_low"]) == shown
    assert ("R-hat" in row["note"]) != shown
    assert row["note"].startswith("these sets")
    if shown:
        assert row["prob_positive"] == pytest.approx(stats.norm.cdf(1), abs=0.03)
        assert row["prob_above_margin"] == pytest.approx(stats.norm.sf(1), abs=0.03)


def test_a_language_s_weights_sum_to_one_and_compare_within_tasks():
    complete = study(3)
    for one in language_effects(complete):
        assert one.weights.sum() == pytest.approx(1)
    alike = study(3, deviations=dict.fromkeys(("language", "noise"), 0.0), constant_baseline=())
    numbers = [alike.chains.scores[-1] - alike.chains.scores[0]]
    spread = np.ptp([one.weights @ numbers[0] for one in language_effects(alike)])
    assert spread == pytest.approx(0, abs=1e-9)  # no language differs: which tasks it has does not count


def test_all_routes_say_when_the_extra_is_absent(monkeypatch):
    monkeypatch.setattr(asked, "find_spec", lambda name: None)
    frame, benchmarks = simulated_frame(3, (3,), rng_seed=1)
    analysis = analyzed(frame, benchmarks, routes=RouteRequest(199, 1, model="all"))
    assert any(note.startswith("No Bayesian route: the extra bayes is not installed") for note in analysis.notes)
    assert "Bayesian" not in set(analysis.routes["route"])


@pytest.fixture(scope="module")
def analysis():
    frame, benchmarks = simulated_frame(10, (3,), rng_seed=1)
    request = RouteRequest(199, 1, model="bayes", bayes=BayesRequest(margin=1.0))
    return analyzed(frame, benchmarks, routes=request)


@needs_sampler
def test_the_headline_is_near_the_paired_t_of_ten_seeds(analysis):
    table = analysis.routes[analysis.routes["term"].isin(["effect", "interaction"])]
    for _, part in table.groupby("contrast"):
        mixed, bayes = (part[part["route"] == name].iloc[0] for name in ("mixed model", "Bayesian"))
        assert bayes["estimate"] == pytest.approx(mixed["estimate"], abs=0.2 * mixed["std_error"])
        assert bayes["std_error"] == pytest.approx(mixed["std_error"], rel=0.5)
        assert np.isnan(bayes["p_value"])


@needs_sampler
def test_rows_say_how_probable_an_effect_is(analysis):
    bayes = analysis.routes[analysis.routes["route"] == "Bayesian"]
    assert {"effect", "interaction", "task effect", "language effect"} == set(bayes["term"])
    assert bayes["prob_positive"].between(0, 1).all()
    assert (bayes["prob_above_margin"] <= bayes["prob_positive"]).all()
    tatoeba = bayes[bayes["target_task"] == "tatoeba"].iloc[0]
    assert tatoeba["prob_above_margin"] > 0.99  # its true effect is 6
    assert "P(> 1) > 0.999" in tatoeba["note"]


@needs_sampler
def test_the_answer_speaks_of_probability_and_the_notes_of_priors(analysis):
    assert "posterior probability of a difference above zero is" in analysis.answer
    assert any(note.startswith("Priors of the Bayesian route") for note in analysis.notes)
    assert any("a limit moves by" in note for note in analysis.notes)


@needs_sampler
def test_the_same_seed_gives_the_same_rows_and_the_prior_decides_at_two_seeds():
    complete = study(2)
    first, again = (bayes_results(complete, BayesRequest(), 7, 0.05) for _ in range(2))
    assert [row["conf_low"] for row in first.rows] == [row["conf_low"] for row in again.rows]
    assert any("The prior decides part of" in note for note in first.notes)
    assert any("the data tell less than the prior" in note for note in first.notes)
