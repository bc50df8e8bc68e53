"""Evidence that every fit stands at its optimum."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xtransfer_stats.stats.core.results import CONVERGENCE_COLUMNS

NAN = float("nan")


def convergence(fits: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """criterion, state, gradient (largest derivative of the criterion), curvature (smallest eigenvalue), a fit.

    Mean squares and paired t have no optimum to reach: their row says so.
    """
    rows = [row for fit in fits for row in (_columns(fit) if "columns" in fit else [_row(fit)])]
    return pd.DataFrame(rows, columns=list(CONVERGENCE_COLUMNS))


def _columns(fit: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = [_row({**column, "model": f"{fit['model']}, number {i + 1}"}) for i, column in enumerate(fit["columns"])]
    closed = {"model": fit["model"], "criterion": NAN, "state": "closed form", "gradient": NAN, "curvature": NAN}
    return parts or [{**closed, "note": f"{fit['method']}: nothing is iterated"}]


def _row(fit: Mapping[str, Any]) -> dict[str, Any]:
    told = fit.get("convergence") or {}
    return {
        "model": fit["model"],
        "criterion": fit["criterion"],
        "state": fit["state"],
        "gradient": told.get("gradient", fit.get("gradient_norm", NAN)),
        "curvature": _number(told.get("smallest_curvature")),
        "note": "",
    }


def _number(value: float | None) -> float:
    return NAN if value is None else value
