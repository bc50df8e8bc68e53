"""The routes side by side: which are asked for, one table of their rows, and whether they agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.stats.core import inference
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.results import RESULT_COLUMNS
from xtransfer_stats.stats.core.rows import Row, row_id, weights_of
from xtransfer_stats.stats.core.termtable import HEADLINE, THESE
from xtransfer_stats.stats.core.weights import Weights
from xtransfer_stats.stats.routes.bayes.request import refusal
from xtransfer_stats.stats.routes.bayes.rows import METHOD as METHOD_BAYES
from xtransfer_stats.stats.routes.bayes.rows import bayes_results
from xtransfer_stats.stats.routes.called import BAYES, CELLS, CROSSED, ENGINE, ITEMS, MIXED, PAIRED, SEEDS
from xtransfer_stats.stats.routes.called import words as words
from xtransfer_stats.stats.routes.crossed import SCOPES, crossed_rows
from xtransfer_stats.stats.routes.draws import Sampling
from xtransfer_stats.stats.routes.request import Model as Model
from xtransfer_stats.stats.routes.request import RouteRequest as RouteRequest
from xtransfer_stats.stats.routes.sampling import RouteTarget, route_targets
from xtransfer_stats.stats.routes.seedbootstrap import METHOD, seed_rows, seed_weights
from xtransfer_stats.stats.routes.twolevel import example_share, items_of, two_level_rows
from xtransfer_stats.stats.routes.unsampled import cell_level_rows, paired_rows, second_engine_rows

SHIFT = 0.1  # of the smallest standard error; estimates nearer than that are one
ROUNDING = 0.005  # points: half of the last digit shown
WIDTHS = 1.5  # ratio of interval widths


def sentences(routes: pd.DataFrame) -> list[str]:
    """Do the routes agree? One sentence an estimand on which they do not, one when all do.

    routes: column route and the result frame's; scope "these" is compared.
    """
    these = routes[routes["scope"] == THESE]
    apart = [text for name, part in these.groupby("contrast", sort=False) if (text := _differ(str(name), part))]
    if apart:
        return apart
    if these["route"].nunique() < 2:
        return []
    return [
        f"The routes agree: no estimate differs by more than {SHIFT:g} standard errors, no interval excludes "
        "zero alone, no "
        f"interval is more than {WIDTHS:g} times as wide as another."
    ]


def _differ(contrast: str, part: pd.DataFrame) -> str:
    ways = [text for text in (_estimates(part), _zero(part), _widths(part)) if text]
    return f"The routes disagree on {contrast}: {'; '.join(ways)}." if ways else ""


def _estimates(part: pd.DataFrame) -> str:
    known = part.dropna(subset=["estimate"])
    if known.empty or np.ptp(known["estimate"]) <= max(ROUNDING, SHIFT * known["std_error"].min()):
        return ""
    low, high = known.loc[known["estimate"].idxmin()], known.loc[known["estimate"].idxmax()]
    return f"the estimate is {low.estimate:+.2f} by {low.route} and {high.estimate:+.2f} by {high.route}"


def _zero(part: pd.DataFrame) -> str:
    known = part.dropna(subset=["conf_low", "conf_high"])
    excludes = (known["conf_low"] > 0) | (known["conf_high"] < 0)
    if excludes.all() or not excludes.any():
        return ""
    outside, inside = (", ".join(known.loc[chosen, "route"]) for chosen in (excludes, ~excludes))
    return f"zero is outside the interval by {outside} and inside by {inside}"


def _widths(part: pd.DataFrame) -> str:
    known = part.dropna(subset=["conf_low", "conf_high"])
    width = known["conf_high"] - known["conf_low"]
    if len(known) < 2 or width.max() <= WIDTHS * width.min():
        return ""
    wide, narrow = known.loc[width.idxmax()], known.loc[width.idxmin()]
    return f"the interval by {wide.route} is {width.max():.2f} points wide, by {narrow.route} {width.min():.2f}"


POSTERIOR = ("prob_positive", "prob_above_margin", "prior_moves")  # NaN but in rows of the Bayesian route
ROUTE_COLUMNS = ("route", *RESULT_COLUMNS, "sign_flip_p", *POSTERIOR)
COMPARED = (MIXED, PAIRED, SEEDS, CELLS)  # the others describe, or answer for more than seeds and sets
OVER_SEEDS = (PAIRED, SEEDS)
STUDENTISED = METHOD.format("studentised")
INSTEAD = "The headline (effects, steps, interactions) is by this route: {}."
SHARE_DRAWS = 199  # of the examples, for their share of a cell's variance


def one_computation(mixed: Sequence[Row], paired: Sequence[Row]) -> list[str]:
    """A sentence where rows of the mixed model are the seed-paired route's, digit for digit."""
    errors = {(row["contrast"], inference.PAIRED, row["std_error"]) for row in paired}
    same = [str(row["contrast"]) for row in mixed if (row["contrast"], row["method"], row["std_error"]) in errors]
    if not same:
        return []
    where = "" if len(same) == len(mixed) else f" for {', '.join(same)}"
    return [
        f"In this layout {MIXED} and {PAIRED} are one computation{where}, the {inference.PAIRED}: "
        "that they agree confirms nothing."
    ]


