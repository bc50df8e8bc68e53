"""The tables of a study's report, declared: title, caption, columns and rows of each, in the order of their files."""

import math
from collections.abc import Callable, Mapping
from operator import attrgetter
from types import MappingProxyType

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select
from xtransfer_stats.report.panel import Column
from xtransfer_stats.report.tables.columns import (
    ADJUSTED_P,
    BOUNDS,
    DF,
    ESTIMATE,
    NOTE,
    RESULT,
    SCOPE,
    STARRED,
    WITHOUT_ONE,
    Listing,
    P,
    by_count,
    number,
    p_value,
    results,
)
from xtransfer_stats.report.tables.paper import PAPER, PAPER_LANGUAGES, PAPER_TASKS
from xtransfer_stats.report.tables.prediction import PREDICTION
from xtransfer_stats.report.tables.ranking import RANKING
from xtransfer_stats.report.tables.runs import runs
from xtransfer_stats.report.tables.singles import SINGLE_TABLES
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.core import termtable
from xtransfer_stats.stats.core.results import CONVERGENCE_COLUMNS, INFLUENCE_COLUMNS, OF_PAIR, Analysis
from xtransfer_stats.stats.routes.called import words as route_words

READINGS = {"read": "", "unread": " (figure unread in its source)", "ours": ""}

CLAIMS = Listing(
    "Claims",
    "Claims of the literature and what these data say to them; estimates in {points}. Adjusted p: Holm over every test "
    "of every claim; intervals are 95 % ones corrected by the same factor. Equivalent: within the margin, by two "
    "one-sided tests. {size}.",
    (
        Column("claim", ("text", "reading"), lambda text, reading: f"{text}{READINGS[reading]}", "n"),
        Column("verdict"),
        ESTIMATE,
        ADJUSTED_P,
        Column("reason", align="n"),
    ),
    attrgetter("claims"),
    lambda claims: claims.sort_values("verdict", key=lambda verdicts: verdicts == "not testable", kind="stable"),
)
VARIANCE = Listing(
    "Variance shares",
    "Variance components of the cell-level model (REML). {size}.{believe}",
    (
        Column("component"),
        number("SD ({points})", "sd"),
        Column("share", "share", formats.percent, "r"),
        Column("state"),
        NOTE,
    ),
    attrgetter("variance"),
)


def _diagnosed(name: str, columns: tuple[str, ...]) -> Callable[[Analysis], pd.DataFrame]:
    """A table of the diagnostics; empty where the analysis has none."""
    return lambda analysis: getattr(analysis.diagnostics, name, pd.DataFrame(columns=list(columns)))


def _scientific(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.1e}"


def _loud(analysis: Analysis) -> pd.DataFrame:
    """Levels without which the interaction moves by a standard error or changes its verdict."""
    changes = _diagnosed("influence", INFLUENCE_COLUMNS)(analysis)
    return changes[(changes["change_in_se"].abs() > 1) | changes["changes_verdict"].astype(bool)]


