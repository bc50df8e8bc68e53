"""From a study's scores to everything that its report says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from xtransfer_stats.stats.celllevel.cellresults import CellResults, cell_results
from xtransfer_stats.stats.checks import checked
from xtransfer_stats.stats.claims.claim import spoken_of
from xtransfer_stats.stats.claims.evidence import evidence
from xtransfer_stats.stats.claims.verdict import claim_rows, verdicts
from xtransfer_stats.stats.comparison import compare as frompair
from xtransfer_stats.stats.core.complete import (
    CompleteScores,
    cell_frame,
    compares,
    complete_of,
    language_scores,
    missing_table,
    run_scores,
    study_facts,
)
from xtransfer_stats.stats.core.inference import with_families
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.rows import Row, to_frame, weights_of, with_ids
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.signature import signature
from xtransfer_stats.stats.core.termtable import EFFECT, LANGUAGE, OWN_DATA, TASK, TERMS, THESE
from xtransfer_stats.stats.diagnostics.diagnose import diagnose
from xtransfer_stats.stats.hanging import hanging
from xtransfer_stats.stats.request import AnalysisRequest as AnalysisRequest
from xtransfer_stats.stats.routes.route import RouteResults, route_results, with_headline
from xtransfer_stats.stats.runlevel.allpairs import pair_rows
from xtransfer_stats.stats.runlevel.behind import side_means
from xtransfer_stats.stats.runlevel.collapse import collapse_notes, collapse_rows
from xtransfer_stats.stats.runlevel.combination import contrast_rows
from xtransfer_stats.stats.runlevel.covariates import covariate_rows, language_facts
from xtransfer_stats.stats.runlevel.grouprows import group_rows, language_rows
from xtransfer_stats.stats.runlevel.heterogeneity import heterogeneity_rows
from xtransfer_stats.stats.runlevel.identity import IdentityResults, identity_results
from xtransfer_stats.stats.runlevel.logodds import log_odds_rows
from xtransfer_stats.stats.runlevel.magnitude import effect_sizes, equivalence_rows
from xtransfer_stats.stats.runlevel.ranking import ranking
from xtransfer_stats.stats.runlevel.runresults import RunResults, run_results
from xtransfer_stats.stats.sentences import (
    answer,
    methods_paragraph,
    no_interaction,
    rests_on,
    status_notes,
    study_notes,
)
from xtransfer_stats.stats.singles.results import singles_results
from xtransfer_stats.stats.singles.scores import single_scores

Progress = Callable[[str], None]
NOTHING_MORE = AnalysisRequest()
STAGES = ("scores", "benchmark-level results", "cell-level model", "routes", "diagnostics", "tables")


@dataclass(frozen=True)
class _Fitted:
    """The models of a study and what they gave. hypotheses: the rows of the contrasts asked for by name."""

    hypotheses: list[Row]
    runs: RunResults
    identity: IdentityResults
    cells: CellResults
    routes: RouteResults

    @cached_property
    def headline(self) -> list[Row]:
        """The run-level rows, effects, steps and interactions by the route that was asked for."""
        return with_headline(self.runs.rows, self.routes.headline)

    @property
    def method(self) -> str:
        """How the headline's errors were got."""
        return str(self.headline[0]["method"])

    def fits(self, chains: int) -> tuple[dict[str, Any], ...]:
        """One machine-readable dict a fitted model, that of the runs' numbers first."""
        model = self.runs.model
        of_runs = {"model": "run level", "formula": model.formula, "n": chains, "method": self.method}
        return ({**of_runs, "columns": model.fits}, *self.cells.fits)


