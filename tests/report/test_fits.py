"""The tables and charts of a fitted formula: what they show, and that every name and size can be drawn."""

import json

import numpy as np
import pandas as pd
import pytest
from tests.mixedmodels.postfit.reference import new, rows

from xtransfer_stats.report.charts import fits, specifications
from xtransfer_stats.verbs.fit import fit


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    result = fit("y ~ x + f + (1 + x | g) + (1 | h)", rows())
    folder = tmp_path_factory.mktemp("fit")
    predicted = result.predict(new(), interval="prediction")
    return result, folder, result.write(folder, predicted=predicted)


def chart(folder, name: str) -> dict:
    return json.loads((folder / "charts" / f"{name}.json").read_text())


def values(spec: dict, field: str) -> list[pd.DataFrame]:
    """The data sets of a chart that have a field."""
    frames = (pd.DataFrame(rows_) for rows_ in spec["datasets"].values())
    return [frame for frame in frames if field in frame]


def test_every_file_is_told(written):
    _, folder, files = written
    assert {path for path in folder.rglob("*") if path.is_file()} == set(files)
    assert all(path.stat().st_size for path in files)


def test_the_forest_has_all_coefficients_but_the_intercept(written):
    result, folder, _ = written
    shown = pd.concat(values(chart(folder, "fixed_effects"), "conf_low")).drop_duplicates("label")
    fixed = result.frame().set_index("term").drop("Intercept")
    assert set(shown["label"]) == set(fixed.index)
    assert shown.set_index("label")["estimate"].to_dict() == pytest.approx(fixed["estimate"].to_dict())


def test_the_caterpillars_have_a_panel_an_effect_sorted(written):
    result, folder, _ = written
    spec = chart(folder, "random_effects_1")
    assert [panel["title"]["text"] for panel in spec["concat"]] == ["Intercept", "x"]
    shown = max(values(spec, "label"), key=len)
    effects = result.random_effects()
    expected = effects[(effects["group"] == "g") & (effects["term"] == "Intercept")]
    for part in values(spec, "label"):
        assert part["estimate"].is_monotonic_decreasing
    assert len(shown) == len(expected)
    assert chart(folder, "random_effects_2")["title"]["text"] == "Random effects of h: Intercept"


def test_residuals_and_quantiles_hold_every_row(written):
    result, folder, _ = written
    (points,) = values(chart(folder, "residuals"), "standardised")
    assert len(points) == 210
    assert sorted(points["standardised"]) == pytest.approx(sorted(result.residuals("standardised")))
    (quantiles,) = values(chart(folder, "normality"), "standardised")
    ordered = quantiles.sort_values("theoretical")
    assert ordered["standardised"].is_monotonic_increasing


def test_tables_have_values_in_full_precision_and_titles_of_their_own(written):
    result, folder, _ = written
    random = pd.read_csv(folder / "tables" / "random_effects.csv")
    assert random["sd"].to_numpy() == pytest.approx(result.random_effects()["sd"].to_numpy())
    statistics = pd.read_csv(folder / "tables" / "statistics.csv").set_index("measure")["value"]
    assert statistics["AIC (REML)"] == pytest.approx(result.aic)
    titles = {
        (folder / "tables" / f"{name}.md").read_text().split("\n")[0] for name in ("terms", "random", "fixed_effects")
    }
    assert titles == {"## Tests of terms", "## Random parts", "## Fixed effects"}
    assert r"\begin{tabular}" in (folder / "tables" / "predictions.tex").read_text()


def drawn(effects: pd.DataFrame) -> fits.Drawn:
    fixed = pd.DataFrame({"term": ["x"], "estimate": [1e-9], "conf_low": [-1e-9], "conf_high": [3e-9]})
    rng = np.random.default_rng(1)
    residuals = pd.DataFrame({"fitted": rng.normal(size=9000), "standardised": rng.normal(size=9000)})
    return fits.Drawn("y ~ x", "y", fixed, effects, residuals, "Kenward-Roger")


def test_many_levels_are_cut_and_long_names_stay_apart():
    names = [f"a level with a name that is much too long for any axis, number {i}" for i in range(90)]
    effects = pd.DataFrame({"group": "g", "term": "1", "level": names, "estimate": np.linspace(-3, 2, 90)})
    one = drawn(effects.assign(low=-4.0, high=4.0))
    spec = specifications(one, fits.charts(one))["random_effects_1"]
    assert "The 40 farthest from zero of 90 levels." in " ".join(spec["title"]["subtitle"])
    (shown,) = values(spec, "label")
    assert len(shown) == shown["label"].nunique() == fits.MOST_LEVELS
    assert shown["label"].str.len().max() <= fits.MOST_LETTERS


def test_tiny_effects_have_a_scale_and_many_rows_are_thinned():
    one = drawn(pd.DataFrame(columns=["group", "term", "level", "estimate", "low", "high"]))
    specs = specifications(one, fits.charts(one))
    assert list(specs) == ["fixed_effects", "residuals", "normality"]
    text = json.dumps(specs["fixed_effects"])
    low, high = json.loads(text[text.index('"domain": [') + 10 :].split("]")[0] + "]")
    assert -2e-9 < low < -1e-9 < 3e-9 < high < 4e-9
    (points,) = values(specs["residuals"], "standardised")
    assert len(points) < 2200
    assert points["standardised"].abs().max() == one.residuals["standardised"].abs().max()
