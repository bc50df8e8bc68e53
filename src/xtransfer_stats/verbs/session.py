"""The library's verbs, one function each: what the command line calls."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.engines.budget import Budget
from xtransfer_stats.engines.engine import Engine, Limits, Listener, Outcome
from xtransfer_stats.stats.core import frame as frames
from xtransfer_stats.stats.core.results import Analysis, for_files
from xtransfer_stats.stats.core.scores import Covariate, Covariates, StudyScores
from xtransfer_stats.stats.core.signature import data_hash
from xtransfer_stats.stats.diagnostics.diagnose import for_machines
from xtransfer_stats.stats.runlevel.covariates import DISTANCE, WIKIPEDIA
from xtransfer_stats.store import studies
from xtransfer_stats.store.looks import count as count_look
from xtransfer_stats.store.scores import candidate_ids, evaluations, predictions, score_frame
from xtransfer_stats.store.store import Store
from xtransfer_stats.store.survey import Survey, survey
from xtransfer_stats.study.plan import Plan, make_plan
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.study.versions import Versions, asked, remembered
from xtransfer_stats.tasks.benchmarks import Tatoeba, benchmarks_of, cells_of
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.listing import languages
from xtransfer_stats.tasks.owndata import own_data
from xtransfer_stats.tasks.target import TARGET_TASKS
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.verbs.claimsfile import load_claims

if TYPE_CHECKING:
    from xtransfer_stats.exchange.xtreme_export import Evaluated
    from xtransfer_stats.stats.comparison.result import Comparison
    from xtransfer_stats.stats.published.analysis import PublishedAnalysis
    from xtransfer_stats.stats.routes.route import RouteRequest


@dataclass(frozen=True)
class Prepared:
    """A study's plan, its store, and what the store has of it."""

    plan: Plan
    store: Store

    @cached_property
    def survey(self) -> Survey:
        """What the store has of the study; looked up when it is first asked for, which an analysis never does."""
        return survey(self.plan, self.store)


def prepare(recipe: Recipe, root: Path, version: Versions = asked) -> Prepared:
    """Plan a study and name its store; nothing is written."""
    return Prepared(make_plan(recipe, version), Store(root))


def run(prepared: Prepared, engine: Engine, listener: Listener, hours: float | None = None) -> Outcome:
    """Run the missing steps of a study, within `hours` of wall time if given."""
    costs = prepared.survey.costs
    budget = None if hours is None else Budget(3600 * hours, lambda step: costs[step.kind][0])
    prepared.store.create()
    studies.remember(prepared.store, prepared.plan.recipe, prepared.plan.versions)
    for key in prepared.survey.damaged():
        _take_out(prepared, key, listener)
    missing = prepared.survey.missing()
    limits = Limits(budget, prepared.plan.recipe.study.keep)
    return engine.run(prepared.plan.steps, missing, prepared.store, listener, limits)


def _take_out(prepared: Prepared, key: str, listener: Listener) -> None:
    step = prepared.plan.steps[key]
    with prepared.store.claimed(step) as mine:
        if mine and prepared.store.state(step)[1]:
            prepared.store.remove(step)
    listener.damaged(step, f"{step.kind} {step.name}: {prepared.survey.reasons[key].removeprefix('damaged: ')}")


def study_of(root: Path, name: str | None = None) -> Prepared:
    """The study of a store that was run last, or the one called `name`."""
    study = studies.recall(Store(root).opened(), name)
    return prepare(study.recipe, root, remembered(study.versions))


def analyze(
    scores: StudyScores,
    contrasts: tuple[str, ...] = (),
    margin: float | None = None,
    routes: "RouteRequest | None" = None,
    claims: str | Path = "claims",
    beside: "tuple[Comparison, ...]" = (),
    progress: "Callable[[str], None] | None" = None,
) -> Analysis:
    """Analyze the scores: the mixed model, the routes asked for, and a file of claims.

    beside: comparisons with studies of other variants, for the claims on them. progress: told each stage's name.
    """
    from xtransfer_stats.stats import analysis
    from xtransfer_stats.stats.routes.route import RouteRequest

    request = analysis.AnalysisRequest(
        contrasts=contrasts,
        margin=margin,
        routes=routes or RouteRequest(),
        claims=load_claims(claims),
        beside=beside,
    )
    return analysis.analyze(scores, request, progress)


