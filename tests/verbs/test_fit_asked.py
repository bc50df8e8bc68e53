"""What `fit` returns answers: the numbers of its report as methods, new tables of every kind, weights everywhere."""

import numpy as np
import pandas as pd
import pytest
from tests.mixedmodels.postfit.reference import ANSWERS, FOLDER, new, rows

from xtransfer_stats.base.errors import DataError, FitError, RecipeError
from xtransfer_stats.verbs.fit import fit


@pytest.fixture(scope="module")
def result():
    return fit("y ~ x + f + (1 + x | g) + (1 | h)", rows())


def test_its_numbers_are_lme4s_and_performances(result):
    lme4 = ANSWERS["slopes_crossed"]
    assert (result.loglik, result.aic, result.bic) == pytest.approx((lme4["loglik"], lme4["aic"], lme4["bic"]))
    assert result.levels == {"g": 14, "h": 9}
    said = lme4["performance"]
    assert result.r2() == pytest.approx({"marginal": said["marginal"], "conditional": said["conditional"]}, abs=1e-6)
    icc = {"adjusted": said["icc_adjusted"], "unadjusted": said["icc_unadjusted"]}
    assert result.icc() == pytest.approx(icc, abs=1e-6)
    assert f"AIC {lme4['aic']:.6g}" in repr(result)
    assert "ICC" in repr(result)


def test_a_new_table_is_a_file_or_a_frame_of_any_library(result):
    polars = pytest.importorskip("polars")
    expected = result.predict(new())
    for table in (FOLDER / "new.csv", str(FOLDER / "new.csv"), polars.from_pandas(new())):
        assert result.predict(table).equals(expected)
    with pytest.raises(DataError, match="new_table of type int"):
        result.predict(3)


def test_errors_follow_the_method_of_the_fit():
    formula = "y ~ x + f + (1 + x | g) + (1 | h)"
    other = fit(formula, rows(), df="satterthwaite")
    L = np.array([1.0, new()["x"][0], 0.0, 0.0])
    at = other.predict(new(), random=False, interval="confidence")
    known = other.fitted.fit.satterthwaite(L)
    assert at["df"].iloc[0] == pytest.approx(known.df[0])
    assert at["low"].iloc[0] == pytest.approx(known.conf_low[0])
    ml = fit(formula, rows(), ml=True).predict(new(), random=False, interval="confidence")
    assert np.all(np.isfinite(ml["df"]))


def test_the_term_that_was_left_out_is_judged_with_the_weights():
    formula = "yw ~ f + (1 | g)"
    table = rows().assign(yw=rows()["yw"] + rows().groupby(["g", "f"])["y"].transform("mean"))
    plain, weighted = (fit(formula, table, weights=w) for w in (None, "w"))
    with_term = fit(f"{formula} + (1 | g:f)", table, weights="w")
    said = weighted.report["left_out"][0]
    assert said["holds"] == "(1 | g:f)"
    assert said["p_value_with"] == pytest.approx(with_term.report["terms"][1]["p_value"])
    assert said["p_value_with"] != pytest.approx(plain.report["left_out"][0]["p_value_with"])


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"weights": [1, 2]}, FitError, "weights of type list: give the name of a column"),
        ({"offset": 3}, FitError, "offset of type int: give the name of a column"),
        ({"offset": "oo"}, FitError, "no column 'oo'"),
        ({"replicates": "a.parquet"}, RecipeError, "none are drawn"),
        ({"replicates": "a.parquet", "bootstrap": 9, "against": "y ~ 1 + (1 | g)"}, RecipeError, "keeps none"),
        ({"weights": "w", "engine": "statsmodels"}, FitError, "MixedLM has no weights"),
    ],
)
def test_what_would_be_ignored_or_is_no_column_is_refused(options, kind, message):
    with pytest.raises(kind, match=message):
        fit("y ~ x + (1 | g)", rows(), **options)


def test_a_place_that_cannot_be_written_is_named(result, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot write"):
        result.write(tmp_path / "file" / "folder")


def test_a_result_without_random_effects_is_written(tmp_path):
    plain = fit("y ~ x", rows())
    assert plain.icc() == {"adjusted": 0.0, "unadjusted": 0.0}
    assert plain.random_effects().empty
    files = plain.write(tmp_path, predicted=plain.predict(new(), interval="confidence"))
    assert tmp_path / "charts" / "residuals.png" in files
    assert len(pd.read_csv(tmp_path / "tables" / "predictions.csv")) == len(new())
