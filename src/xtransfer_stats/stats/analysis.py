"""`analyze --model mixed`: from a score frame and two benchmarks to everything a study's report says."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from xtransfer_stats.stats.answer import answer, rests_on
from xtransfer_stats.stats.celllevel.cellresults import cell_results
from xtransfer_stats.stats.celllevel.owndata import OwnData
from xtransfer_stats.stats.claims.claim import Claim, spoken_of
from xtransfer_stats.stats.claims.evidence import evidence
from xtransfer_stats.stats.claims.verdict import claim_rows, verdicts
from xtransfer_stats.stats.comparison import evidence as frompair
from xtransfer_stats.stats.comparison.result import Comparison
from xtransfer_stats.stats.core.adjust import with_families
from xtransfer_stats.stats.core.design import CATALOGUE
from xtransfer_stats.stats.core.identifiers import with_ids
from xtransfer_stats.stats.core.prepare import Prepared, dropping_notes, missing_table, prepare, study_facts
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.rows import to_frame
from xtransfer_stats.stats.core.signature import signature
from xtransfer_stats.stats.core.statuses import status_notes
from xtransfer_stats.stats.core.weights import Benchmark, cell_weights, restricted
from xtransfer_stats.stats.diagnostics.diagnose import diagnose
from xtransfer_stats.stats.methods import methods_paragraph, study_notes
from xtransfer_stats.stats.routes.route import RouteRequest, route_results, with_headline
from xtransfer_stats.stats.runlevel.asked import contrast_rows, group_rows
from xtransfer_stats.stats.runlevel.covariates import Covariates, covariate_rows, language_facts
from xtransfer_stats.stats.runlevel.effectsizes import effect_sizes
from xtransfer_stats.stats.runlevel.equivalence import equivalence_rows
from xtransfer_stats.stats.runlevel.heterogeneity import heterogeneity_rows
from xtransfer_stats.stats.runlevel.hypothesis import Labels
from xtransfer_stats.stats.runlevel.identity import identity_results
from xtransfer_stats.stats.runlevel.runresults import run_results

RUN_COLUMNS = ["seed", "replicate", "n_tasks", "task_set"]


def analyse(
    frame: pd.DataFrame,
    benchmarks: Mapping[str, Benchmark],
    *,
    own_data: OwnData | None = None,
    trainings: Mapping[str, str | None] | None = None,
    intermediate_tasks: int = CATALOGUE,
    alpha: float = 0.05,
    looks: int | None = None,
    contrasts: Sequence[str] = (),
    routes: RouteRequest | None = None,
    labels: Labels | None = None,
    covariates: Covariates | None = None,
    margin: float | None = None,
    claims: Sequence[Claim] = (),
    beside: Sequence[Comparison] = (),
    progress: Callable[[str], None] | None = None,
) -> Analysis:
    """Analyse one study.

    frame: the tidy score frame, one row a run, target task, language and metric; points on 0-100.
    benchmarks: exactly two, name -> target task -> languages; G = effect on the second less that on the first.
    own_data: target task -> intermediate tasks that hold its training data; adds sensitivity rows.
    trainings: target task -> the training whose tuned model it scores; tasks of one training share its luck.
    intermediate_tasks: size of the catalogue; at this count the one set is no sample.
    looks: how many states of the study's scores were analysed so far, this one included; None: not counted.
    routes: other roads to the headline, beside the mixed model or for it (docs/routes.md); None: the mixed model alone.
    labels: "group": target task -> group; "name", "script", "family": language -> value; for names, groups, hypotheses.
    covariates: numbers of the languages by name, for slopes on them (docs/page.md).
    contrasts: further hypotheses by name (docs/contrasts.md). margin: of equivalence, in points; None: no such rows.
    claims: of the literature, to be judged (docs/claims.md). beside: comparisons with studies of other variants.
    progress: called with the name of each stage. Raises DataError for a frame that cannot be analysed.
    """
    tell = progress or _silent
    tell("scores")
    prepared = prepare(frame, benchmarks, intermediate_tasks)
    missing = missing_table(prepared)
    tell("benchmark-level results")
    asked = contrast_rows(prepared, contrasts, alpha, labels)
    runs = run_results(prepared, alpha)
    identity = identity_results(prepared, alpha)
    tell("cell-level model")
    cells = cell_results(prepared, trainings, own_data, alpha)
    tell("diagnostics")
    routed = route_results(prepared, runs.rows, routes or RouteRequest(), trainings, alpha)
    headline = with_headline(runs.rows, routed.headline)
    main = headline[0]["method"]
    fits = (
        {
            "model": "run level",
            "formula": runs.model.formula,
            "n": len(prepared.chains.runs),
            "method": main,
            "columns": runs.model.fits,
        },
        *cells.fits,
    )
    diagnostics = diagnose(prepared, cells, fits, alpha)
    tell("tables")
    groups = group_rows(prepared, labels or {}, alpha)
    facts = study_facts(prepared)
    spoken = spoken_of(claims, facts.study)
    judged = verdicts([frompair.evidence(one, beside) or evidence(one, prepared) for one in spoken], alpha)
    slopes = covariate_rows(prepared, covariates or {}, alpha)
    wished = [*groups, *slopes, *heterogeneity_rows(prepared), *asked, *equivalence_rows(headline, margin, alpha)]
    wished += claim_rows(judged)
    results = with_families(to_frame([*headline, *identity.rows, *cells.rows, *wished]))
    return Analysis(
        facts=facts,
        results=results,
        cells=cell_frame(prepared),
        run_scores=run_scores(prepared),
        terms=with_ids(cells.terms, "terms"),
        variance=with_ids(cells.variance, "variance"),
        missing=missing,
        answer=answer(results, facts, alpha),
        notes=(
            *rests_on(results),
            *routed.notes,
            *study_notes(prepared, alpha),
            *status_notes(prepared.frame, looks),
            *prepared.notes,
            *dropping_notes(missing),
            *identity.notes,
            *cells.notes,
            *diagnostics.notes,
        ),
        methods=methods_paragraph(prepared, runs.model.formula, cells.fits, alpha),
        signature=signature(
            frame,
            prepared.design.seeds,
            prepared.design.layout,
            runs.model.formula,
            main,
            alpha,
            looks,
            contrasts,
            margin,
        ),
        fits=fits,
        diagnostics=diagnostics,
        effect_sizes=effect_sizes(headline),
        routes=routed.table,
        replicates=routed.replicates,
        claims=judged,
        language_scores=language_scores(prepared),
        language_facts=language_facts(prepared, labels or {}, covariates or {}),
    )


def _silent(stage: str) -> None:
    """Progress that nobody asked for."""


def cell_frame(prepared: Prepared) -> pd.DataFrame:
    """run, seed, replicate, n_tasks, task_set, target_task, language, score of the complete cells."""
    table = prepared.table
    n_runs, n_cells = table.scores.shape
    rows = table.runs[RUN_COLUMNS].reset_index().iloc[np.repeat(np.arange(n_runs), n_cells)].reset_index(drop=True)
    names = {key: np.tile(table.cells.get_level_values(key).to_numpy(), n_runs) for key in table.cells.names}
    return rows.assign(**names, score=table.scores.ravel())


def run_scores(prepared: Prepared) -> pd.DataFrame:
    """run, seed, replicate, n_tasks, task_set, benchmark, score: every run's official averages."""
    table = prepared.table
    runs = table.runs[RUN_COLUMNS].reset_index()
    parts = [
        runs.assign(benchmark=name, score=table.scores @ cell_weights(part, table.cells))
        for name, part in prepared.benchmarks.items()
    ]
    return pd.concat(parts, ignore_index=True)


def language_scores(prepared: Prepared) -> pd.DataFrame:
    """run, seed, replicate, n_tasks, task_set, language, benchmark, score: mean over the language's target tasks."""
    cells = cell_frame(prepared)
    keys = ["run", *RUN_COLUMNS, "language"]
    parts = []
    for name, part in prepared.benchmarks.items():
        inside = pd.MultiIndex.from_tuples(
            [(task, one) for task, names in restricted(part, prepared.cells).items() for one in names]
        )
        rows = cells[pd.MultiIndex.from_frame(cells[["target_task", "language"]]).isin(inside)]
        parts.append(rows.groupby(keys, as_index=False, sort=False)["score"].mean().assign(benchmark=name))
    return pd.concat(parts, ignore_index=True)[[*keys, "benchmark", "score"]]