def scores_of(
    place: Path,
    study: str | None = None,
    benchmarks: tuple[str, str] | None = None,
    tatoeba: Tatoeba = "per-benchmark",
) -> StudyScores:
    """The score frame of a store's study, or of an exported file.

    The benchmarks of a file are those of the catalogue that its cells fit, unless they are named; a file does not tell
    its study's protocol of Tatoeba, so `tatoeba` does. A store knows both.
    """
    looks = None
    if place.is_dir():
        prepared = study_of(place, study)
        frame = score_frame(prepared.plan, prepared.store)
        looks = count_look(prepared.store, prepared.plan.recipe.study.name, data_hash(frame))
        chosen: tuple[str, str] = benchmarks or prepared.plan.recipe.study.benchmarks
        tatoeba = prepared.plan.recipe.study.tatoeba
    else:
        frame = frames.read(place, scores=True)
        frame["language"] = [canonical(code) or code for code in frame["language"]]
        chosen = benchmarks or benchmarks_of(_cells(frame), tatoeba)
    unknown = set(frame["target_task"]) - TARGET_TASKS.keys()
    if unknown:
        raise DataError(f"target_task {min(unknown)!r} is not in the catalogue: `xstats tasks` lists it")
    cells = {name: cells_of(name, tatoeba=tatoeba) for name in chosen}
    return StudyScores(frame, cells, trainings(), own_data(), labels(), _covariates(), looks)


def labels() -> dict[str, dict[str, str]]:
    """What hypotheses can be taken at beside tasks and languages: groups of target tasks, scripts, families."""
    known = languages()
    kinds = ("name", "script", "family")
    by_language = {kind: {row["code"]: row[kind] for row in known if row[kind]} for kind in kinds}
    return {"group": {name: task.group for name, task in TARGET_TASKS.items() if task.group}, **by_language}


def _covariates() -> Covariates:
    """Numbers of the languages that effects can be set against, where they are known."""
    known = languages()
    sizes, distances = (
        {row["code"]: float(row[key]) for row in known if row[key]}
        for key in ("wikipedia_millions", "syntactic_distance")
    )
    return {
        WIKIPEDIA: Covariate(sizes, f"tenfold {WIKIPEDIA}", logarithmic=True),
        DISTANCE: Covariate(distances, f"0.1 of {DISTANCE}", step=0.1),
    }


def predictions_of(place: Path, study: str | None = None) -> pd.DataFrame:
    """Per-example outcomes of a store's study, or those written beside an exported frame.

    Raises DataError where there are none.
    """
    if place.is_dir():
        prepared = study_of(place, study)
        return predictions(prepared.plan, prepared.store)
    beside = frames.predictions_beside(place)
    if not beside.is_file():
        remedy = f"`xstats export --output {place.name}` writes both"
        raise DataError(f"--items: no {beside.name} beside {place.name}; {remedy}")
    return pd.read_parquet(beside)


def trainings() -> dict[str, str | None]:
    """Target task -> the training whose tuned model it scores, None where there is none."""
    return {name: task.training for name, task in TARGET_TASKS.items()}


def published(place: Path, claims: str | Path = "claims") -> "PublishedAnalysis | None":
    """The analysis of a published table (single runs without seeds); None where the place is something else.

    A table that travels with the package is found by its file's name from anywhere.
    """
    from xtransfer_stats.stats.published.analysis import analyse_published

    rows = published_rows(place)
    return None if rows is None else analyse_published(rows, trainings(), load_claims(claims))


