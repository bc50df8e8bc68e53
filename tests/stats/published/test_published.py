"""The draft table of Phang et al. (2020), against its own printed averages and numbers worked out here."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.published.analysis import analyse_published
from xtransfer_stats.stats.published.gains import gains_of, is_published
from xtransfer_stats.verbs.recipes import load_claims
from xtransfer_stats.verbs.scores import trainings

PRINTED = {
    "anli_plus": 7.7, "qqp": 5.3, "squad1": 8.3, "hellaswag": 7.9, "ccg": 3.7, "cosmosqa": 4.7, "commonsenseqa": 4.9,
    "multi-task": 6.4, "anli_plus-mlm": 7.3, "squad1-mlm": 4.1, "hellaswag-mlm": 1.7, "ccg-mlm": 0.9,
    "cosmosqa-mlm": 6.6, "commonsenseqa-mlm": 4.5, "multi-task-mlm": 6.8,
}  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return pd.read_csv(resources.find("data", "phang2020_draft", ".csv"))


@pytest.fixture(scope="module")
def found(rows):
    return analyse_published(rows, trainings(), load_claims())


def of(found, term: str) -> pd.DataFrame:
    return found.results[found.results["term"] == term]


def test_the_printed_averages_come_from_the_cells(found):
    averages = of(found, "setting gain").assign(run=lambda f: f["contrast"].str.removeprefix("gain of "))
    values = averages.set_index("run")["estimate"]
    assert {name: abs(values[name] - printed) <= 0.1 for name, printed in PRINTED.items()} == dict.fromkeys(
        PRINTED, True
    )
    assert values["qqp-mlm"] == pytest.approx(7.1)


def test_the_misprint_is_contradicted_and_the_rest_supported(found):
    verdicts = found.claims.set_index("claim")["verdict"]
    printed = verdicts[[name for name in verdicts.index if name.startswith("draft-")]]
    assert len(printed) == 17
    assert set(printed.index[printed == "contradicted"]) == {"draft-qqp-mlm", "draft-abstract-squad"}
    assert set(printed.drop(["draft-qqp-mlm", "draft-abstract-squad"])) == {"supported"}


def test_untrained_retrieval_supplies_the_gain(rows, found):
    """89 to 151 % of every setting's summed gain, from the cells alone."""
    scores = rows.groupby(["run", "target_task"])["score"].mean().unstack()
    gains = (scores - scores.loc["baseline"]).drop("baseline")
    shares = 100 * gains[["bucc2018", "tatoeba"]].sum(axis=1) / gains.sum(axis=1)
    told = of(found, "share")["estimate"]
    assert sorted(told) == pytest.approx(sorted(shares))
    assert (told.min(), told.max()) == (pytest.approx(89.5, abs=0.1), pytest.approx(151.2, abs=0.1))
    assert "89.5 and 151.2 %" in found.answer


def test_the_mean_over_intermediate_tasks_is_students(found):
    singles = [7.71, 5.28, 8.27, 7.85, 3.76, 4.72, 4.91]
    row = of(found, "average gain").iloc[0]
    assert row["estimate"] == pytest.approx(np.mean(singles), abs=0.01)
    assert row["std_error"] == pytest.approx(stats.sem(singles), abs=0.01)
    assert row["df"] == 6


def test_single_runs_carry_no_error(found):
    bare = found.results[found.results["term"].isin(["setting gain", "share"])]
    assert bare[["std_error", "p_value", "conf_low"]].isna().all().all()
    assert any("No seeds" in note for note in found.notes)
    verdicts = found.claims.set_index("claim")
    assert verdicts.loc["squad-gain", "verdict"] == "not testable"
    assert verdicts.loc["squad-gain", "estimate"] == pytest.approx(8.27, abs=0.01)


def test_variance_components_are_those_of_the_crossed_layout(rows, found):
    """Balanced data: the moment estimates of a two-way layout are REML's, where none is negative."""
    scores = rows[rows["variant"] == "none"].groupby(["run", "target_task"])["score"].mean().unstack()
    gains = (scores - scores.loc["baseline"]).drop(["baseline", "multi-task"]).to_numpy()
    a, b = gains.shape
    residual = gains - gains.mean(axis=0) - gains.mean(axis=1, keepdims=True) + gains.mean()
    within = (residual**2).sum() / ((a - 1) * (b - 1))
    expected = {
        "intermediate_task": gains.mean(axis=1).var(ddof=1) - within / b,
        "target_task": gains.mean(axis=0).var(ddof=1) - within / a,
        "residual": within,
    }
    sds = found.variance.set_index("component")["sd"] ** 2
    assert sds.to_dict() == pytest.approx(expected, rel=1e-3)


def test_shrunken_gains_lie_between_the_mean_and_their_own(found):
    own = of(found, "setting gain").iloc[:7]["estimate"].to_numpy()
    drawn = of(found, "setting gain, shrunken")["estimate"].to_numpy()
    assert (np.abs(drawn - own.mean()) < np.abs(own - own.mean())).all()
    assert (np.sign(drawn - own.mean()) == np.sign(own - own.mean())).all()


def test_every_cell_has_its_reading_and_source(rows):
    assert set(rows["confidence"]) == {"read", "derived"}
    assert rows["source"].notna().all()
    derived = rows[rows["n_tasks"] > 0]
    base = rows[rows["n_tasks"] == 0].set_index(["target_task", "metric"])["score"]
    level = np.array([base[key] for key in zip(derived["target_task"], derived["metric"], strict=True)])
    assert np.allclose(derived["score"], level + derived["printed"], atol=1e-9)


def test_only_tables_without_seeds_are_published(rows):
    assert is_published(rows)
    assert not is_published(rows.assign(seed=0))
    assert not is_published(rows.assign(language="de"))


def test_a_target_task_that_a_run_lacks_is_left_out_by_name(rows):
    lacking = rows[~((rows["run"] == "ccg") & (rows["target_task"] == "panx"))]
    gains = gains_of(lacking, trainings())
    assert "panx" not in gains.tasks
    assert gains.notes == ("panx is left out: ccg has no score of it.",)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r[r["n_tasks"] > 0], "0 runs without intermediate task"),
        (lambda r: pd.concat([r, r.tail(1)]), "stands twice"),
        (lambda r: r.drop(columns="metric"), "metric lacking"),
        (lambda r: r.assign(backbone=["a", *["b"] * (len(r) - 1)]), "column backbone"),
    ],
)
def test_bad_tables_are_refused_by_name(rows, change, told):
    with pytest.raises(DataError, match=told):
        gains_of(change(rows), trainings())
