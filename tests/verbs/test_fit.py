"""The verb `fit`: what it takes as data, what it returns and shows, and that it is the command's own result."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow
import pytest
from threadpoolctl import threadpool_info, threadpool_limits
from typer.testing import CliRunner

from xtransfer_stats.base.errors import DataError, FitError, RecipeError, XstatsError
from xtransfer_stats.cli import app
from xtransfer_stats.verbs.fit import fit

FORMULA = "y ~ x + f + (1 + x | g)"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    d = pd.DataFrame({"g": rng.choice(list("abcdefgh"), 160), "x": rng.normal(0, 1, 160)})
    d["f"] = rng.choice(["u", "v"], 160)
    lift, slope = (d["g"].map(dict(zip("abcdefgh", rng.normal(0, 1, 8), strict=True))) for _ in range(2))
    return d.assign(y=3 + lift + (1 + slope) * d["x"] + rng.normal(0, 1, 160))


@pytest.fixture(scope="module")
def file(table, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("fit") / "table.parquet"
    table.to_parquet(path)
    return path


FRAMES = {
    "pandas": lambda table: table,
    "polars": lambda table: pytest.importorskip("polars").from_pandas(table),
    "lazy polars": lambda table: pytest.importorskip("polars").from_pandas(table).lazy(),
    "pyarrow": pyarrow.Table.from_pandas,
}


@pytest.mark.parametrize("kind", FRAMES)
def test_every_kind_of_frame_gives_the_numbers_of_the_file(table, file, kind):
    assert fit(FORMULA, FRAMES[kind](table)).to_dict() == fit(FORMULA, str(file)).to_dict()


SMALLER = "y ~ x + (1 | g)"
OPTIONS = [
    {},
    {"profile": True, "engine": "statsmodels"},
    {"ml": True, "against": SMALLER, "bootstrap": 9},
    {"bootstrap": 25, "seed": 3, "df": "satterthwaite"},
    {"residual": "f"},
]


def spelled(options: dict) -> list[str]:
    """The arguments as the command's options."""
    words = [(f"--{name}",) if value is True else (f"--{name}", str(value)) for name, value in options.items()]
    return [word for pair in words for word in pair]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: " ".join(options) or "plain")
def test_the_dictionary_is_what_the_command_prints(file, options):
    formula = "y ~ x + f + (1 | g)"
    printed = CliRunner().invoke(app, ["analyze", str(file), "--formula", formula, "--json", *spelled(options)])
    ours = fit(formula, file, **options).to_dict()
    assert json.dumps(ours, indent=1, allow_nan=False) + "\n" == printed.stdout


def test_frames_hold_the_numbers_of_the_fit(table):
    result = fit(FORMULA, table, bootstrap=20)
    fixed = result.frame().set_index("term")
    assert list(fixed.index) == list(result.fitted.fit.names)
    assert fixed["estimate"].to_numpy() == pytest.approx(result.fitted.fit.beta)
    assert (fixed["bootstrap_low"] < fixed["estimate"]).all()
    assert len(result.replicates) == 20
    random = result.random()
    covariance = result.fitted.fit.covariances[0]
    assert list(random["term"]) == ["Intercept", "x", "Intercept", ""]
    assert list(random["other"]) == ["", "", "x", ""]
    assert random["covariance"].to_numpy() == pytest.approx(
        [covariance[0, 0], covariance[1, 1], covariance[0, 1], result.fitted.fit.sigma2]
    )
    assert random["correlation"][2] == pytest.approx(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]))
    assert random["sd"].isna().tolist() == [False, False, True, False]


def test_a_residual_variance_a_level_has_a_row_a_level(table):
    random = fit("y ~ x + (1 | g)", table, residual="f").random()
    assert list(random["group"]) == ["g", "residual", "residual"]
    assert list(random["term"]) == ["Intercept", "u", "v"]


def test_a_variance_of_zero_has_no_correlation(table):
    assert (
        fit("flat ~ x + (1 + x | g)", table.assign(flat=np.arange(160) % 2 * 1.0)).random()["correlation"].isna().all()
    )


