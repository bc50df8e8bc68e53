"""Packages that compare learners over seeds or over data sets."""

import contextlib
import io
from collections.abc import Callable

import numpy as np
import pandas as pd
from benchmarks.seedpeers.method import LEVEL, Answer, Method, Way, excludes_zero
from benchmarks.seedpeers.studies import Study

REPS = 2000  # of rliable: its README's number for pairs
FEW_REPS = 200  # for its probability of improvement, which takes a rank test a language and replicate


# ml-experiment-stats: a result a run; its intervals are of base less new.


def ml_experiment_stats_default(study: Study) -> tuple[Answer, ...]:
    """The analysis that `ResultsCollector.save` writes to statistics.json."""
    from ml_experiment_stats.statistics import run_statistical_analysis

    (pair,) = run_statistical_analysis(_runs(study), test="auto")["metrics"]["acc"]["pairwise"]
    bounds = (-pair["ci_upper"], -pair["ci_lower"]) if "ci_lower" in pair else ()
    return (Answer(bool(pair["significant"]), *bounds),)


def ml_experiment_stats(**options: str) -> Callable[[Study], tuple[Answer, ...]]:
    """Its function for pairs."""

    def ask(study: Study) -> tuple[Answer, ...]:
        from ml_experiment_stats.statistics import build_method_values, pairwise_test

        (pair,) = pairwise_test(build_method_values(_runs(study), "acc"), "acc", **options)
        bounds = pair.confidence_interval
        return (Answer(bool(pair.significant), *((-bounds[1], -bounds[0]) if bounds else ())),)

    return ask


def _runs(study: Study) -> list:
    from ml_experiment_stats import RunResult

    both = (("base", study.base_runs), ("new", study.new_runs))
    return [RunResult(seed=k, method=m, metrics={"acc": x}) for m, means in both for k, x in enumerate(means)]


# rliable: matrices (runs, tasks), and bootstraps of them.


def rliable_default(study: Study) -> tuple[Answer, ...]:
    """An interval each: a difference is called where they do not overlap."""
    from rliable import library, metrics

    def iqm(scores: np.ndarray) -> np.ndarray:
        return np.array([metrics.aggregate_iqm(scores)])

    _, bounds = library.get_interval_estimates({"base": study.base, "new": study.new}, iqm, reps=REPS)
    (base_low,), (base_high,) = bounds["base"]
    (new_low,), (new_high,) = bounds["new"]
    return (Answer(bool(new_low > base_high or base_low > new_high)),)


def rliable_improvement(study: Study) -> tuple[Answer, ...]:
    """Its probability of improvement: a difference is called where the interval leaves out one half."""
    from rliable import library, metrics

    pair = {"new,base": (study.new, study.base)}
    _, bounds = library.get_interval_estimates(pair, metrics.probability_of_improvement, reps=FEW_REPS)
    (low,), (high,) = bounds["new,base"]
    return (Answer(not low <= 0.5 <= high),)


def rliable_best(study: Study) -> tuple[Answer, ...]:
    """A bootstrap over seeds of the difference of the means of their runs."""
    from rliable import library, metrics

    def mean(scores: np.ndarray) -> np.ndarray:
        return np.array([metrics.aggregate_mean(scores)])

    differences = (study.new_runs - study.base_runs)[:, None]
    _, bounds = library.get_interval_estimates({"difference": differences}, mean, reps=REPS)
    (low,), (high,) = bounds["difference"]
    return (excludes_zero(float(low), float(high)),)


# deepsig: almost stochastic order, and a permutation test; both ask whether new is better.


def deepsig_aso(study: Study) -> tuple[Answer, ...]:
    """One call, read at the two thresholds that its README names."""
    from deepsig import aso

    violation = aso(study.new_runs, study.base_runs, seed=1, show_progress=False)
    return (Answer(bool(violation < 0.5)), Answer(bool(violation < 0.2)))


def deepsig_permutation(study: Study) -> tuple[Answer, ...]:
    """One-sided, as ASO is."""
    from deepsig import permutation_test

    return (Answer(bool(permutation_test(study.new_runs, study.base_runs, seed=1) < LEVEL)),)


# autorank: a row a data set, a column a learner.