TABLES: Mapping[str, Listing] = MappingProxyType(
    {
        "effects": Listing(
            "Effects{and interaction}",
            "{Interaction, effects}{and steps}{without tasks}. {size}.",
            (RESULT, STARRED, WITHOUT_ONE, ADJUSTED_P, P, DF, SCOPE),
            lambda analysis: select.without_one_task(analysis, select.rows(analysis, *select.PRIMARY)),
            terms=select.PRIMARY,
        ),
        "paper": PAPER,
        "paper_tasks": PAPER_TASKS,
        "paper_languages": PAPER_LANGUAGES,
        "prediction": PREDICTION,
        "claims": CLAIMS,
        # As measured, and as the cell-level model shrinks it.
        "languages": by_count(
            "Languages",
            "Effect in each language within its target tasks, on the level of {of benchmarks}.",
            "language",
            "language",
            termtable.LANGUAGE,
            termtable.SHRUNKEN_LANGUAGE,
        ),
        "composition": by_count(
            "Composition of languages",
            "Which target tasks a language has: its plain mean over them, and that less its effect within them.",
            "language",
            "language",
            termtable.COMPOSITION,
            termtable.LANGUAGE_MEAN,
        ),
        # As measured, and as the cell-level model shrinks it.
        "tasks": by_count(
            "Target tasks",
            "Effect on each target task.",
            "target task",
            "target_task",
            termtable.TASK,
            termtable.SHRUNKEN_TASK,
        ),
        "leave_one_out": by_count(
            "Leave one task out", "Leave one target task out.", "without", "target_task", termtable.LEAVE_ONE_OUT
        ),
        "decomposition": results(
            "Decomposition of the interaction",
            "Parts of the interaction; they sum to it.",
            termtable.DECOMPOSITION,
            columns=(
                Column("part", "level"),
                Column("{unit}", "n_tasks", formats.count_of_tasks),
                ESTIMATE,
                Column("tasks", "note", align="n"),
            ),
        ),
        "collapse": Listing(
            "Collapsed trainings",
            "Trainings at chance level on their English dev data, in per cent of all at {the unit}, with Clopper and "
            "Pearson's interval; p: Fisher's exact test against the baseline, of trainings, not of their scores. "
            "{size}.",
            (
                Column("{unit}", "n_tasks", formats.count_of_tasks),
                Column("collapsed", "note", align="n"),
                Column("% [95 %]", BOUNDS, formats.estimate, "r"),
                P,
            ),
            lambda analysis: select.rows(analysis, termtable.COLLAPSE),
        ),
        "given_no_collapse": results(
            "Effect given no collapse",
            "The effect in runs none of whose trainings concerned collapsed: for trainings that succeed.",
            termtable.GIVEN,
            columns=(RESULT, ESTIMATE, P, DF),
        ),
        "own_data": results("Sensitivity: own-task data", "Sensitivity to own-task training data.", termtable.OWN_DATA),
        "log_odds": Listing(
            "Sensitivity: log-odds",
            "Effects{and interaction} on the log-odds of the scores: another estimand, in log-odds and not in {points}."
            "{on the scale} {size}. 95 % intervals; p is not "
            "corrected.",
            (RESULT, ESTIMATE, P, DF),
            lambda analysis: select.rows(analysis, termtable.LOG_ODDS),
        ),
        "terms": Listing(
            "Terms",
            f"{{terms}}, each tested jointly (F). {{size}}. {notes.NO_STARS}{{believe}}",
            (Column("term"), number("df", "df_num", 0), number("error df", "df", 1), number("F", "statistic"), P, NOTE),
            attrgetter("terms"),
        ),
        "variance": VARIANCE,
        "missing": Listing(
            "Missing cells",
            "Cells without a score, filled from their run and language within the target task, or left out; what "
            "leaving out the cell in all runs does to the {primary}. {size}.",
            (
                Column("run"),
                Column("target task", "target_task"),
                Column("language"),
                Column("reason"),
                Column("handling"),
                number("effect of dropping ({points})", "effect_of_dropping"),
            ),
            attrgetter("missing"),
        ),
        "influence": Listing(
            "Influence",
            "Single levels that move the {primary} by more than a standard error or change its uncorrected verdict. "
            "{size}.",
            (
                Column("without", ("kind", "level"), "{} {}".format, "n"),
                Column("{unit}", "n_tasks", formats.count_of_tasks),
                Column("of", OF_PAIR, optional=True),
                number("{primary}", "estimate"),
                number("change ({points})", "change"),
                number("in standard errors", "change_in_se", 1),
                Column("verdict changes", "changes_verdict", lambda changes: "yes" if changes else ""),
            ),
            _loud,
        ),
        "convergence": Listing(
            "Convergence",
            "Convergence. A boundary (a variance of zero) is a result; a derivative near zero shows an optimum. "
            "{size}.",
            (
                Column("model"),
                number("criterion", "criterion"),
                Column("state"),
                Column("largest derivative", "gradient", _scientific, "r"),
                Column("least curvature", "curvature", _scientific, "r"),
                NOTE,
            ),
            _diagnosed("convergence", CONVERGENCE_COLUMNS),
        ),
        "ranking": RANKING,
        "pairs": results("All pairs of conditions", "Every condition less every earlier one.", termtable.PAIR),
        **SINGLE_TABLES,
        "asked": results(
            "Hypotheses asked for",
            "Asked for by name; equivalence has 90 % intervals.",
            *termtable.ON_REQUEST,
            columns=(Column("hypothesis", "contrast", align="n"), Column("test", "term"), ESTIMATE, P, DF, NOTE),
        ),
        "effect_sizes": Listing(
            "Effect sizes",
            "Effect sizes in units of the standard deviation of the seeds' differences: noise of training, not scores; "
            "Bayes factor of an effect against none, Cauchy prior of scale 0.707 in these units. {size}.",
            (
                RESULT,
                number("seeds", "n_seeds", 0),
                number("d", "d"),
                number("Hedges g", "hedges_g"),
                number("its correction", "correction"),
                Column("Bayes factor 10", "bf10", "{:.3g}".format, "r"),
            ),
            lambda analysis: analysis.effect_sizes.dropna(subset=analysis.effect_sizes.columns.intersection(["d"])),
        ),
        "routes": Listing(
            "Routes",
            "The same estimands by other routes; no p is corrected, and intervals of the crossed bootstrap describe. "
            "{size}.",
            (
                RESULT,
                Column("route", ("route", "method"), route_words),
                ESTIMATE,
                P,
                p_value("sign-flip p", "sign_flip_p"),
                SCOPE,
            ),
            attrgetter("routes"),
            lambda routes: select.of_benchmarks(routes).sort_values("contrast", kind="stable"),
        ),
        "posterior": Listing(
            "Posterior",
            "The Bayesian route: posterior means, probabilities of an effect above zero and above the margin, and how "
            "far a limit moves, in per cent of the interval's width, when all priors are halved or doubled. {size}.",
            (
                RESULT,
                ESTIMATE,
                Column("P(> 0)", "prob_positive", formats.probability, "r"),
                Column("P(> margin)", "prob_above_margin", formats.probability, "r"),
                Column("priors move a limit by", "prior_moves", formats.percent, "r"),
                SCOPE,
            ),
            select.posterior,
        ),
        "groups": results("Task groups", "Effect on each group of target tasks.", termtable.GROUP),
        "families": results(
            "Language families", "Effect in each language family within target tasks.", termtable.FAMILY
        ),
        "language_groups": results(
            "Language groups", "Effect in each group of languages within target tasks.", termtable.LANGUAGE_GROUP
        ),
        "scripts": results("Scripts", "Effect in each script within target tasks.", termtable.SCRIPT),
        "covariates": results(
            "Slopes on covariates",
            "How the effect goes with what is known of the languages, exploratory.",
            termtable.SLOPE,
        ),
        "heterogeneity": Listing(
            "Differences between languages",
            f"Do languages differ in the effect, within target tasks? {{size}}. p is not corrected. {notes.BELIEVE}",
            (RESULT, number("sd ({points})", "estimate"), number("F", "statistic"), P, NOTE),
            lambda analysis: select.rows(analysis, termtable.HETEROGENEITY),
        ),
        "identity": Listing(
            "Intermediate tasks",
            "Shrunken guess of each task's part in the {primary}; never tested. {size}.",
            (
                Column("intermediate task", "level"),
                number("part ({points})", "estimate"),
                number("standard error", "std_error"),
            ),
            lambda analysis: select.rows(analysis, termtable.IDENTITY),
            lambda parts: parts.sort_values("estimate", ascending=False, kind="stable"),
        ),
        "additive": results("Additive tasks", "{Primary} with additive task effects.", termtable.ADDITIVE),
    }
)


def tables(analysis: Analysis) -> dict[str, Table]:
    """Every table that has a row, by file name."""
    size = notes.size(analysis)
    every = {name: declared.table(name, analysis, size) for name, declared in TABLES.items()}
    every["runs"] = runs(analysis, size)
    return {name: table for name, table in every.items() if len(table.frame)}
