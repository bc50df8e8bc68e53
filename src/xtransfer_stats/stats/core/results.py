"""The one result frame: printer, charts, tables and JSON read it and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from xtransfer_stats.base.formats import p_value, signed
from xtransfer_stats.stats.core.conditions import COUNTS, POINTS, Conditions, Measure
from xtransfer_stats.stats.core.frame import CONDITION, DRAW
from xtransfer_stats.stats.core.weights import Weights

RESIDUAL_COLUMNS = ("run", "target_task", "language", "fitted", "residual", "standardised")
INFLUENCE_COLUMNS = (
    "kind",  # run, seed, language, target task
    "level",
    "n_tasks",
    "estimate",  # of the interaction without the level, in points
    "change",  # without minus with, in points
    "change_in_se",  # the same in standard errors of the whole study; NaN where there is none
    "std_error",  # without the level
    "p_value",  # without the level, uncorrected
    "changes_verdict",  # uncorrected at alpha: below zero, above zero or neither, with the level and without
)
# Of three and more benchmarks also this: which interaction a row is of.
OF_PAIR = "contrast"
QQ_COLUMNS = ("panel", "level", "theoretical", "observed", "low", "high")
NORMALITY_COLUMNS = ("panel", "levels", "statistic", "p_value", "outside", "note")
VARIANCE_COLUMNS = ("component", "sd", "share", "state", "note")
CONVERGENCE_COLUMNS = ("model", "criterion", "state", "gradient", "curvature", "note")


@dataclass(frozen=True)
class Diagnostics:
    """residuals of the cell-level model (points; standardised by the target task's residual sd). influence of single
    runs, seeds, languages and target tasks on the interaction. qq: ordered standardised values against the normal's
    with a 95 % envelope for each point. normality: Shapiro-Wilk a panel. convergence: one row a fitted model.
    """

    residuals: pd.DataFrame
    influence: pd.DataFrame
    qq: pd.DataFrame
    normality: pd.DataFrame
    convergence: pd.DataFrame
    notes: tuple[str, ...] = ()


RESULT_COLUMNS = (
    "term",  # effect, step, interaction, task effect, language effect, leave one out, ...
    "contrast",  # the linear hypothesis in words: "effect(3) @ xtreme-mini"
    "scope",  # stats.core.termtable.SCOPES: "these" languages and tasks, "such" languages, "such tasks"
    "estimate",  # points on 0-100
    "std_error",
    "df",
    "statistic",
    "p_value",
    "p_adjusted",
    "conf_low",
    "conf_high",
    "method",  # how error and df were got: "seed-paired t", "Kenward-Roger", ...
    "n_runs",
    "note",
    # keys of the estimand, "" (n_tasks: NaN) where they do not apply
    "n_tasks",
    "benchmark",
    "target_task",
    "language",
    "family",  # family of tests whose correction p_adjusted carries; "" when none
    "id",  # names the row by its keys alone (stats.core.rows): `xstats trace` takes it
)
# Further keys of the frame in memory; files have RESULT_COLUMNS alone (`for_files`).
KEY_COLUMNS = (
    "level",  # part of the target tasks, group, family, script, covariate, intermediate task or setting; "" for none
)


def for_files(rows: pd.DataFrame, conditions: Conditions = COUNTS) -> pd.DataFrame:
    """Rows of a result frame as files and JSON have them: without the keys that stay in memory.

    Where conditions are no counts of intermediate tasks column `condition` holds the level in place of the count.
    """
    return in_levels(rows.drop(columns=[name for name in KEY_COLUMNS if name in rows]), conditions)


def in_levels(rows: pd.DataFrame, conditions: Conditions) -> pd.DataFrame:
    """Rows of any table as files have them where conditions are no counts: their levels and draws by name."""
    if conditions.counted:
        return rows
    named = {"n_tasks": CONDITION, "task_set": DRAW}
    if "n_tasks" in rows:
        rows = rows.assign(
            n_tasks=["" if code in ("", None) or code != code else conditions.label(code) for code in rows["n_tasks"]]
        )
    drawn = rows if conditions.drawn else rows.drop(columns=[name for name in ("task_set",) if name in rows])
    return drawn.rename(columns=named)


@dataclass(frozen=True)
class StudyFacts:
    """What a table's caption and a signature say of the study."""

    study: str
    backbone: str
    variant: str
    control: str
    benchmarks: tuple[str, ...]  # of two, G = effect on the second minus effect on the first
    counts: tuple[int, ...]  # without the baseline 0
    seeds: tuple[int, ...]
    n_runs: int
    n_cells: int  # cells (target task, language) that every run has
    official: tuple[str, ...] = ()  # the benchmarks' own names, where only parts of them are reported under others
    seeds_at: tuple[int, ...] = ()  # how many seeds have the baseline and a run, at each of the counts
    conditions: Conditions = COUNTS
    measure: Measure = POINTS
    # Conditions whose seeds are not the baseline's -> how many seeds the baseline has, and they.
    apart: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def fewest_seeds(self) -> int:
        """Seeds behind the effect at the count that has the fewest; all of them where counts were not told apart."""
        return min(self.seeds_at, default=len(self.seeds))


@dataclass(frozen=True)
class Checked:
    """A hypothesis beside its bound: its estimate, the one-sided p that it lies beyond, and whether that is shown."""

    text: str
    estimate: float
    bound: float
    p_value: float
    shown: bool

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        p = f"one-sided p {p_value(self.p_value)}" if self.p_value == self.p_value else "no error is known"
        return f"{'Shown' if self.shown else 'NOT shown'}: {self.text} (estimate {signed(self.estimate)}, {p})"


@dataclass(frozen=True)
class SingleTasks:
    """A study's runs on single intermediate tasks (stats.singles); all empty where it has none.

    gains: a row a benchmark, intermediate and target task. best: a row a benchmark and target task. sets: a row a
    benchmark and task count, beside its members. Columns: GAIN_COLUMNS, BEST_COLUMNS, SET_COLUMNS there.
    """

    gains: pd.DataFrame = field(default_factory=pd.DataFrame)
    best: pd.DataFrame = field(default_factory=pd.DataFrame)
    sets: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """Everything that an analysis found; the report draws it, the command line prints it.

    cells: run, seed, replicate, n_tasks, task_set, target_task, language, score (every cell, some filled in)
    run_scores: run, seed, replicate, n_tasks, task_set, benchmark, score (official averages)
    language_scores: the same with language: a run's mean over the language's target tasks in the benchmark
    language_facts: language, name, family, script, and a column a covariate
    terms: term, df_num, df, statistic, p_value, note (the seven terms; NaN where not testable)
    variance: component, sd, share, state (interior or boundary), note
    missing: run, target_task, language, reason, handling, effect_of_dropping
    terms, variance, missing: and id, which names the row as in the result frame
    fits: one machine-readable dict a fitted model
    weights: row id -> what its estimate is of the runs' scores, for the rows of results and routes that are such a sum
    """

    facts: StudyFacts
    results: pd.DataFrame
    cells: pd.DataFrame
    run_scores: pd.DataFrame
    terms: pd.DataFrame
    variance: pd.DataFrame
    missing: pd.DataFrame
    answer: str  # the question answered in three sentences: how much, what it hangs on, how sure
    notes: tuple[str, ...]
    methods: str  # the methods paragraph
    signature: str
    fits: tuple[dict[str, Any], ...] = field(default=())
    diagnostics: Diagnostics | None = None
    effect_sizes: pd.DataFrame = field(
        default_factory=pd.DataFrame
    )  # contrast, n_seeds, d, hedges_g, correction, bf10, note
    routes: pd.DataFrame = field(default_factory=pd.DataFrame)  # a row a route and estimand; empty for the mixed model
    replicates: pd.DataFrame = field(default_factory=pd.DataFrame)  # a column a resampled estimand
    claims: pd.DataFrame = field(default_factory=pd.DataFrame)  # a row a claim of the literature, with its verdict
    language_scores: pd.DataFrame = field(default_factory=pd.DataFrame)
    language_facts: pd.DataFrame = field(default_factory=pd.DataFrame)
    weights: Mapping[str, Weights] = field(default_factory=dict)
    checks: tuple[Checked, ...] = ()  # of hypotheses against bounds, as asked
    # id, baseline, treated: the two means behind an effect on a benchmark, target task or language
    sides: pd.DataFrame = field(default_factory=pd.DataFrame)
    ranking: pd.DataFrame = field(default_factory=pd.DataFrame)  # of three conditions and more (stats.runlevel.ranking)
    singles: SingleTasks = field(default_factory=SingleTasks)