Parts = tuple[tuple[str, Sequence[Row]], ...]  # route -> its rows


@dataclass(frozen=True)
class RouteResults:
    """parts: rows by route. headline: rows in place of the mixed ones, or none.

    replicates: a column a route, scope and estimand, for those that resample. verdict: how sure the interactions are,
    in place of what their p-values say; "" where these say it.
    """

    parts: Parts = ()
    headline: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    replicates: pd.DataFrame = field(default_factory=pd.DataFrame)
    verdict: str = ""

    @cached_property
    def table(self) -> pd.DataFrame:
        """ROUTE_COLUMNS, a row a route and estimand."""
        blank = dict.fromkeys(("p_adjusted", "sign_flip_p", *POSTERIOR), np.nan)
        rows = [{**blank, **row, "route": name, "id": row_id(row)} for name, its_rows in self.parts for row in its_rows]
        return pd.DataFrame(rows, columns=list(ROUTE_COLUMNS))

    @property
    def weights(self) -> dict[str, Weights]:
        """Row id -> what its estimate is of the runs' scores."""
        return weights_of(row for _, rows in self.parts for row in rows)


@dataclass(frozen=True)
class _Study:
    """What every route starts from. mixed: the headline's rows by the mixed model."""

    complete: CompleteScores
    mixed: list[Row]
    request: RouteRequest
    trainings: Mapping[str, str | None] | None
    alpha: float

    @cached_property
    def targets(self) -> list[RouteTarget]:
        return route_targets(self.complete)


def route_results(
    complete: CompleteScores,
    mixed: Sequence[Row],
    request: RouteRequest,
    trainings: Mapping[str, str | None] | None,
    alpha: float,
) -> RouteResults:
    """Rows of every route that the request names; nothing for "mixed", which is the analysis itself."""
    headline = [row for row in mixed if _is_headline(row)]
    study = _Study(complete, headline, request, trainings, alpha)
    results = _ROUTES[request.model](study)
    return _with_second_engine(study, results) if request.second_engine else results


def _with_second_engine(study: _Study, results: RouteResults) -> RouteResults:
    rows, reason = second_engine_rows(study.complete, study.targets, study.alpha)
    own: Parts = () if any(name == MIXED for name, _ in results.parts) else ((MIXED, study.mixed),)
    return replace(
        results, parts=(*own, *results.parts, (ENGINE, rows)), notes=(*results.notes, *([reason] if reason else []))
    )


def with_headline(rows: Sequence[Row], headline: Sequence[Row]) -> list[Row]:
    """The mixed model's rows, those of the headline in a route's own form where there is one."""
    instead = {
        row["contrast"]: {name: row[name] for name in row if name not in ("sign_flip_p", *POSTERIOR)}
        for row in headline
    }
    return [instead.get(row["contrast"], row) if _is_headline(row) else row for row in rows]


def _is_headline(row: Row) -> bool:
    return row["term"] in HEADLINE and row["scope"] == THESE


def _require_own_sets(study: _Study) -> None:
    """Raise RecipeError where seeds were crossed with task sets: no headline can rest on the seeds' spread alone."""
    if study.complete.design.layout is not Layout.NESTED:
        model = study.request.model
        raise RecipeError(
            f"model {model}: this study crosses seeds with task sets, and what differs between seeds says nothing of "
            "other sets (26 % of true nulls rejected at 10 seeds, nominal 5): use model mixed, or all, which shows "
            "this route beside it, over seeds only",
            ["model"],
        )