def analyze(scores: StudyScores, request: AnalysisRequest = NOTHING_MORE, progress: Progress | None = None) -> Analysis:
    """Analyze one study. progress: told each of STAGES as it begins.

    Raises DataError for scores that cannot be analyzed, and for a contrast or margin that cannot be had.
    """
    tell = progress or (lambda stage: None)
    tell("scores")
    complete, alpha = complete_of(scores), request.alpha
    alike = not compares(complete)
    missing, facts = missing_table(complete), study_facts(complete)
    fitted = _fitted(complete, scores, request, tell)
    fits = fitted.fits(len(complete.chains.runs))
    tell("diagnostics")
    diagnostics = diagnose(complete, fitted.cells, fits, alpha)
    if alike:
        diagnostics = replace(diagnostics, influence=diagnostics.influence.iloc[:0])
    tell("tables")
    # A comparison beside the study answers a claim where it can.
    claims = spoken_of(request.claims, facts.study)
    headline = _told(fitted.headline, alike)
    hangs = hanging(headline, diagnostics.influence, scores.conditions)
    alone = single_scores(scores.frame, scores.benchmarks)
    singles = singles_results(alone, alpha)
    said = [frompair.evidence(one, request.beside) or evidence(one, complete, hangs, alone) for one in claims]
    judged = verdicts(said, alpha, scores.measure.unit)
    pairs = [] if complete.design.conditions.counted and not request.pairs else pair_rows(complete, alpha)
    collapsed = collapse_rows(complete, scores.trainings, alpha)
    rows = [  # of the result frame in its order
        *headline,
        *fitted.identity.rows,
        *language_rows(complete, alpha),
        *fitted.cells.rows,
        *group_rows(complete, scores.labels, alpha),
        *covariate_rows(complete, scores.covariates, alpha),
        *heterogeneity_rows(complete),
        *collapsed,
        *(log_odds_rows(complete, alpha) if scores.measure.share else ()),
        *fitted.hypotheses,
        *(pairs if request.pairs else ()),
        *equivalence_rows(headline, request.margin, alpha, scores.measure.unit),
        *claim_rows(judged, said),
    ]
    rows = _told(rows, alike)
    results = with_families(to_frame(rows))
    return Analysis(
        facts=facts,
        results=results,
        cells=cell_frame(complete),
        run_scores=run_scores(complete),
        terms=with_ids(fitted.cells.terms, "terms"),
        variance=with_ids(fitted.cells.variance, "variance"),
        missing=missing,
        answer=answer(results, facts, alpha, hangs, fitted.routes.verdict),
        notes=(
            *scores.notes,
            *([no_interaction(facts)] if alike else []),
            *rests_on(results),
            *fitted.routes.notes,
            *study_notes(complete, results, alpha),
            *status_notes(complete.frame, scores.looks),
            *collapse_notes(collapsed),
            *complete.notes,
            *singles.notes,
            *fitted.identity.notes,
            *fitted.cells.notes,
            *diagnostics.notes,
        ),
        methods=methods_paragraph(complete, fitted.cells.fits, alpha),
        signature=signature(
            scores.frame,
            complete.design.seeds,
            complete.design.layout,
            fitted.runs.model.formula,
            fitted.method,
            alpha,
            scores.looks,
            request.contrasts,
            request.margin,
            "sets" if scores.conditions.counted else "draws",
        ),
        fits=fits,
        diagnostics=diagnostics,
        effect_sizes=effect_sizes(_told(with_headline(fitted.headline, fitted.runs.paired), alike)),
        routes=fitted.routes.table,
        replicates=fitted.routes.replicates,
        claims=judged,
        language_scores=language_scores(complete),
        language_facts=language_facts(complete, scores.labels, scores.covariates),
        weights=fitted.routes.weights | weights_of(rows),
        checks=checked(complete, request.checks, alpha, scores.labels),
        sides=side_means(complete, [row for row in rows if _two_sided(row)]),
        ranking=ranking(complete, pairs, scores.measure, alpha),
        singles=singles,
    )


def _two_sided(row: Row) -> bool:
    """Whether a row is an effect of which a paper prints both means."""
    return row["term"] in (EFFECT, TASK, LANGUAGE) and row["scope"] == THESE and row.get("weights") is not None


def _told(rows: Iterable[Row], alike: bool) -> list[Row]:
    """The rows without those that compare benchmarks which weigh every cell alike: these are zero by construction."""
    of_two = [name for name, term in TERMS.items() if term.between or name == OWN_DATA]
    return [row for row in rows if not (alike and row["term"] in of_two and not row.get("benchmark"))]


def _fitted(complete: CompleteScores, scores: StudyScores, request: AnalysisRequest, tell: Progress) -> _Fitted:
    alpha = request.alpha
    tell("benchmark-level results")
    hypotheses = contrast_rows(complete, request.contrasts, alpha, scores.labels)
    runs, identity = run_results(complete, alpha), identity_results(complete, alpha)
    tell("cell-level model")
    cells = cell_results(complete, scores.trainings, scores.own_data, alpha)
    tell("routes")
    routes = route_results(complete, runs.rows, request.routes, scores.trainings, alpha)
    return _Fitted(hypotheses, runs, identity, cells, routes)
