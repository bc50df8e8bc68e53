"""`fit`: a formula in lme4's notation fitted to any tidy table, with what is asked of the fit."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from xtransfer_stats.base.errors import DataError, FitError, RecipeError
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.verbs.bounds import ENGINES, require_counts
from xtransfer_stats.verbs.fittable import rows_of

if TYPE_CHECKING:
    from xtransfer_stats.mixedmodels.formula import FormulaFit
    from xtransfer_stats.mixedmodels.resampling.bootstrap import Bootstrap
    from xtransfer_stats.verbs.fitresult import FitResult

DF_METHODS = {"kenward-roger": "kenward_roger", "satterthwaite": "satterthwaite"}
Progress = Callable[[int], None]


@dataclass(frozen=True)
class FitRequest:
    """formula: lme4's notation. replicates: of the bootstrap, 0 for none; `table` keeps them, a later call goes on.

    against: a smaller formula, for a likelihood-ratio test. residual: a column with a residual variance a level.
    weights: a column of prior weights. offset: a column that enters without a coefficient.
    """

    formula: str
    replicates: int = 0
    seed: int = 2005
    workers: int | None = None
    table: Path | None = None
    ml: bool = False
    df: str | None = None
    residual: str | None = None
    against: str | None = None
    profile: bool = False
    second_engine: bool = False
    strict: bool = False
    weights: str | None = None
    offset: str | None = None

    def whole(self, formula: str) -> str:
        """A formula with the offset that was asked for beside it."""
        from xtransfer_stats.mixedmodels.notation.knownrows import with_offset

        return formula if self.offset is None else with_offset(formula, self.offset)


def fit(
    formula: str,
    data: Any,
    *,
    bootstrap: int = 0,
    seed: int = 2005,
    workers: int | None = None,
    replicates: str | Path | None = None,
    ml: bool = False,
    df: str | None = None,
    residual: str | None = None,
    weights: str | None = None,
    offset: str | None = None,
    against: str | None = None,
    profile: bool = False,
    engine: str = "own",
    strict: bool = False,
    progress: Progress | None = None,
) -> "FitResult":
    """Fit a mixed model, such as "y ~ x + (1 + x | g)", to a table.

    data: the path of a table (.csv, .parquet, ...) or of a store, whose score frame it is; or a frame of pandas,
    polars, pyarrow or another library that narwhals reads.

    bootstrap: parametric replicates, drawn from `seed` by as many processes as `workers` (default: one a core, where
    that saves time); the numbers do not depend on these. replicates: a Parquet file that keeps them; a later call with
    more goes on from it. ml: maximum likelihood in place of REML. df: "kenward-roger" (after REML) or "satterthwaite".
    residual: a column with a residual variance for each of its levels. weights: a column of positive numbers; a row's
    residual variance is the model's over its weight. offset: a column that is added without a coefficient, as offset(x)
    in the formula. against: a smaller formula, for a likelihood-ratio test whose null the bootstrap draws. profile:
    profile-likelihood intervals of the standard deviations. engine: "statsmodels" refits by MixedLM too. strict:
    refuse, where else a note stands, an effect whose rows share luck that no random term holds. progress: told how many
    more replicates are done.

    Raises FitError for what cannot be estimated, DataError for what cannot be read, RecipeError for other arguments;
    each names the argument or the column.
    """
    if not isinstance(formula, str):
        raise FitError(f"formula of type {type(formula).__name__}: give a text as in 'y ~ x + (1 | g)'", ["formula"])
    require_counts(bootstrap=bootstrap, workers=1 if workers is None else workers, seed=seed)
    if engine not in ENGINES:
        raise RecipeError(f"engine {shown(engine)}: choose {' or '.join(ENGINES)}", ["engine"])
    for name, column in (("residual", residual), ("weights", weights), ("offset", offset)):
        if column is not None and not isinstance(column, str):
            kind = type(column).__name__
            raise FitError(f"{name} of type {kind}: give the name of a column of the table", [name])
    if replicates is not None and (against is not None or not bootstrap):
        reason = "a test against a smaller formula keeps none" if against is not None else "none are drawn"
        raise RecipeError(f"replicates keeps those of a bootstrap, and {reason}: leave it out", ["replicates"])
    file = None if replicates is None else named(replicates, "replicates")
    second = engine == "statsmodels"
    request = FitRequest(
        formula, bootstrap, seed, workers, file, ml, df, residual, against, profile, second, strict, weights, offset
    )
    return _fitted(data, request, progress)


@one_blas_thread()
def _fitted(data: Any, request: FitRequest, progress: Progress | None) -> "FitResult":
    from xtransfer_stats.mixedmodels.fitreport import fit_json
    from xtransfer_stats.mixedmodels.formula import fit_formula
    from xtransfer_stats.mixedmodels.leftout import left_out
    from xtransfer_stats.mixedmodels.postfit.statistics import statistics_json
    from xtransfer_stats.mixedmodels.secondopinion import second_opinion
    from xtransfer_stats.verbs.fitresult import FitResult

    method = _method(request)
    table = rows_of(data)
    rows = table.rows
    fitted = fit_formula(
        request.whole(request.formula), rows, reml=not request.ml, residual=request.residual, weights=request.weights
    )
    bootstrap = _bootstrap(fitted, request, progress) if request.replicates and not request.against else None
    report = fit_json(fitted, bootstrap, method) | statistics_json(fitted)
    report["variance_intervals"] = _profiled(fitted) if request.profile else None
    report["likelihood_ratio"] = _against(fitted, rows, request, progress) if request.against else None
    other = second_opinion(fitted.fit, fitted.response).against(fitted.fit) if request.second_engine else None
    without = left_out(fitted, rows, method, request.residual, request.weights)
    if without and request.strict:
        raise FitError(f"formula {request.formula!r}: {without[0].sentence()}", ["strict"])
    report["notes"] = [*table.notes, *report["notes"], *(one.sentence() for one in without)]
    report |= {"second_engine": other, "effects": [], "left_out": [one.to_dict() for one in without]}
    return FitResult(fitted, report, None if bootstrap is None else bootstrap.table, method)


def _method(request: FitRequest) -> str:
    if request.df is None:
        return "satterthwaite" if request.ml else "kenward_roger"
    if request.df not in DF_METHODS:
        raise FitError(
            f"df {shown(request.df)}: {nearest(request.df, DF_METHODS)}choose {' or '.join(DF_METHODS)}", ["df"]
        )
    if request.ml and request.df == "kenward-roger":
        raise FitError("df kenward-roger needs a REML fit: leave out ml, or take satterthwaite", ["df", "ml"])
    return DF_METHODS[request.df]


def _profiled(fitted: "FormulaFit") -> list[dict[str, Any]]:
    from xtransfer_stats.mixedmodels.sdintervals import profile_sds, wald_sds

    names = ("group", "term", "sd_ml", "conf_low", "conf_high", "sd", "wald_low", "wald_high")
    pairs = zip(profile_sds(fitted.fit), wald_sds(fitted.fit), strict=True)
    return [dict(zip(names, (*profiled, *wald[2:]), strict=True)) for profiled, wald in pairs]


def _against(
    fitted: "FormulaFit", rows: pd.DataFrame, request: FitRequest, progress: Progress | None
) -> dict[str, Any]:
    from xtransfer_stats.mixedmodels.formula import fit_formula
    from xtransfer_stats.mixedmodels.likelihoodratio import likelihood_ratio

    null = fit_formula(request.whole(str(request.against)), rows, weights=request.weights)
    return {
        "against": null.formula,
        **asdict(likelihood_ratio(null, fitted, request.replicates, request.seed, progress)),
    }


def _bootstrap(fitted: "FormulaFit", request: FitRequest, progress: Progress | None) -> "Bootstrap":
    from xtransfer_stats.mixedmodels.resampling.bootstrap import parametric_bootstrap

    identity = {"formula": fitted.formula, "criterion": repr(fitted.fit.criterion), "seed": request.seed}
    earlier = _earlier(request.table, identity)
    bootstrap = parametric_bootstrap(fitted.fit, request.replicates, request.seed, request.workers, progress, earlier)
    if request.table is not None:
        _write(bootstrap.table, request.table, identity)
    return bootstrap


def _earlier(path: Path | None, identity: dict[str, Any]) -> pd.DataFrame | None:
    """The replicates of an earlier call; raises DataError where they are of another fit."""
    if path is None or not path.exists():
        return None
    table = pd.read_parquet(path)
    other = next((name for name, value in identity.items() if table.attrs.get(name) != value), None)
    if other:
        file = f"replicates {path.name}"
        raise DataError(f"{file} holds a bootstrap with another {other}: name another file", [file])
    return table


def _write(table: pd.DataFrame, path: Path, identity: dict[str, Any]) -> None:
    kept = table.copy()
    kept.attrs = identity
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept.to_parquet(path)
    except OSError as error:
        file = f"replicates {path.name}"
        raise DataError(f"{file}: {error.strerror}. Choose another place.", [file]) from None
