"""`xstats trace`: from an id to everything behind its number."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.complete import complete_of
from xtransfer_stats.stats.core.rows import IDENTIFIER, RESULT, row_id
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.termtable import THESE
from xtransfer_stats.stats.request import AnalysisRequest
from xtransfer_stats.stats.routes.request import RouteRequest
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.keptanalyses import analysed, kept_analysis
from xtransfer_stats.verbs.machines import plain
from xtransfer_stats.verbs.recipes import AnalysisRecipe, load_analysis, load_claims
from xtransfer_stats.verbs.scores import Held, ScoreSheet, read_scores
from xtransfer_stats.verbs.trace.beside import ScoreTrace, TableTrace, is_score, table_of, trace_score, trace_table
from xtransfer_stats.verbs.trace.commands import TraceRequest, commands, run_command
from xtransfer_stats.verbs.trace.result import ResultTrace, trace_result, unknown
from xtransfer_stats.verbs.trace.steps import Cell, Lineage, lineage

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


def trace(name: str, request: TraceRequest, place: Held) -> Trace:
    """Trace a row of a table by its id or contrast, or a score by run:target_task:language.

    request: place and options, as the analysis had them. place: what is there.
    Raises DataError for an id that is not there, StoreError for a store that is none.
    """
    return (_of_score if is_score(name) else _of_result)(name, request, place)


def _of_score(name: str, request: TraceRequest, place: Held) -> Trace:
    scores = _scores(request, place, load_analysis(request.model))
    number = trace_score(name, scores)
    return _with_steps(number, request, place, [number.run], [(number.target_task, number.language)])


def _scores(request: TraceRequest, place: Held, recipe: AnalysisRecipe) -> StudyScores:
    if isinstance(place, ScoreSheet) and place.published is not None:
        remedy = "`xstats analyze` lists its runs, and its columns confidence and source say where each cell comes from"
        raise DataError(
            f"{request.place.name!r} is a published table, with nothing behind its cells to trace: {remedy}"
        )
    return read_scores(place, benchmarks=request.benchmarks or recipe.benchmarks, tatoeba=recipe.tatoeba)


def _of_result(name: str, request: TraceRequest, place: Held) -> Trace:
    recipe = load_analysis(request.model)
    scores = _scores(request, place, recipe)
    wanted = AnalysisRequest(
        contrasts=(*recipe.contrasts, *request.contrasts),
        margin=recipe.margin if request.margin is None else request.margin,
        routes=RouteRequest(model=recipe.model),
        claims=load_claims() if scores.conditions.counted else (),
        pairs=request.pairs,
    )
    name, wanted = _meant(name, scores, wanted)
    request = replace(request, contrasts=wanted.contrasts[len(recipe.contrasts) :])
    analysis = analysed(scores, wanted)
    complete = complete_of(scores)
    table = table_of(name, analysis)
    number: ResultTrace | TableTrace
    number = trace_table(name, table, complete, analysis) if table else trace_result(name, complete, analysis)
    cells = zip(number.cells["target_task"], number.cells["language"], strict=True)
    return _with_steps(number, request, place, number.runs["run"], cells)


def _meant(name: str, scores: StudyScores, wanted: AnalysisRequest) -> tuple[str, AnalysisRequest]:
    """The id of the row that is named by its id, by its contrast, or as a hypothesis; and the analysis that has it.

    What no row can have is refused before the analysis, which takes its time.
    """
    if IDENTIFIER.fullmatch(name) is not None and not name.startswith(RESULT):
        return name, wanted
    names = _names(scores, wanted)
    if name in set(names["id"]):
        return name, wanted
    called = names[names["contrast"] == name].sort_values("scope", key=lambda scope: scope != THESE, kind="stable")
    if len(called):
        return str(called["id"].iloc[0]), wanted
    from xtransfer_stats.stats.runlevel.combination import contrast_rows

    try:
        own = contrast_rows(complete_of(scores), (name,), wanted.alpha, scores.labels)
    except DataError:
        raise unknown(name, names) from None
    return row_id(own[0]), replace(wanted, contrasts=(*wanted.contrasts, name))


def _names(scores: StudyScores, wanted: AnalysisRequest) -> pd.DataFrame:
    """id, contrast and scope of the rows that the analysis has, or may have where it is not made yet."""
    kept = kept_analysis(scores, wanted)
    if kept is not None:
        tables = [table for table in (kept.results, kept.routes) if len(table)]
        return pd.concat([table[["id", "contrast", "scope"]] for table in tables], ignore_index=True)
    from xtransfer_stats.stats.names import row_names  # with every model

    return row_names(scores, wanted)


def _with_steps(
    number: Number, request: TraceRequest, place: Held, runs: Iterable[str], cells: Iterable[Cell]
) -> Trace:
    if not isinstance(place, StudyInStore):
        return Trace(number, None, commands(number.id, request))
    again = run_command(place.recipe, request.place)
    purposes = commands(number.id, replace(request, study=place.name)) | ({"run": again} if again else {})
    steps = lineage(place.plan, place.store, runs, cells)
    return Trace(number, steps, purposes, f"studies/{place.name}.json")


def for_machines(trace: Trace) -> dict[str, Any]:
    """number, commands, recipe, and of a store: steps in full, and every run's by their keys."""
    values = {field.name: getattr(trace.number, field.name) for field in fields(trace.number)}
    tables = {name: value.to_dict("records") for name, value in values.items() if isinstance(value, pd.DataFrame)}
    sides = {"sides": [asdict(side) for side in values["sides"]]} if "sides" in values else {}
    number = {"number": values | tables | sides, "commands": trace.commands, "recipe": trace.recipe}
    return plain(number | {"lineage": None if trace.lineage is None else _lineage(trace.lineage)})


def _lineage(lineage: Lineage) -> dict[str, Any]:
    told = {field.name: getattr(lineage, field.name) for field in fields(lineage)}
    return told | {
        "steps": {step.key: asdict(step) for step in lineage.steps},
        "runs": [
            {
                "run": run.run,
                "intermediate": run.intermediate.key if run.intermediate else None,
                "targets": [step.key for step in run.targets],
                "evaluations": [step.key for step in run.evaluations],
            }
            for run in lineage.runs
        ],
    }
