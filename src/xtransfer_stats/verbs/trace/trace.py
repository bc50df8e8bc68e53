"""`xstats trace`: from an id to everything behind its number."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.analysis import AnalysisRequest, analyze
from xtransfer_stats.stats.core.prepare import Prepared, prepare
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.routes.route import RouteRequest
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.recipes import AnalysisRecipe, load_analysis, load_claims
from xtransfer_stats.verbs.scores import Held, ScoreTable, labels, read_scores
from xtransfer_stats.verbs.trace.commands import Asked, analysis_command, run_command, trace_command
from xtransfer_stats.verbs.trace.lineage import Cell, Lineage, lineage
from xtransfer_stats.verbs.trace.result import ResultTrace, trace_result
from xtransfer_stats.verbs.trace.score import ScoreTrace, is_score, trace_score
from xtransfer_stats.verbs.trace.tablerow import TableTrace, table_of, trace_table

Number = ResultTrace | TableTrace | ScoreTrace


@dataclass(frozen=True)
class Trace:
    """What stands behind a number.

    number: a row of the result frame or of another table, or a score. lineage: the steps of the store; None where the
    place is a file of scores. commands: purpose -> command. recipe: where the store keeps the study's recipe, "" for a
    file.
    """

    number: Number
    lineage: Lineage | None
    commands: dict[str, str]
    recipe: str = ""


def trace(name: str, asked: Asked, place: Held) -> Trace:
    """Trace a row of a table by its id, or a score by run:target_task:language.

    asked: place and options, as the analysis had them. place: what is there.
    Raises DataError for an id that is not there, StoreError for a store that is none.
    """
    return (_of_score if is_score(name) else _of_result)(name, asked, place)


def _of_score(name: str, asked: Asked, place: Held) -> Trace:
    scores = _scores(asked, place, load_analysis(asked.model))
    number = trace_score(name, scores.frame, scores.benchmarks)
    return _with_steps(number, asked, place, [number.run], [(number.target_task, number.language)])


def _scores(asked: Asked, place: Held, recipe: AnalysisRecipe) -> StudyScores:
    if isinstance(place, ScoreTable) and place.published is not None:
        remedy = "`xstats analyze` lists its runs, and its columns confidence and source say where each cell comes from"
        raise DataError(f"{asked.place.name!r} is a published table, with nothing behind its cells to trace: {remedy}")
    return read_scores(place, benchmarks=asked.benchmarks or recipe.benchmarks, tatoeba=recipe.tatoeba)


def _of_result(name: str, asked: Asked, place: Held) -> Trace:
    recipe = load_analysis(asked.model)
    scores = _scores(asked, place, recipe)
    margin = recipe.margin if asked.margin is None else asked.margin
    contrasts = (*recipe.contrasts, *asked.contrasts)
    request = AnalysisRequest(
        contrasts=contrasts, margin=margin, routes=RouteRequest(model=recipe.model), claims=load_claims()
    )
    analysis = analyze(scores, request)
    prepared = prepare(scores.frame, scores.benchmarks)
    table = table_of(name, analysis)
    number = trace_table(name, table, prepared, analysis) if table else _row(name, prepared, analysis)
    cells = zip(number.cells["target_task"], number.cells["language"], strict=True)
    return _with_steps(number, asked, place, number.runs["run"], cells)


def _row(name: str, prepared: Prepared, analysis: Analysis) -> ResultTrace:
    return trace_result(name, prepared, analysis, labels())


def _with_steps(number: Number, asked: Asked, place: Held, runs: Iterable[str], cells: Iterable[Cell]) -> Trace:
    if not isinstance(place, StudyInStore):
        return Trace(number, None, _commands(number, asked))
    study, name = place, place.name
    made = run_command(study.recipe, asked.place)
    commands = _commands(number, replace(asked, study=name)) | ({"run": made} if made else {})
    found = lineage(study.plan, study.store, runs, cells)
    return Trace(number, found, commands, f"studies/{name}.json")


def _commands(number: Number, asked: Asked) -> dict[str, str]:
    return {"analysis": analysis_command(asked), "trace": trace_command(number.id, asked)}