def published_rows(place: Path) -> pd.DataFrame | None:
    """The rows of a published table; None where the place is something else."""
    from xtransfer_stats.stats.published.gains import is_published

    table = place if place.exists() else resources.shipped_table(place.name)
    if table is None or table.is_dir():
        return None
    rows = frames.read(table)
    return rows if is_published(rows) else None


def _cells(frame: pd.DataFrame) -> set[tuple[str, str]]:
    used = frame[frame["status"] != "not_in_benchmark"]
    return set(zip(used["target_task"], used["language"], strict=True))


def study_frame(place: Path, study: str | None = None) -> pd.DataFrame:
    """The score frame of a store's study."""
    prepared = study_of(place, study)
    return score_frame(prepared.plan, prepared.store)


def export_layout(prepared: Prepared, out: Path) -> int:
    """Write all finished predictions in the leaderboard's layout; returns how many files of predictions.

    Raises DataError when no evaluation is finished, or `out` cannot be written.
    """
    from xtransfer_stats.exchange.xtreme_export import write_layout

    written = 0
    for found in _evaluated(prepared):
        for benchmark, cells in prepared.plan.recipe.cells().items():
            if found.language in cells.get(found.task.name, ()):
                write_layout(out, benchmark, found)
                written += 1
    if not written:
        raise DataError("no evaluation of this study is finished, so there are no predictions. `xstats run` goes on.")
    return written


def _evaluated(prepared: Prepared) -> "Iterator[Evaluated]":
    from xtransfer_stats.exchange.xtreme_export import Evaluated

    for run, target, step, rows in evaluations(prepared.plan, prepared.store):
        task = TARGET_TASKS[target]
        for language, part in rows.groupby("language"):
            numbered = task.family is Family.SENTENCE_RETRIEVAL
            pool = candidate_ids(prepared.plan, prepared.store, step, str(language)) if numbered else []
            yield Evaluated(run, task, str(language), part, pool)


_FIT_KEYS = ("formula", "n", "criterion", "state", "fixed", "random", "residual_variance", "bootstrap")


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    """An analysis for machines: `effects`, the rows of the result frame, and the fits.

    The keys of a fitted formula stand at the top too: those of the cell-level model, or of the runs' where a
    study has too few seeds for one.
    """
    main: dict[str, Any] = dict.fromkeys(_FIT_KEYS) | {"fixed": [], "random": []}
    main |= {key: value for key, value in analysis.fits[-1].items() if key in _FIT_KEYS}
    return plain(
        main
        | {
            "facts": asdict(analysis.facts),
            "answer": analysis.answer,
            "effects": for_files(analysis.results).to_dict("records"),
            "terms": analysis.terms.to_dict("records"),
            "variance": analysis.variance.to_dict("records"),
            "effect_sizes": analysis.effect_sizes.to_dict("records"),
            "routes": analysis.routes.to_dict("records"),
            "claims": analysis.claims.to_dict("records"),
            "missing": analysis.missing.to_dict("records"),
            "fits": list(analysis.fits),
            "diagnostics": for_machines(analysis.diagnostics) if analysis.diagnostics else None,
            "notes": list(analysis.notes),
            "signature": analysis.signature,
        }
    )


def published_json(found: "PublishedAnalysis") -> dict[str, Any]:
    """A published table's analysis for machines, under the keys of a study's."""
    rows = {name: getattr(found, name).to_dict("records") for name in ("gains", "variance", "claims")}
    rows["effects"] = for_files(found.results).to_dict("records")
    words = {name: getattr(found, name) for name in ("study", "backbone", "source", "answer", "methods", "signature")}
    return plain(words | rows | {"notes": list(found.notes), "fits": list(found.fits)})


def plain(value: Any) -> Any:
    """The value in JSON's own types; NaN and infinities, which JSON lacks, become null."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_file(path: Path, content: bytes) -> None:
    """Write a file the user asked for; raises DataError naming the option and the remedy."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise DataError(f"--output {path.name!r}: {error.strerror}. Choose another place.") from None
