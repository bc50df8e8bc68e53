"""The reference answers of tests/reference/lme4/postfit.R, and our fits of the same models."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from xtransfer_stats.mixedmodels.formula import FormulaFit, fit_formula

FOLDER = Path(__file__).parents[2] / "reference" / "lme4" / "postfit"
ANSWERS: dict[str, dict[str, Any]] = {
    model["name"]: model for model in json.loads((FOLDER / "answers.json").read_text())["models"]
}
# What R writes otherwise.
OURS = {
    "contr.sum": "Sum",
    "contr.helmert": "Helmert",
    "relevel(f, ref = 'mid')": "C(f, Treatment('mid'))",
    "TRUE": "True",
}


@cache
def rows() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "rows.csv")


@cache
def new() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "new.csv")


@cache
def fitted(name: str) -> FormulaFit:
    answer = ANSWERS[name]
    formula = answer["formula"]
    for theirs, ours in OURS.items():
        formula = formula.replace(theirs, ours)
    return fit_formula(formula, rows(), reml=answer["reml"], weights=answer.get("weights"))
