"""Few seeds: pooling over counts beside the seed-paired t, what each sees of an effect; and where a next seed lands."""

from dataclasses import replace

import numpy as np
from benchmarks.calibration.draws import CATALOGUE
from benchmarks.calibration.grid import GridCell
from benchmarks.calibration.questions import Question, asked, counted
from benchmarks.calibration.runmethods import DEFAULT
from benchmarks.calibration.setting import Setting
from benchmarks.calibration.tally import Tally
from benchmarks.calibration.verdicts import ALPHA, Verdict, by_interval, of_moments
from scipy import optimize, stats

from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import CountContrast
from xtransfer_stats.stats.core.inference import Moments
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

PAIRED = "seed-paired t"
NEXT_SEED = "next seed outside its prediction interval"
FINDS = "{}: finds an effect that the paired t finds in 50 %"


def pooled(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    """Wrong answers of the default and of the seed-paired t, then how often each finds an effect."""
    tallies = []
    for question in asked(cell, block, setting, rng):
        both = {DEFAULT: _moments(question, True), PAIRED: _moments(question, False)}
        size = _half(cell.seeds) * np.sqrt(np.mean(both[PAIRED].std_error ** 2))
        tallies += [counted(name, question.name, of_moments(one)) for name, one in both.items()]
        tallies += [counted(FINDS.format(name), question.name, _finds(one, size)) for name, one in both.items()]
    return tallies


def _moments(question: Question, pooled: bool) -> Moments:
    studies = question.studies
    return RunLevel(studies.chains, studies.design, studies.numbers, pooled=pooled).contrast(question.contrast)


def _finds(moments: Moments, size: float) -> Verdict:
    p = 2 * stats.t.sf(np.abs(moments.estimate + size) / moments.std_error, moments.df)
    return Verdict(p < ALPHA, np.isnan(p), np.full(len(p), np.nan))


def _half(seeds: int) -> float:
    """Effect in true standard errors that a paired t of so many seeds finds in half the studies."""
    df = seeds - 1
    reach = stats.t.ppf(1 - ALPHA / 2, df)
    # The far tail adds nothing that shows; t's noncentral form in terms of chi square holds at any df.
    middle = np.sqrt(stats.chi2.ppf((np.arange(20_000) + 0.5) / 20_000, df) / df)
    return float(optimize.brentq(lambda size: np.mean(stats.norm.sf(reach * middle - size)) - 0.5, 0.0, 40.0))


def prediction(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    """How often the contrast of one more seed, with sets of its own, lies outside its prediction interval."""
    whole = asked(replace(cell, seeds=cell.seeds + 1), block, setting, rng)
    return [tally for question in whole for tally in _predicted(question, cell.seeds)]


def _predicted(question: Question, seeds: int) -> list[Tally]:
    studies, contrast = question.studies, question.contrast
    held = (studies.chains["seed"] < seeds).to_numpy()
    kept = studies.chains[held].reset_index(drop=True)
    predicted = RunLevel(kept, detect(kept, CATALOGUE), studies.numbers[held]).next_seed(contrast)
    if predicted is None:
        return []
    low, high = predicted.interval(ALPHA)
    left = [studies.numbers[~held & (studies.chains["n_tasks"] == count).to_numpy()] for count in _two(contrast)]
    landed = left[0].mean(axis=0) - left[1].mean(axis=0)
    return [counted(NEXT_SEED, question.name, by_interval(low - landed, high - landed))]


def _two(contrast: CountContrast) -> tuple[int, int]:
    return contrast.high, contrast.low
