"""Scope "such languages": how many languages power asks for, beside seeds."""

import numpy as np

from xtransfer_stats.stats.power.answers import Question
from xtransfer_stats.stats.power.plans import StudyPlan
from xtransfer_stats.stats.power.simulate import NullStudies, null_studies
from xtransfer_stats.stats.power.variances import Variances
from xtransfer_stats.stats.runlevel.such import LEAST_DF


def such_studies(plan: StudyPlan, languages: float, variances: Variances, question: Question) -> NullStudies:
    """Simulated studies of one count, tested as the analysis tests scope "such".

    languages: their effective number. The language jackknife's variance is drawn as variances.language^2 / languages
    times a mean square of languages - 1 df; the test's df is the smaller of the runs' and that.
    """
    runs = null_studies(plan, variances, question.studies, question.seed, question.alpha)
    rng = np.random.default_rng(np.random.SeedSequence([question.seed, 1]))
    share, df = variances.language**2 / languages, max(languages - 1, LEAST_DF)
    luck = np.sqrt(share) * rng.standard_normal(runs.estimate.shape)
    jackknife = share * rng.chisquare(df, runs.estimate.shape) / df
    return NullStudies(
        runs.estimate + luck, np.sqrt(runs.std_error**2 + jackknife), np.minimum(runs.df, df), question.alpha
    )
