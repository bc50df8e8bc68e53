"""`analyze`: a study's scores, or a published table, to everything that its report says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.scoreframe.asked import asked_of
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.stats.claims.claim import CONTRAST
from xtransfer_stats.stats.core import frame as frames
from xtransfer_stats.stats.core.results import Analysis, Checked, SingleTasks, for_files
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.termtable import HEADLINE, THESE
from xtransfer_stats.stats.request import AnalysisRequest
from xtransfer_stats.stats.routes.bayes.priors import priors_of
from xtransfer_stats.stats.routes.bayes.request import BayesRequest
from xtransfer_stats.stats.routes.request import RouteRequest
from xtransfer_stats.verbs import machines
from xtransfer_stats.verbs.backboneeffects import BackbonesResult, compared_backbones, of_several
from xtransfer_stats.verbs.bounds import ENGINES, require_counts
from xtransfer_stats.verbs.export import write_file
from xtransfer_stats.verbs.extras import require
from xtransfer_stats.verbs.keptanalyses import analysed
from xtransfer_stats.verbs.published import PublishedResult, published_of
from xtransfer_stats.verbs.recipes import Model, load_analysis, load_claims
from xtransfer_stats.verbs.results import Progress, Result
from xtransfer_stats.verbs.scores import Held, as_pandas, held, read_scores, scores_of

if TYPE_CHECKING:
    from xtransfer_stats.report.tables.table import Table
    from xtransfer_stats.stats.comparison.compare import Comparison

REPLICATES = 1999
DRAWS = 1000
SEED = 2005


@dataclass(frozen=True, repr=False, eq=False)
class AnalysisResult(Result):
    """A study analysed. analysis: every table of it (stats.core.results), as the report draws them."""

    analysis: Analysis

    @property
    def checks(self) -> tuple[Checked, ...]:
        """Whether each hypothesis that was given a bound is shown to lie beyond it."""
        return self.analysis.checks

    @property
    def singles(self) -> SingleTasks:
        """What each intermediate task alone gains, which is best, and sets beside their members; empty without such."""
        return self.analysis.singles

    @property
    def study(self) -> str:
        """The study's name."""
        return self.analysis.facts.study

    @property
    def answer(self) -> str:
        """The study's question answered: how much, on which task or language it hangs, how sure."""
        return self.analysis.answer

    def frame(self) -> pd.DataFrame:
        """The result frame: term, contrast, scope, estimate, ..., id (stats.core.results.RESULT_COLUMNS)."""
        return for_files(self.analysis.results, self.analysis.facts.conditions)

    @property
    def key_rows(self) -> pd.DataFrame:
        """Effects, steps and interactions for these languages and tasks."""
        rows = self.analysis.results
        return rows[rows["term"].isin(HEADLINE) & (rows["scope"] == THESE)]

    @property
    def drawings(self) -> Mapping[str, Callable[[], Any]]:
        """The charts of docs/gallery.md."""
        from xtransfer_stats.report.charts import EVERY

        return {name: partial(draw, self.analysis) for name, draw in EVERY.items()}

    def made_tables(self) -> "Iterable[Table]":
        """The tables of docs/tables.md."""
        from xtransfer_stats.report.tables import tables

        return tables(self.analysis).values()

    def write(self, folder: str | Path, progress: Progress | None = None) -> list[Path]:
        """Write the report: page, charts, tables and results."""
        from xtransfer_stats.report.write import write_report

        return write_report(self.analysis, Path(folder), progress)

    def to_dict(self) -> dict[str, Any]:
        """`effects`, the rows of the result frame, the fits, and what stands beside them."""
        return machines.analysis_json(self.analysis)


def analyze(
    source: Any = STORE,
    *,
    model: str = "mixed",
    contrast: Sequence[str] = (),
    margin: float | None = None,
    bootstrap: int = REPLICATES,
    seed: int | str = 2005,
    items: Any = False,
    study: str | None = None,
    backbone: str | None = None,
    benchmarks: tuple[str, ...] | None = None,
    condition: str | None = None,
    baseline: str | None = None,
    draw: str | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    labels: Mapping[str, str] = MappingProxyType({}),
    unpaired: bool = False,
    better: str | None = None,
    unit: str | None = None,
    pairs: bool = False,
    check: Sequence[str] = (),
    scale: Scale = None,
    engine: str = "own",
    prior: Mapping[str, float] = MappingProxyType({}),
    draws: int = DRAWS,
    replicates: str | Path | None = None,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
    drawn: Callable[[int], None] | None = None,
) -> AnalysisResult | PublishedResult | BackbonesResult:
    """Analyze a study: effects, interaction, languages and tasks, with intervals and corrected tests.

    source: a store, an exported file, a published table, a Study, StudyScores, or a frame of pandas, polars, pyarrow.
    model: mixed, paired, bootstrap, bayes, all of them side by side, or an analysis recipe's name or path.
    contrast: hypotheses such as "effect(9) - effect(3) @ xtreme". margin: of equivalence, in points.
    bootstrap, seed, workers: replicates, their seed, threads. items: draw test examples too, those of the
    store or beside the file, or of a frame of predictions that is given.
    seed: a text is the column of seeds, see `read_scores`, as condition, baseline, draw, columns, labels, unpaired,
    better and unit are. pairs: test all pairs of conditions, as one family. check: hypotheses with a bound,
    "effect(lora) > -0.5", one-sided. study: of a store, default the last one run. backbone: one of a
    study of several, whose effects are compared where none is named. benchmarks: first and second; the
    interaction is second less first. scale: of a file's or frame's scores: 100 where they are fractions, 1 where they
    are points that look so; of all, or by target task. prior, draws: of model bayes: scales in points that are not the
    default's (docs/routes.md), draws a chain. engine: "statsmodels" refits by MixedLM too. replicates: a Parquet file
    for what the bootstrap drew. progress: told the name of each stage; drawn: how many more replicates are done. Raises
    DataError for scores that cannot be analysed, RecipeError for options that no analysis can have.
    """
    seeds, seed = (seed, SEED) if isinstance(seed, str) else (None, seed)
    require_counts(bootstrap=bootstrap, draws=draws, workers=workers, seed=seed)
    asked = asked_of(condition, baseline, draw, seeds, columns, labels, unpaired, better, unit)
    second, recipe = _is_second(engine), load_analysis(model)
    margin = recipe.margin if margin is None else margin
    bayes = _bayes_request(recipe.model, prior, draws, margin)
    place = held(source, study, scale, asked, backbone)
    published = published_of(place)
    if published is not None:
        return published
    within = benchmarks or recipe.benchmarks
    scores = place if isinstance(place, StudyScores) else scores_of(place, within, recipe.tatoeba)
    if of_several(scores):
        given = {"contrast": contrast or recipe.contrasts, "margin": margin is not None, "pairs": pairs, "check": check}
        given |= {"model": recipe.model != "mixed", "items": items is not False, "engine": second, "prior": prior}
        given |= {"replicates": replicates is not None}
        return compared_backbones(place, scores, {name: bool(value) for name, value in given.items()})
    examples = None if items is False else _predictions(place, items, recipe.model)
    request = AnalysisRequest(
        contrasts=(*recipe.contrasts, *contrast),
        margin=margin,
        pairs=pairs,
        checks=tuple(check),
        routes=RouteRequest(
            replicates=bootstrap,
            seed=seed,
            workers=workers,
            drawn=drawn,
            model=recipe.model,
            predictions=examples,
            second_engine=second,
            bayes=bayes,
        ),
        claims=() if not scores.conditions.counted else load_claims(),
    )
    result = analysed(scores, request, progress)
    if replicates is not None:
        write_file(named(replicates, "replicates"), frames.written(_flat(result.replicates), "parquet"), "replicates")
    return AnalysisResult(result)


