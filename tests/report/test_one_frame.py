"""Page, charts, tables, claims and JSON show the numbers of one result frame, digit by digit."""

import io
import json
import re
from html import unescape

import pandas as pd
import pytest
from tests.stats.simulated import TRAININGS, analyzed, simulated_frame

from xtransfer_stats.base import formats
from xtransfer_stats.report.charts import export, specifications
from xtransfer_stats.report.page import page
from xtransfer_stats.report.tables import tables
from xtransfer_stats.report.tables.table import FORMS
from xtransfer_stats.verbs.machines import analysis_json
from xtransfer_stats.verbs.recipes import load_claims

FORESTS = ("effects", "interaction", "languages", "tasks", "leave_one_out", "decomposition")


@pytest.fixture(scope="module")
def study():
    frame, benchmarks = simulated_frame(seeds=5, counts=(3, 9))
    return analyzed(frame, benchmarks, trainings=TRAININGS, claims=load_claims(), margin=1.0)


@pytest.fixture(scope="module")
def estimates(study) -> set[float]:
    return set(study.results["estimate"].dropna())


@pytest.mark.parametrize("chart", FORESTS)
def test_every_point_of_a_chart_is_a_row_of_the_frame(study, estimates, chart):
    spec = json.loads(json.dumps(specifications(study)[chart]))
    rows = [row for data in spec["datasets"].values() for row in data if "estimate" in row and "conf_low" in row]
    assert rows
    known = study.results.set_index("estimate")[["conf_low", "conf_high"]]
    for row in rows:
        assert row["estimate"] in estimates
        if row["conf_low"] is not None:
            assert row["conf_low"] in set(known.loc[[row["estimate"]], "conf_low"])
            assert row["text"] == formats.estimate(row["estimate"], row["conf_low"], row["conf_high"])


def test_tables_in_csv_have_the_frames_full_precision(study, estimates):
    for name in ("effects", "languages", "tasks", "leave_one_out", "decomposition"):
        read = pd.read_csv(io.StringIO(tables(study)[name].to_csv()))
        assert set(read["estimate"]) <= estimates, name


@pytest.mark.parametrize("form", ["tex", "md", "html"])
def test_tables_and_page_print_the_frames_digits(study, form):
    made = tables(study)
    whole = unescape(page(study, export.pictures(specifications(study)), made)) if form == "html" else ""
    for name, terms in {"effects": ["effect", "step", "interaction"], "languages": ["language effect"]}.items():
        text = unescape(FORMS[form](made[name])).replace("$-$", "−").replace("\\[", "[").replace("\\]", "]")
        rows = study.results[study.results["term"].isin(terms)]
        for row in rows.itertuples():
            shown = formats.estimate(row.estimate, row.conf_low, row.conf_high)
            assert shown in text
            assert form != "html" or shown in whole


def test_json_has_the_frames_floats(study):
    told = json.loads(json.dumps(analysis_json(study), allow_nan=False))
    found = pd.DataFrame(told["effects"])
    for name in ("estimate", "std_error", "conf_low", "p_adjusted"):
        mine, theirs = study.results[name].to_numpy(float), found[name].to_numpy(float)
        assert ((mine == theirs) | (pd.isna(mine) & pd.isna(theirs))).all(), name


def test_claims_rest_on_rows_of_the_frame(study):
    rows = study.results[study.results["term"] == "claim"].set_index("contrast")
    told = study.claims[study.claims["hypothesis"] != ""]
    assert len(told) > 2
    interaction = study.results[study.results["term"] == "interaction"].set_index("contrast")["estimate"]
    for row in told.itertuples():
        assert rows.loc[f"{row.claim}: {row.hypothesis}", "estimate"] == row.estimate
    asked = told.set_index("claim").loc["benchmarks-differ"]
    assert asked["estimate"] == pytest.approx(interaction[asked["hypothesis"]], rel=1e-12)
    shown = {row[0]: row for row in tables(study)["claims"].panels[0].rows}
    assert shown[asked["text"]][2] == formats.estimate(asked["estimate"], asked["conf_low"], asked["conf_high"])


def test_every_number_of_the_answer_is_in_the_frame(study):
    """The answer rounds to one decimal: each of its decimals is some row's estimate or bound."""
    columns = study.results[["estimate", "conf_low", "conf_high"]].to_numpy(float).ravel()
    rounded = {f"{abs(value):.1f}" for value in columns if value == value}
    rounded |= {f"{abs(value):.2f}" for value in columns if value == value}
    numbers = re.findall(r"\d+\.\d+", study.answer)
    assert numbers
    assert not [number for number in numbers if number not in rounded and float(number) > 0.05]
