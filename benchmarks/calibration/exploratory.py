"""Exploratory families through the product's rows: errors, stars, and how many true effects each method finds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from benchmarks.calibration.draws import World, language_effects, scores
from benchmarks.calibration.productpath import score_frame
from benchmarks.calibration.tally import Tally, tally
from benchmarks.calibration.verdicts import ALPHA, of_moments

from xtransfer_stats.stats.core.complete import CompleteScores, complete_scores
from xtransfer_stats.stats.core.estimands import CountContrast, Estimand, effects, target_tasks
from xtransfer_stats.stats.core.inference import FAMILIES, Array, Moments, adjusted
from xtransfer_stats.stats.core.weights import Benchmark
from xtransfer_stats.stats.core.withintasks import language_effects as languages
from xtransfer_stats.stats.runlevel.exploratory import moderated_contrast
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

Benchmarks = Mapping[str, Benchmark]
Method = Callable[[CompleteScores, Array, CountContrast], Moments]
STRONG = 4.0  # standard errors: the effect that every second row is given, to be found
METHODS: Mapping[str, Method] = {
    "moderated t": moderated_contrast,
    "each row's own variance": lambda study, weights, contrast: run_numbers(study, weights).contrast(contrast),
}


def families(world: World, benchmarks: Benchmarks, rng: np.random.Generator, size: int) -> list[Tally]:
    """Of target tasks and of languages within them, for every count."""
    truth = language_effects(world, rng, size)
    studies = _studies(world, benchmarks, scores(world, rng, size, truth))
    named = {"target tasks": target_tasks(world.cells), "languages": languages(benchmarks, world.cells)}
    return [
        one
        for family, estimands in named.items()
        for contrast in effects(studies[0].design.counts)
        for name, method in METHODS.items()
        for one in _tallies(family, estimands, contrast, name, method, studies, truth)
        if one.asked
    ]


def _studies(world: World, benchmarks: Benchmarks, points: Array) -> list[CompleteScores]:
    """The prepared scores of every study: those of one frame, its scores exchanged; points (chains, cells, studies)."""
    frame = score_frame(world)
    blank = complete_scores(frame.assign(score=np.linspace(0, 100, len(frame))), benchmarks)
    place = np.rint(blank.chains.scores / 100 * (len(frame) - 1)).astype(int)
    flat = points.reshape(-1, points.shape[2])
    return [replace(blank, chains=replace(blank.chains, scores=flat[place, i])) for i in range(points.shape[2])]


def _tallies(
    family: str,
    estimands: Sequence[Estimand],
    contrast: CountContrast,
    name: str,
    method: Method,
    studies: Sequence[CompleteScores],
    truth: Array,
) -> list[Tally]:
    weights = np.array([one.weights for one in estimands]).T
    true = weights.T @ truth  # (rows, studies)
    answers = [method(study, weights, contrast) for study in studies]
    about_zero = [replace(m, estimate=m.estimate - true[:, i]) for i, m in enumerate(answers)]
    verdicts = [of_moments(one) for one in about_zero]
    wrong, untested, width = (np.array([getattr(v, key) for v in verdicts]) for key in ("wrong", "untested", "width"))
    spread = np.std([one.estimate for one in about_zero], axis=0)
    loudest = int(np.argmax(spread))
    label, at = f"{family}, {name}", f"effect({contrast.high})"
    none = _starred(family, about_zero, np.zeros(len(estimands)))
    strong = np.where(np.arange(len(estimands)) % 2, STRONG * spread, 0.0)
    some = _starred(family, about_zero, strong)
    return [
        tally(label, f"{at}: rows", wrong, untested, width),
        tally(label, f"{at}: noisiest row", wrong[:, loudest], untested[:, loudest], width[:, loudest]),
        tally(label, f"{at}: any star", none.any(axis=1), 0, np.nan),
        tally(label, f"{at}: stars that are false", np.broadcast_to(strong == 0, some.shape)[some], 0, np.nan),
        tally(label, f"{at}: true effects found", some[:, strong > 0], 0, np.nan),
    ]


def _starred(family: str, answers: Sequence[Moments], shift: Array) -> Array:
    """Whether each row's corrected p is at most ALPHA, (studies, rows), with true effects added."""
    ps = [replace(one, estimate=one.estimate + shift).p_value() for one in answers]
    return np.array([np.nan_to_num(adjusted(p, FAMILIES[family]), nan=1.0) <= ALPHA for p in ps])