def test_the_text_is_short_whatever_the_formula(table):
    wide = table.assign(many=np.arange(160) % 30, gap=table["x"].where(table.index > 4))
    text = repr(fit("y ~ C(many) + gap + (1 | g)", wide))
    assert len(text.splitlines()) <= 25
    assert "n = 155, REML criterion" in text
    assert "more: frame() has all" in text
    assert "sd of g Intercept" in text
    assert "5 of 160 rows dropped" in text


def test_the_page_escapes_names(table):
    page = fit("y ~ `<b>` + `<i>` + (1 | g)", table.rename(columns={"x": "<b>"}).assign(**{"<i>": 1.0}))._repr_html_()
    assert "&lt;b&gt;" in page
    assert "others determine them: &lt;i&gt;" in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert page.count("<tr>") == 3


def test_the_table_has_the_fixed_effects(table):
    result = fit(FORMULA, table)
    printed = result.table()
    assert [row[0] for row in printed.panels[0].rows] == ["Intercept", "x", "f[v]"]
    assert printed.frame.equals(result.frame())
    assert "Kenward-Roger" in printed.caption


def test_kept_replicates_are_gone_on_from(table, tmp_path):
    kept = tmp_path / "kept_here.parquet"
    fit("y ~ x + (1 | g)", table, bootstrap=20, replicates=kept)
    more = fit("y ~ x + (1 | g)", table, bootstrap=40, replicates=str(kept))
    assert more.replicates.equals(fit("y ~ x + (1 | g)", table, bootstrap=40).replicates)
    with pytest.raises(DataError, match=r"replicates kept_here\.parquet holds a bootstrap with another seed"):
        fit("y ~ x + (1 | g)", table, bootstrap=40, seed=1, replicates=kept)


def test_progress_hears_every_replicate(table):
    heard = []
    fit("y ~ x + (1 | g)", table, bootstrap=30, progress=heard.append)
    assert sum(heard) == 30


@pytest.mark.parametrize(
    ("error", "message", "options"),
    [
        (RecipeError, "engine 'sas': choose own or statsmodels", {"engine": "sas"}),
        (RecipeError, "bootstrap -1", {"bootstrap": -1}),
        (RecipeError, "workers 0", {"workers": 0}),
        (FitError, "df 'wald': choose kenward-roger", {"df": "wald"}),
        (FitError, "leave out ml", {"ml": True, "df": "kenward-roger"}),
        (FitError, "against: models with residual variances", {"residual": "f", "against": "y ~ 1 + (1 | g)"}),
        (FitError, "profile: residual variances", {"residual": "f", "profile": True}),
        (FitError, "engine statsmodels: MixedLM has one residual", {"residual": "f", "engine": "statsmodels"}),
        (FitError, "against 'y ~ x \\* f", {"against": "y ~ x * f + (1 | g)"}),
    ],
)
def test_errors_name_the_argument_as_python_spells_it(table, error, message, options):
    with pytest.raises(error, match=message) as raised:
        fit("y ~ x + (1 | g)", table, **options)
    assert "--" not in str(raised.value)
    assert raised.value.arguments


@pytest.mark.parametrize("data", [3, ["y", "x"], {"y": [1.0]}, None])
def test_what_is_no_table_is_refused_by_its_type(data):
    with pytest.raises(DataError, match=f"data of type {type(data).__name__}: give a frame"):
        fit(FORMULA, data)


def test_formula_and_data_in_the_wrong_order_are_told(table):
    with pytest.raises(FitError, match="formula of type DataFrame: give a text"):
        fit(table, FORMULA)
    with pytest.raises(XstatsError, match="no file"):
        fit(FORMULA, "nowhere.csv")


def test_a_fit_runs_on_one_thread_and_gives_back_the_others(table):
    def threads() -> set[int]:
        return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}

    within = []
    with threadpool_limits(2, "blas"):
        fit("y ~ x + (1 | g)", table, bootstrap=2, progress=lambda _: within.append(threads()))
        assert within == [{1}]
        assert threads() == {2}