def autorank(base: np.ndarray, new: np.ndarray) -> tuple[Answer, ...]:
    """Its frequentist test; it prints a table by itself."""
    from autorank import autorank as ranked

    with contextlib.redirect_stdout(io.StringIO()):
        result = ranked(pd.DataFrame({"base": base, "new": new}), alpha=LEVEL, verbose=False)
    return (Answer(bool(result.pvalue < LEVEL)),)


# baycomp: probabilities that one is better.


def baycomp_default(study: Study) -> tuple[Answer, ...]:
    """A data set a language, its score the mean over seeds."""
    import baycomp

    return (_probable(baycomp.two_on_multiple(study.base.mean(axis=0), study.new.mean(axis=0))),)


def baycomp_best(study: Study) -> tuple[Answer, ...]:
    """One data set, a measurement a seed; the interval is the posterior's."""
    import baycomp
    from scipy import stats

    posterior = baycomp.CorrelatedTTest(study.base_runs, study.new_runs)
    half = stats.t.ppf(1 - LEVEL / 2, posterior.df) * np.sqrt(posterior.var)
    found = _probable(baycomp.two_on_single(study.base_runs, study.new_runs)).found
    return (Answer(found, float(posterior.mean - half), float(posterior.mean + half)),)


def _probable(probabilities: tuple[float, ...]) -> Answer:
    """baycomp sets no threshold: 97.5 % either way is a two-sided 5 %."""
    return Answer(bool(max(probabilities[0], probabilities[-1]) > 1 - LEVEL / 2))


METHODS = (
    Method(
        "ml-experiment-stats",
        "ml-experiment-stats-default",
        (
            Way(
                "default",
                '`run_statistical_analysis(runs, test="auto")`, as `ResultsCollector.save()` calls it',
                "seeds",
            ),
        ),
        ml_experiment_stats_default,
        studies=600,
    ),
    Method(
        "ml-experiment-stats",
        "ml-experiment-stats-pairs",
        (Way("pairs", '`pairwise_test(values, "acc")`: its default, Wilcoxon', "seeds"),),
        ml_experiment_stats(),
    ),
    Method(
        "ml-experiment-stats",
        "ml-experiment-stats-best",
        (Way("best", '`pairwise_test(values, "acc", test="ttest")`', "seeds"),),
        ml_experiment_stats(test="ttest"),
    ),
    Method(
        "rliable",
        "rliable-default",
        (
            Way(
                "default",
                f"`get_interval_estimates({{base, new}}, aggregate_iqm, reps={REPS})`: intervals apart",
                "runs within languages",
            ),
        ),
        rliable_default,
        studies=600,
    ),
    Method(
        "rliable",
        "rliable-improvement",
        (
            Way(
                "pairs",
                f"`get_interval_estimates({{(new, base)}}, probability_of_improvement, reps={FEW_REPS})`",
                "runs within languages",
            ),
        ),
        rliable_improvement,
        studies=200,
    ),
    Method(
        "rliable",
        "rliable-best",
        (Way("best", f"`get_interval_estimates({{new - base}}, aggregate_mean, reps={REPS})`, a row a seed", "seeds"),),
        rliable_best,
    ),
    Method(
        "deepsig",
        "deepsig-aso",
        (
            Way("default", "`aso(new, base)` of the means of runs, below 0.5", "runs", one_sided=True),
            Way("its advice", "the same, below 0.2", "runs", one_sided=True),
        ),
        deepsig_aso,
        studies=200,
    ),
    Method(
        "deepsig",
        "deepsig-permutation",
        (Way("best", "`permutation_test(new, base)` of the means of runs", "seeds", one_sided=True),),
        deepsig_permutation,
    ),
    Method(
        "autorank",
        "autorank-default",
        (Way("default", "`autorank(frame)`, a row a language: its mean over seeds", "languages"),),
        lambda study: autorank(study.base.mean(axis=0), study.new.mean(axis=0)),
    ),
    Method(
        "autorank",
        "autorank-best",
        (Way("best", "`autorank(frame)`, a row a seed: the mean of its run", "seeds"),),
        lambda study: autorank(study.base_runs, study.new_runs),
    ),
    Method(
        "baycomp",
        "baycomp-default",
        (Way("default", "`two_on_multiple(base, new)`, a data set a language", "languages"),),
        baycomp_default,
        studies=600,
    ),
    Method(
        "baycomp",
        "baycomp-best",
        (Way("best", "`two_on_single(base, new)`, a measurement a seed", "seeds"),),
        baycomp_best,
    ),
)
