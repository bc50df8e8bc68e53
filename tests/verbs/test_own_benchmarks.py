"""Weights and groups of a user's own benchmarks, beside arithmetic by hand."""

from pathlib import Path

import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from tests.conditionframes import run_means, table

import xtransfer_stats as xs
from xtransfer_stats.base.errors import DataError

TASKS = ("xnli", "mine", "third")
OWN = """
[all]
xnli = ["de", "fr"]
mine = "all"
third = "all"
[all.weights]
xnli = 2
mine = 0.5
[all.language-weights]
de = 3
sw = 0.25
[groups.tasks]
inference = ["xnli", "mine"]
rest = ["third"]
[groups.languages]
european = ["German", "fr"]
other = ["sw", "tr"]
"""


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return table({"base": 0.0, "b": 1.0, "c": 2.0}, tasks=TASKS)


@pytest.fixture(scope="module")
def result(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> "xs.AnalysisResult":
    place = tmp_path_factory.mktemp("own") / "own.toml"
    place.write_text(OWN)
    contrast = ["effect(b) @ languages european", "effect(b) @ group inference"]
    return xs.analyze(frame, benchmarks=(str(place),), contrast=contrast)


def by_hand(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Method -> seed -> the weighted average: languages within a task, then tasks 2 : 0.5 : 1."""
    weights = {"de": 3.0, "sw": 0.25}
    rows = frame[(frame["task"] != "xnli") | frame["lang"].isin(["de", "fr"])]
    rows = rows.assign(w=rows["lang"].map(lambda code: weights.get(code, 1.0)))
    rows = rows.assign(wx=rows["w"] * rows["acc"] * 100)
    sums = rows.groupby(["method", "seed", "task"])[["wx", "w"]].sum()
    tasks = (sums["wx"] / sums["w"]).unstack("task")
    averages = (2 * tasks["xnli"] + 0.5 * tasks["mine"] + tasks["third"]) / 3.5
    return {str(name): averages[name] for name in frame["method"].unique()}


def test_a_weighted_average_is_that_by_hand_and_so_is_its_test(frame, result) -> None:
    found = result.frame().query("term == 'effect' and scope == 'these'").set_index("condition")
    means = by_hand(frame)
    tests = [stats.ttest_rel(means[name], means["base"]) for name in ("b", "c")]
    for name, test in zip(("b", "c"), tests, strict=True):
        assert found.loc[name, "estimate"] == pytest.approx((means[name] - means["base"]).mean())
        assert found.loc[name, "p_value"] == pytest.approx(test.pvalue)
    corrected = multipletests([test.pvalue for test in tests], method="holm")[1]
    assert found["p_adjusted"].to_numpy() == pytest.approx(corrected)
    paper = result.table("paper").frame.set_index("condition")
    assert paper.loc["c", "treated"] == pytest.approx(means["c"].mean())


def test_without_a_task_the_others_keep_their_weights(frame, result) -> None:
    found = result.frame().query("term == 'leave one task out' and target_task == 'xnli'").set_index("condition")
    rest = frame[frame["task"] != "xnli"].assign(w=lambda rows: rows["lang"].map({"de": 3.0, "sw": 0.25}).fillna(1.0))
    sums = rest.assign(wx=rest["w"] * rest["acc"] * 100).groupby(["method", "seed", "task"])[["wx", "w"]].sum()
    tasks = (sums["wx"] / sums["w"]).unstack("task")
    means = (0.5 * tasks["mine"] + tasks["third"]) / 1.5
    assert found.loc["b", "estimate"] == pytest.approx((means["b"] - means["base"]).mean())


def test_weights_are_said(result) -> None:
    said = "The average of all is weighted: target tasks xnli 2, mine 0.5; languages de 3, sw 0.25; others count 1."
    assert said in result.analysis.notes
    assert "the weighted mean over a task's languages" in result.analysis.methods


def test_groups_are_rows_and_a_declared_family_of_tests(frame, result) -> None:
    rows = result.frame()
    tasks = rows[rows["term"] == "group effect"]
    assert set(tasks["contrast"]) == {f"effect({x}) @ group {g}" for x in "bc" for g in ("inference", "rest")}
    third = run_means(frame[frame["task"] == "third"])
    rest = tasks.set_index("contrast").loc["effect(b) @ group rest"]
    assert rest["estimate"] == pytest.approx((third["b"] - third["base"]).mean())
    groups = rows[rows["term"] == "language group effect"]
    assert len(groups) == 4 and set(groups["family"]) == {"language groups"}
    assert groups["p_adjusted"].to_numpy() == pytest.approx(multipletests(groups["p_value"], method="fdr_bh")[1])
    by_language = rows[(rows["term"] == "language effect") & (rows["condition"] == "b")].set_index("language")[
        "estimate"
    ]
    european = groups.set_index("contrast").loc["effect(b) @ languages european", "estimate"]
    assert european == pytest.approx(by_language[["de", "fr"]].mean())
    assert "Benjamini-Hochberg (exploratory) within the family language groups (4 tests)" in (
        result.table("language_groups").full_caption()
    )
    assert {"effect(b) @ languages european", "effect(b) @ group inference"} <= set(
        rows.loc[rows["term"] == "contrast", "contrast"]
    )


def test_a_bootstrap_of_a_weighted_average_has_its_estimate(frame, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN)
    found = xs.analyze(frame, benchmarks=(str(tmp_path / "own.toml"),), model="bootstrap", bootstrap=99)
    means = by_hand(frame)
    row = found.key_rows.iloc[0]
    assert row["estimate"] == pytest.approx((means["b"] - means["base"]).mean())
    routes = found.analysis.routes
    assert routes["estimate"].iloc[0] == pytest.approx(row["estimate"], abs=0.05)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[a]\nxnli = "all"\n[a.weights]\nmine = 2', r"\[a\]: weights: 'mine' is not in the table; it has xnli"),
        ('[a]\nxnli = "all"\n[a.weights]\nxnli = 0', "weights: xnli = '?0'?; give a number above 0"),
        ('[a]\nxnli = "all"\n[a.weights]\nxnli = "2"', "weights: xnli = '?2'?; give a number above 0"),
        ('[a]\nxnli = "all"\nweights = 3', "weights = '?3'?; give a table of names and numbers"),
        ('[a]\nxnli = "all"\n[a.language-weights]\nxx = 2', "language-weights: 'xx' is not in the table; it has de"),
        ('[a]\nxnli = "all"\n[groups.languages]\nx = ["de"]\ny = ["de", "fr"]', "de stands in x and in y"),
        ('[a]\nxnli = "all"\n[groups.tasks]\nx = ["xnlii"]', "'xnlii' is not in the table; did you mean 'xnli'"),
        ('[a]\nxnli = "all"\n[groups.tasks]\nx = "xnli"', "give a list of names"),
        ('[a]\nxnli = "all"\n[groups]\nfamilies = ["xnli"]', r"write \[groups.tasks\] or \[groups.languages\]"),
        ('[groups.tasks]\nx = ["xnli"]', "it has no benchmark"),
        ("[a.weights]\nxnli = 2", "no table of target tasks"),
    ],
)
def test_what_is_no_weight_and_no_group_is_refused_by_its_place(text, message, frame, tmp_path) -> None:
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(DataError, match=message):
        xs.read_scores(frame, benchmarks=(str(tmp_path / "own.toml"),))
