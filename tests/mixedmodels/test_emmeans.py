"""Tests of terms as car makes them, marginal means, slopes and contrasts as emmeans does: to 1e-4."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.mixedmodels.formula import FormulaFit, fit_formula
from xtransfer_stats.mixedmodels.postfit.anova import term_tests
from xtransfer_stats.mixedmodels.postfit.contrasts import contrasts
from xtransfer_stats.mixedmodels.postfit.estimates import LinearEstimates
from xtransfer_stats.mixedmodels.postfit.marginalmeans import marginal_means, slopes

FOLDER = Path(__file__).parents[1] / "reference" / "emmeans"
QUESTIONS = {one["name"]: one for one in json.loads((FOLDER / "questions.json").read_text())}
ANSWERS = json.loads((FOLDER / "answers.json").read_text())["answers"]
TESTS = [name for name, one in QUESTIONS.items() if one["ask"] == "tests"]
ESTIMATES = [name for name in QUESTIONS if name not in TESTS]
EXACT = 1e-4
CODING = r"C\((\w+), [^:]*\)"  # the answers are of contr.sum, whatever the formula's coding


@cache
def fitted(data: str, formula: str, prior: str | None = None) -> FormulaFit:
    return fit_formula(formula, pd.read_csv(FOLDER / "data" / f"{data}.csv"), weights=prior)


def asked(question: dict) -> LinearEstimates:
    fit = fitted(question["data"], question["formula"], question.get("prior"))
    options = {name: question[name] for name in ("at", "weights", "back") if name in question}
    method = question.get("df", "kenward_roger")
    ask = {"means": marginal_means, "slopes": slopes}[question["ask"]]
    found = ask(fit, question["of"], question.get("by", ()), method=method, **options)
    if "contrasts" not in question:
        return found
    return contrasts(found, question["contrasts"], adjust=question.get("adjust"), reference=question.get("reference"))


def numbers(values: object) -> np.ndarray:
    """An answer's numbers; null is NaN."""
    return np.array([np.nan if one is None else one for one in np.atleast_1d(np.array(values, object))], float)


@pytest.mark.parametrize("name", TESTS)
def test_terms_are_tested_as_by_car(name):
    question, answer = QUESTIONS[name], ANSWERS[name]
    fit = fitted(question["data"], question["formula"], question.get("prior"))
    found = term_tests(fit, question["type"], "kenward_roger").frame
    ours = found.set_index(found["term"].replace(CODING, r"\1", regex=True))
    theirs = pd.DataFrame({key: numbers(answer[key]) for key in ("F", "df_num", "df", "p_value")}, index=answer["term"])
    theirs.index = [term.replace("(Intercept)", "Intercept").replace("df = ", "df=") for term in theirs.index]
    assert set(ours.index) == set(theirs.index)
    ours = ours.loc[theirs.index]
    assert ours["statistic"].to_numpy() == pytest.approx(theirs["F"].to_numpy(), rel=EXACT, abs=1e-6)
    assert ours["df_num"].to_numpy() == pytest.approx(theirs["df_num"].to_numpy())
    assert ours["df"].to_numpy() == pytest.approx(theirs["df"].to_numpy(), rel=EXACT)
    assert ours["p_value"].to_numpy() == pytest.approx(theirs["p_value"].to_numpy(), abs=EXACT)


@pytest.mark.parametrize("name", ESTIMATES)
def test_estimates_are_emmeans(name):
    ours, answer = asked(QUESTIONS[name]).rows, ANSWERS[name]
    for column, theirs in answer.items():
        wanted = numbers(theirs)
        size = {"df": wanted, "p_adjusted": 1.0, "statistic": 1.0}.get(column, numbers(answer["std_error"]))
        within = EXACT * np.max(np.nan_to_num(size))
        relative = 0 if column == "p_adjusted" else EXACT
        found = ours[column].to_numpy(float)
        assert found == pytest.approx(wanted, rel=relative, abs=within, nan_ok=True), column


def test_the_set_holds_what_it_should():
    assert len(QUESTIONS) == len(ANSWERS) >= 80
    missing = [name for name, one in ANSWERS.items() if np.isnan(numbers(one.get("estimate", 0))).any()]
    assert {"means_holes", "means_holes_cells", "pairs_holes_holm"} <= set(missing)
    boundary = [one["formula"] for name, one in QUESTIONS.items() if "boundary" in name]
    assert {fitted("flat", formula).fit.state for formula in boundary} == {"boundary"}
