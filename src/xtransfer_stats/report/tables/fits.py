"""The tables of a fitted formula: coefficients, tests of terms, random parts, random effects, predictions, fit."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from xtransfer_stats.base.formats import p_value
from xtransfer_stats.report.panel import Panel
from xtransfer_stats.report.tables.table import Table

MOST_ROWS = 200  # of a table for a paper; its file of values has all


TITLES = {
    "random": ("Random parts", "Variances, standard deviations and correlations of the random effects"),
    "random_effects": (
        "Random effects",
        "Conditional means, sds given the data and the fixed effects (lme4's condVar), 95 % intervals",
    ),
    "predictions": ("Predictions", "At the rows of the new table, in its order"),
}


def tables(formula: str, fixed: Table, report: Mapping[str, Any], frames: Mapping[str, pd.DataFrame]) -> list[Table]:
    """All of them. fixed: that of the coefficients. frames: random, random_effects, and predictions where asked for."""
    caption = f"{formula}: {fixed.caption}."
    made = [replace(fixed, name="fixed_effects", title="Fixed effects", caption=caption)]
    made.append(_made("statistics", "How well the model fits", formula, statistics(report)))
    if report["terms"]:
        caption = f"{formula}: every coefficient of the term zero; {report['terms'][0]['df_method']}"
        made.append(
            _made("terms", "Tests of terms", caption, pd.DataFrame(report["terms"]), ("hypothesis", "df_method"))
        )
    for name in (one for one in TITLES if one in frames and len(frames[one])):
        title, said = TITLES[name]
        made.append(_made(name, title, f"{formula}: {said[0].lower()}{said[1:]}", frames[name]))
    return made


def statistics(report: Mapping[str, Any]) -> pd.DataFrame:
    """What a fit is judged by: measure, value."""
    kind = "REML" if report["reml"] else "ML"
    rows: Iterable[tuple[str, float]] = [
        ("observations", report["n"]),
        *((f"levels of {name}", count) for name, count in report["levels"].items()),
        (f"log-likelihood ({kind})", report["loglik"]),
        ("parameters", report["df_model"]),
        (f"AIC ({kind})", report["aic"]),
        (f"BIC ({kind})", report["bic"]),
        ("R2, marginal", report["r2"]["marginal"]),
        ("R2, conditional", report["r2"]["conditional"]),
        ("ICC, adjusted", report["icc"]["adjusted"]),
        ("ICC, unadjusted", report["icc"]["unadjusted"]),
    ]
    return pd.DataFrame(rows, columns=["measure", "value"]).astype({"value": float})


def _made(name: str, title: str, caption: str, frame: pd.DataFrame, hidden: tuple[str, ...] = ()) -> Table:
    shown = frame.drop(columns=list(hidden)).head(MOST_ROWS)
    columns = [_cells(str(column), shown[column]) for column in shown]
    align = "".join("r" if pd.api.types.is_numeric_dtype(shown[column]) else "l" for column in shown)
    panel = Panel(tuple(map(_heading, shown)), tuple(zip(*columns, strict=True)), align)
    more = f". The first {MOST_ROWS} of {len(frame)} rows; {name}.csv has all" if len(shown) < len(frame) else ""
    return Table(name, title, f"{caption}{more}.", (panel,), frame)


def _heading(column: object) -> str:
    return {"p_value": "p", "statistic": "F", "df_num": "df num"}.get(str(column), str(column).replace("_", " "))


def _cells(name: str, column: pd.Series) -> list[str]:
    if not pd.api.types.is_numeric_dtype(column):
        return ["" if pd.isna(one) else str(one) for one in column]
    write = p_value if name == "p_value" else lambda one: "" if pd.isna(one) else f"{one:.4g}"
    return [write(float(one)) for one in column]
