"""The rows that an analysis of a study can have, by what they are: before anything is fitted to its cells.

Rows of the runs' numbers are made, which is quick; what the cell-level model, the Bayesian route and the claims would
add is named alone. So an id that no row can have is told without an analysis.
"""

from collections.abc import Iterator

import pandas as pd

from xtransfer_stats.stats.analysis import AnalysisRequest
from xtransfer_stats.stats.celllevel.cellresults import own_data_labels
from xtransfer_stats.stats.celllevel.shrunken import language_estimands, task_estimands
from xtransfer_stats.stats.claims.claim import spoken_of
from xtransfer_stats.stats.claims.evidence import evidence
from xtransfer_stats.stats.claims.verdict import claim_keys
from xtransfer_stats.stats.core.complete import CompleteScores, complete_of, study_facts
from xtransfer_stats.stats.core.estimands import Estimand, target_tasks
from xtransfer_stats.stats.core.rows import Row, label, row_id
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.routes.bayes.rows import language_effects
from xtransfer_stats.stats.routes.crossed import SCOPES
from xtransfer_stats.stats.routes.sampling import route_targets
from xtransfer_stats.stats.runlevel.allpairs import pair_rows
from xtransfer_stats.stats.runlevel.collapse import collapse_rows
from xtransfer_stats.stats.runlevel.combination import contrast_rows
from xtransfer_stats.stats.runlevel.covariates import covariate_rows
from xtransfer_stats.stats.runlevel.grouprows import group_rows, language_rows
from xtransfer_stats.stats.runlevel.heterogeneity import heterogeneity_rows
from xtransfer_stats.stats.runlevel.identity import identity_results
from xtransfer_stats.stats.runlevel.logodds import log_odds_rows
from xtransfer_stats.stats.runlevel.magnitude import equivalence_rows
from xtransfer_stats.stats.runlevel.runresults import run_results


def row_names(scores: StudyScores, request: AnalysisRequest) -> pd.DataFrame:
    """id, contrast and scope of every row that the result frame or the routes may have; some may be left out of them.

    Raises DataError for scores and contrasts that no analysis takes.
    """
    complete = complete_of(scores)
    rows = [*_of_runs(complete, scores, request), *_of_cells(complete, scores), *_of_claims(complete, request)]
    keys = [(row_id(row), str(row["contrast"]), str(row.get("scope", ""))) for row in rows]
    names = pd.DataFrame(keys, columns=["id", "contrast", "scope"])
    return names.drop_duplicates("id").reset_index(drop=True)


def _of_runs(complete: CompleteScores, scores: StudyScores, request: AnalysisRequest) -> Iterator[Row]:
    alpha = request.alpha
    runs = run_results(complete, alpha)
    yield from runs.rows
    yield from runs.paired
    yield from identity_results(complete, alpha).rows
    yield from language_rows(complete, alpha)
    yield from group_rows(complete, scores.labels, alpha)
    yield from covariate_rows(complete, scores.covariates, alpha)
    yield from heterogeneity_rows(complete)
    yield from collapse_rows(complete, scores.trainings, alpha)
    yield from log_odds_rows(complete, alpha)
    yield from contrast_rows(complete, request.contrasts, alpha, scores.labels)
    yield from pair_rows(complete, alpha) if request.pairs else ()
    yield from equivalence_rows(runs.rows, request.margin, alpha, scores.measure.unit)


def _of_cells(complete: CompleteScores, scores: StudyScores) -> Iterator[Row]:
    estimands: list[Estimand] = [
        *language_estimands(complete, ""),
        *task_estimands(complete.cells.get_level_values("target_task").unique(), complete),
        *language_effects(complete),
        *target_tasks(complete.cells),
    ]
    for target in route_targets(complete):
        yield from ({**target.label, "scope": scope} for scope in SCOPES)
    for contrast in complete.design.effects:
        yield from (label(one, contrast) for one in estimands)
    if scores.own_data:
        first, less = own_data_labels(complete)
        yield first
        yield from (label(less, contrast) for contrast in complete.design.effects)


def _of_claims(complete: CompleteScores, request: AnalysisRequest) -> Iterator[Row]:
    for claim in spoken_of(request.claims, study_facts(complete).study):
        yield from (claim_keys(claim.name, part.hypothesis) for part in evidence(claim, complete).parts)
