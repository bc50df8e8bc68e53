"""Family-wise error of the corrections of the interactions, and two independent studies of unlike size."""

from dataclasses import replace

import numpy as np
from benchmarks.calibration.grid import GridCell
from benchmarks.calibration.questions import Question, asked, counted
from benchmarks.calibration.setting import Setting
from benchmarks.calibration.tally import Tally
from benchmarks.calibration.verdicts import Verdict, by_p, of_moments

from xtransfer_stats.stats.comparison.difference import Independent
from xtransfer_stats.stats.core.inference import Array, Correction, adjusted
from xtransfer_stats.stats.runlevel.runlevel import RunLevel
from xtransfer_stats.stats.runlevel.runresults import max_t_p

OTHER = 10  # seeds of the second study
FAMILY = "any interaction"


def families(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    """Whether any of the interactions is called real, by Holm and by max-T."""
    questions = [one for one in asked(cell, block, setting, rng) if one.name.startswith("G")]
    studies = questions[0].studies
    differences = np.array([studies.differences(one.contrast) for one in questions])  # (K, seeds, studies)
    p = np.array([_model(one).contrast(one.contrast).p_value() for one in questions])
    holm = np.array([adjusted(column, Correction.HOLM).min() for column in p.T])
    largest = np.array([max_t_p(differences[:, :, i].T).min() for i in range(differences.shape[2])])
    return [counted("Holm", FAMILY, _any(holm)), counted("max-T", FAMILY, _any(largest))]


def _any(smallest: Array) -> Verdict:
    return by_p(smallest, np.full(len(smallest), np.nan))


def welch(cell: GridCell, block: int, setting: Setting, rng: np.random.Generator) -> list[Tally]:
    """The difference of a study and of another with OTHER seeds, sharing nothing."""
    mine = asked(cell, block, setting, rng)
    others = asked(replace(cell, seeds=OTHER), block, setting, rng)
    pairs = [(a, Independent(_model(a), _model(b))) for a, b in zip(mine, others, strict=True)]
    return [
        counted(f"independent studies, the second of {OTHER} seeds", a.name, of_moments(both.contrast(a.contrast)))
        for a, both in pairs
    ]


def _model(question: Question) -> RunLevel:
    return RunLevel(question.studies.chains, question.studies.design, question.studies.numbers)