def compare_conditions(
    table: Any,
    *,
    condition: str | None = None,
    baseline: str | None = None,
    seed: str | None = None,
    draw: str | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    labels: Mapping[str, str] = MappingProxyType({}),
    unpaired: bool = False,
    better: str | None = None,
    unit: str | None = None,
) -> AnalysisResult:
    """Compare conditions over seeds in one line: a frame or a file with columns such as method, seed, lang, acc.

    condition, seed, draw: columns, where their names do not tell. baseline: the condition that others are compared
    with. columns: further ones by our names (target_task, language, metric, score, benchmark). labels: condition ->
    words. unpaired: equal seeds are no pair. better, unit: of the scores. All pairs are tested too. Raises DataError
    for a table that has no conditions.
    """
    scores = read_scores(
        table,
        condition=condition,
        baseline=baseline,
        seed=seed,
        draw=draw,
        columns=columns,
        labels=labels,
        unpaired=unpaired,
        better=better,
        unit=unit,
    )
    if scores.conditions.counted:
        raise DataError("table: these are counts of intermediate tasks: analyze takes them", ["table"])
    return AnalysisResult(analysed(scores, AnalysisRequest(pairs=True)))


def _is_second(engine: str) -> bool:
    """Whether statsmodels fits the models too; raises RecipeError for an engine that there is not."""
    if engine not in ENGINES:
        raise RecipeError(f"engine {engine!r}: choose {' or '.join(ENGINES)}", ["engine"])
    return engine == "statsmodels"


def _bayes_request(model: Model, prior: Mapping[str, float], draws: int, margin: float | None) -> BayesRequest:
    """What the Bayesian route is asked; raises MissingExtra and RecipeError before anything is read."""
    if model == "bayes":
        require("analyze --model bayes", "bayes")
    if (prior or draws != DRAWS) and model not in ("bayes", "all"):
        arguments = ["prior", "draws", "model"]
        raise RecipeError(f"prior and draws go with model bayes or all, not {model}", arguments)
    return BayesRequest(priors_of(prior), draws, margin)


def _predictions(place: Held, items: Any, model: Model) -> pd.DataFrame:
    """Outcomes of the test examples; raises RecipeError where the model resamples nothing."""
    examples = place.predictions() if items is True and not isinstance(place, StudyScores) else as_pandas(items)
    if examples is None:
        raise DataError("items: these scores have no predictions beside them: give a frame of them", ["items"])
    if model not in ("bootstrap", "all"):
        arguments = ["items", "model"]
        raise RecipeError(f"items draws test examples: it goes with model bootstrap or all, not {model}", arguments)
    return examples


def _flat(replicates: pd.DataFrame) -> pd.DataFrame:
    """A column a route, scope and contrast, named in one text; raises RecipeError where nothing was drawn."""
    if replicates.empty:
        arguments = ["replicates", "model"]
        raise RecipeError("replicates keeps what a bootstrap drew: it goes with model bootstrap or all", arguments)
    return replicates.set_axis([" | ".join(map(str, name)) for name in replicates.columns], axis=1)


def judged(scores: StudyScores, claims: str | Path, beside: "tuple[Comparison, ...]" = ()) -> Analysis:
    """The mixed model alone, with a file of claims; beside: comparisons with studies of other variants."""
    asked = load_claims(claims)
    if not scores.conditions.counted and all(claim.about != CONTRAST for claim in asked):
        raise DataError(
            f"file {shown(str(claims))}: its claims are of intermediate tasks, and this table compares conditions; "
            'give a file of your own with about = "contrast" (docs/claims.md)',
            ["file"],
        )
    return analysed(scores, AnalysisRequest(claims=asked, beside=beside))
