"""A formula fitted to any tidy table, with what is asked of the fit."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError, FitError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.stats.core import frame as frames
from xtransfer_stats.verbs.session import study_frame

DF_METHODS = {"kenward-roger": "kenward_roger", "satterthwaite": "satterthwaite"}


@dataclass(frozen=True)
class FitRequest:
    """formula: lme4's notation. replicates: of the bootstrap, 0 for none; `table` keeps them, a later call goes on.

    against: a smaller formula, for a likelihood-ratio test. residual: a column with a residual variance a level.
    """

    formula: str
    replicates: int = 0
    seed: int = 2005
    workers: int = 1
    table: Path | None = None
    ml: bool = False
    df: str | None = None
    residual: str | None = None
    against: str | None = None
    profile: bool = False
    second_engine: bool = False


def fit_table(place: Path, request: FitRequest, progress: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Fit a mixed model to a file or a store's scores; returns what --json prints."""
    from xtransfer_stats.mixedmodels.fitreport import fit_json
    from xtransfer_stats.mixedmodels.formula import fit_formula
    from xtransfer_stats.mixedmodels.secondopinion import second_opinion

    method = _method(request)
    rows = study_frame(place) if place.is_dir() else frames.read(place)
    fitted = fit_formula(request.formula, rows, reml=not request.ml, residual=request.residual)
    bootstrap = _bootstrap(fitted, request, progress) if request.replicates and not request.against else None
    report = fit_json(fitted, bootstrap, method)
    report["variance_intervals"] = _profiled(fitted) if request.profile else None
    report["likelihood_ratio"] = _against(fitted, rows, request, progress) if request.against else None
    other = second_opinion(fitted.fit, fitted.response).against(fitted.fit) if request.second_engine else None
    return report | {"second_engine": other, "effects": []}


def _method(request: FitRequest) -> str:
    if request.df is None:
        return "satterthwaite" if request.ml else "kenward_roger"
    if request.df not in DF_METHODS:
        raise FitError(f"--df {request.df!r}: {nearest(request.df, DF_METHODS)}choose {' or '.join(DF_METHODS)}")
    if request.ml and request.df == "kenward-roger":
        raise FitError("--df kenward-roger needs a REML fit: leave out --ml, or take satterthwaite")
    return DF_METHODS[request.df]


def _profiled(fitted: Any) -> list[dict[str, Any]]:
    from xtransfer_stats.mixedmodels.sdintervals import profile_sds, wald_sds

    names = ("group", "term", "sd_ml", "conf_low", "conf_high", "sd", "wald_low", "wald_high")
    pairs = zip(profile_sds(fitted.fit), wald_sds(fitted.fit), strict=True)
    return [dict(zip(names, (*profiled, *wald[2:]), strict=True)) for profiled, wald in pairs]


def _against(fitted: Any, rows: pd.DataFrame, request: FitRequest, progress: Any) -> dict[str, Any]:
    from dataclasses import asdict

    from xtransfer_stats.mixedmodels.formula import fit_formula
    from xtransfer_stats.mixedmodels.likelihoodratio import likelihood_ratio

    null = fit_formula(str(request.against), rows)
    found = likelihood_ratio(null, fitted, request.replicates, request.seed, progress)
    return {"against": null.formula, **asdict(found)}


def _bootstrap(fitted: Any, request: FitRequest, progress: Any) -> Any:
    from xtransfer_stats.mixedmodels.bootstrap import parametric_bootstrap

    identity = {"formula": fitted.formula, "criterion": repr(fitted.fit.criterion), "seed": request.seed}
    known = _known(request.table, identity)
    done = parametric_bootstrap(fitted.fit, request.replicates, request.seed, request.workers, progress, known)
    if request.table is not None:
        _write(done.table, request.table, identity)
    return done


def _known(path: Path | None, identity: dict[str, Any]) -> pd.DataFrame | None:
    """The replicates of an earlier call; raises DataError where they are of another fit."""
    if path is None or not path.exists():
        return None
    known = pd.read_parquet(path)
    other = [name for name, value in identity.items() if known.attrs.get(name) != value]
    if other:
        raise DataError(f"--replicates {path.name} holds a bootstrap with another {other[0]}: name another file")
    return known


def _write(table: pd.DataFrame, path: Path, identity: dict[str, Any]) -> None:
    kept = table.copy()
    kept.attrs = identity
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept.to_parquet(path)
    except OSError as error:
        raise DataError(f"--replicates {path.name}: {error.strerror}. Choose another place.") from None
