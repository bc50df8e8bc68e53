"""The variances that power needs, of every estimand of an analysed study."""

from dataclasses import dataclass

import numpy as np

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.complete import CompleteScores, complete_scores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.estimands import effects, headline
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.termtable import INTERACTION
from xtransfer_stats.stats.power.pilot import pilot
from xtransfer_stats.stats.power.plans import Scenarios
from xtransfer_stats.stats.runlevel.jackknife import each_left_out, effective_languages, jackknife
from xtransfer_stats.stats.runlevel.runlevel import run_numbers


@dataclass(frozen=True)
class Studied:
    """What a study says of an estimand, and its own design, which a new one starts from.

    catalogue: how many intermediate tasks its sets are drawn from. languages: effective number behind the estimand.
    """

    study: str
    scenarios: Scenarios
    seeds: int
    sets: int
    counts: tuple[int, ...]
    crossed: bool
    baselines: int
    languages: float
    catalogue: int


def studied(scores: StudyScores, estimand: str, seed: int) -> Studied:
    """Variances of an estimand ("interaction" or a benchmark's name) of a study.

    Raises DataError where the scores cannot be analysed or tell no variance.
    """
    frame, benchmarks = scores.frame, scores.benchmarks
    complete = complete_scores(frame, benchmarks)
    names = [*benchmarks, INTERACTION]
    if estimand not in names:
        raise DataError(f"estimand {estimand!r}: choose one of {', '.join(names)}", ["estimand"])
    place = names.index(estimand)
    weights = headline(benchmarks, complete.cells)[place].weights
    languages = effective_languages(weights, complete.cells)
    spread = _language_sd(complete, place, languages)
    design, chains = complete.design, complete.chains
    sets = max((len(chains.runs[chains.runs["n_tasks"] == count]) for count in design.counts), default=1)
    return Studied(
        study=str(frame["study"].iloc[0]),
        scenarios=pilot(chains.runs, design, chains.scores @ weights, spread, seed),
        seeds=len(design.seeds),
        sets=max(1, round(sets / len(design.seeds))),
        counts=design.counts,
        crossed=design.layout is Layout.CROSSED,
        baselines=int(chains.runs.loc[chains.runs["n_tasks"] == 0, "replicates"].median()),
        languages=languages,
        catalogue=design.catalogue,
    )


def _language_sd(complete: CompleteScores, place: int, languages: float) -> float:
    """Standard deviation between languages that gives the jackknife's variance, root mean square over counts."""
    weights = each_left_out(complete.benchmarks, complete.cells)
    if len(weights) < 2:
        return 0.0
    model = run_numbers(complete, np.column_stack([mine[:, place] for mine in weights.values()]))
    without = np.array([model.contrast(contrast).estimate for contrast in effects(complete.design.counts)])
    return float(np.sqrt(jackknife(without.T).mean() * languages))
