"""The routes side by side: which are asked for, one table of their rows, and whether they agree."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd

from xtransfer_stats.stats.prepare import Prepared
from xtransfer_stats.stats.results import RESULT_COLUMNS
from xtransfer_stats.stats.routes.celllevel import cell_level_rows
from xtransfer_stats.stats.routes.compare import sentences
from xtransfer_stats.stats.routes.crossed import SCOPES, crossed_rows
from xtransfer_stats.stats.routes.items import items_of
from xtransfer_stats.stats.routes.paired import paired_rows
from xtransfer_stats.stats.routes.seedbootstrap import METHOD, seed_rows, seed_weights
from xtransfer_stats.stats.routes.targets import PRIMARY, Target, targets
from xtransfer_stats.stats.routes.twolevel import example_share, two_level_rows
from xtransfer_stats.stats.rows import Row

Model = Literal["mixed", "paired", "bootstrap", "all"]
MODELS: tuple[str, ...] = get_args(Model)
ROUTE_COLUMNS = ("route", *RESULT_COLUMNS, "sign_flip_p")
MIXED, PAIRED, CELLS = "mixed model", "seed-paired", "cell-level model"
SEEDS, CROSSED, ITEMS = "bootstrap over seeds", "crossed bootstrap", "two-level bootstrap"
COMPARED = (MIXED, PAIRED, SEEDS, CELLS)  # the others describe, or answer for more than seeds and sets
SHARE_DRAWS = 199  # of the examples, for their share of a cell's variance


@dataclass(frozen=True)
class RouteRequest:
    """What is asked of the routes. predictions: per-example outcomes, for the two-level bootstrap; None without."""

    model: Model = "mixed"
    replicates: int = 1999
    seed: int = 2005
    workers: int = 1
    predictions: pd.DataFrame | None = None
    progress: Callable[[int], None] | None = None


@dataclass(frozen=True)
class RouteResults:
    """table: ROUTE_COLUMNS, a row a route and estimand. headline: rows in place of the mixed ones, or none.

    replicates: a column a route and estimand, for those that resample.
    """

    table: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ROUTE_COLUMNS)))
    headline: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    replicates: pd.DataFrame = field(default_factory=pd.DataFrame)


def route_results(
    prepared: Prepared,
    mixed: Sequence[Row],
    request: RouteRequest,
    trainings: Mapping[str, str | None] | None,
    alpha: float,
) -> RouteResults:
    """Rows of every route that the request names; nothing for "mixed", which is the analysis itself."""
    found = targets(prepared)
    return _ROUTES[request.model](
        prepared, [row for row in mixed if _is_headline(row)], request, trainings, alpha, found
    )


def with_headline(rows: Sequence[Row], headline: Sequence[Row]) -> list[Row]:
    """The mixed model's rows, those of the headline in a route's own form where there is one."""
    instead = {row["contrast"]: {name: row[name] for name in row if name != "sign_flip_p"} for row in headline}
    return [instead.get(row["contrast"], row) if _is_headline(row) else row for row in rows]


def _is_headline(row: Row) -> bool:
    return row["term"] in PRIMARY and row["scope"] == "these"


Trainings = Mapping[str, str | None] | None


def _mixed(prepared: Prepared, mixed: list[Row], request: RouteRequest, trainings: Trainings, alpha: float,
           found: list[Target]) -> RouteResults:  # fmt: skip
    return RouteResults()


def _paired(prepared: Prepared, mixed: list[Row], request: RouteRequest, trainings: Trainings, alpha: float,
            found: list[Target]) -> RouteResults:  # fmt: skip
    rows = paired_rows(prepared, alpha, request.replicates, request.seed)
    return RouteResults(_table([(PAIRED, rows)]), tuple(rows))


def _bootstrap(prepared: Prepared, mixed: list[Row], request: RouteRequest, trainings: Trainings, alpha: float,
               found: list[Target]) -> RouteResults:  # fmt: skip
    parts, notes, replicates = _resampled(prepared, request, alpha, found)
    headline = [row for row in parts[0][1] if row["method"] == METHOD.format("studentised")]
    return RouteResults(_table(parts), tuple(headline), notes, replicates)


def _all(prepared: Prepared, mixed: list[Row], request: RouteRequest, trainings: Trainings, alpha: float,
         found: list[Target]) -> RouteResults:  # fmt: skip
    parts, notes, replicates = _resampled(prepared, request, alpha, found)
    cells, reason = cell_level_rows(prepared, found, trainings, alpha)
    paired = paired_rows(prepared, alpha, request.replicates, request.seed)
    table = _table([(MIXED, mixed), (PAIRED, paired), *parts, (CELLS, cells)])
    studentised = (table["route"] != SEEDS) | (table["method"] == METHOD.format("studentised"))
    told = sentences(table[table["route"].isin(COMPARED) & studentised])
    return RouteResults(table, (), (*told, *notes, *([reason] if reason else [])), replicates)


_ROUTES = {"mixed": _mixed, "paired": _paired, "bootstrap": _bootstrap, "all": _all}


def _resampled(
    prepared: Prepared, request: RouteRequest, alpha: float, found: list[Target]
) -> tuple[list[tuple[str, list[Row]]], tuple[str, ...], pd.DataFrame]:
    asked = {"workers": request.workers, "progress": request.progress}
    weights = seed_weights({len(t.differences) for t in found}, request.replicates, request.seed, **asked)
    over_seeds = seed_rows(found, weights, alpha)
    crossed, drawn = crossed_rows(prepared, found, request.replicates, request.seed, alpha, **asked)
    names = [(CROSSED, scope, t.label["contrast"]) for scope in SCOPES for t in found]
    table = {(SEEDS, "these", t.label["contrast"]): weights[len(t.differences)] @ t.differences / len(t.differences)
             for t in found if len(t.differences) in weights}  # fmt: skip
    table |= dict(zip(names, drawn.T, strict=True))
    parts, notes = [(SEEDS, over_seeds), (CROSSED, crossed)], ()
    if request.predictions is not None:
        items = items_of(prepared, request.predictions)
        rows, drawn = two_level_rows(prepared, found, items, request.replicates, request.seed, alpha, **asked)
        parts.append((ITEMS, rows))
        table |= {(ITEMS, "these", t.label["contrast"]): column for t, column in zip(found, drawn.T, strict=True)}
        notes = (_examples(*example_share(prepared, items, SHARE_DRAWS, request.seed)),)
    return parts, notes, pd.DataFrame(table).rename_axis(columns=["route", "scope", "contrast"])


def _examples(share: float, cells: int) -> str:
    if not np.isfinite(share):
        return "Which part of a cell's variance is examples cannot be told: no cell can be scored again."
    return (
        f"Test examples make {share:.0f} % of the variance of a cell between runs of one count (mean of {cells} cells)."
    )


def _table(parts: Sequence[tuple[str, Sequence[Row]]]) -> pd.DataFrame:
    rows = [
        {"p_adjusted": np.nan, "sign_flip_p": np.nan, **row, "route": name} for name, found in parts for row in found
    ]
    return pd.DataFrame(rows, columns=list(ROUTE_COLUMNS))