def _paired(study: _Study) -> RouteResults:
    _require_own_sets(study)
    rows = paired_rows(study.complete, study.alpha, study.request)
    return RouteResults(((PAIRED, rows),), tuple(rows), (INSTEAD.format(PAIRED),))


def _bootstrap(study: _Study) -> RouteResults:
    _require_own_sets(study)
    parts, notes, replicates = _resampled(study)
    headline = [row for row in parts[0][1] if row["method"] == STUDENTISED]
    return RouteResults(parts, tuple(headline), (INSTEAD.format(STUDENTISED), *notes), replicates)


def _bayes(study: _Study) -> RouteResults:
    found = bayes_results(study.complete, study.request.bayes, study.request.seed, study.alpha)
    parts: Parts = ((MIXED, study.mixed), (BAYES, found.rows))
    headline = tuple(row for row in found.rows if _is_headline(row))
    return RouteResults(parts, headline, (INSTEAD.format(METHOD_BAYES), *found.notes), verdict=found.verdict)


def _all(study: _Study) -> RouteResults:
    parts, notes, replicates = _resampled(study)
    cells, reason = cell_level_rows(study.complete, study.targets, study.trainings, study.alpha)
    paired = paired_rows(study.complete, study.alpha, study.request)
    bayes, said = _bayes_too(study)
    everything = RouteResults(
        ((MIXED, study.mixed), (PAIRED, paired), *parts, (CELLS, cells), *bayes), replicates=replicates
    )
    table = everything.table
    one_a_route = (table["route"] != SEEDS) | (table["method"] == STUDENTISED)
    # Routes over seeds only answer another question where sets are shared by the seeds.
    crossed = study.complete.design.layout is not Layout.NESTED
    comparable = [name for name in COMPARED if not (crossed and name in OVER_SEEDS)]
    compared = sentences(table[table["route"].isin(comparable) & one_a_route])
    others = (*one_computation(study.mixed, paired), *notes, *([reason] if reason else []), *said)
    return replace(everything, notes=(*compared, *others))


def _bayes_too(study: _Study) -> tuple[Parts, tuple[str, ...]]:
    """The Bayesian route where it can be had, and its notes; or none and the reason."""
    if reason := refusal(study.complete):
        return (), (f"No Bayesian route: {reason}.",)
    found = bayes_results(study.complete, study.request.bayes, study.request.seed, study.alpha)
    return ((BAYES, found.rows),), found.notes


_ROUTES = {
    "mixed": lambda study: RouteResults(),
    "paired": _paired,
    "bootstrap": _bootstrap,
    "bayes": _bayes,
    "all": _all,
}


def _resampled(study: _Study) -> tuple[Parts, tuple[str, ...], pd.DataFrame]:
    """Rows by route, notes and replicates of every bootstrap."""
    targets, sampling = study.targets, study.request
    weights = seed_weights({len(t.differences) for t in targets}, sampling)
    crossed, drawn = crossed_rows(study.complete, targets, sampling, study.alpha)
    parts: Parts = ((SEEDS, seed_rows(targets, weights, study.alpha)), (CROSSED, crossed))
    table = {
        (SEEDS, THESE, t.label["contrast"]): weights[len(t.differences)] @ t.differences / len(t.differences)
        for t in targets
        if len(t.differences) in weights
    }
    names = [(CROSSED, scope, t.label["contrast"]) for scope in SCOPES for t in targets]
    table |= dict(zip(names, drawn.T, strict=True))
    notes: tuple[str, ...] = ()
    if study.request.predictions is not None:
        rows, drawn, note = _over_items(study, study.request.predictions)
        parts = (*parts, (ITEMS, rows))
        table |= {(ITEMS, THESE, t.label["contrast"]): column for t, column in zip(targets, drawn.T, strict=True)}
        notes = (note,)
    return parts, notes, pd.DataFrame(table).rename_axis(columns=["route", "scope", "contrast"])


def _over_items(study: _Study, predictions: pd.DataFrame) -> tuple[list[Row], Array, str]:
    items, sampling = items_of(study.complete, predictions), study.request
    rows, drawn = two_level_rows(study.complete, study.targets, items, sampling, study.alpha)
    share, cells = example_share(study.complete, items, Sampling(SHARE_DRAWS, sampling.seed))
    if not np.isfinite(share):
        return rows, drawn, "Which part of a cell's variance is examples cannot be told: no cell can be scored again."
    note = f"Test examples make {share:.0f} % of a cell's variance between runs of one count (mean of {cells} cells)."
    return rows, drawn, note
