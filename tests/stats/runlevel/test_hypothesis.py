"""Hypotheses by name against the headline rows, a formula by hand and statsmodels."""

import re

import numpy as np
import pytest
from statsmodels.stats.weightstats import ttost_paired
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.weights import cell_weights
from xtransfer_stats.stats.runlevel.combination import contrast_rows
from xtransfer_stats.stats.runlevel.hypothesis import hypothesis_weights, parse
from xtransfer_stats.stats.runlevel.magnitude import equivalence_rows
from xtransfer_stats.stats.runlevel.runresults import run_numbers, run_results

TERMS = ("effect", "step", "interaction", "task effect")
COLUMNS = ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high", "n_runs")


def _study(**options):
    frame, benchmarks = simulated_frame(**{"seeds": 5, "counts": (3, 5, 9), **options})
    return complete_scores(frame, benchmarks)


@pytest.mark.parametrize("options", [{}, {"sets": 2}, {"cross": 3}])
def test_a_hypothesis_reproduces_every_headline_row(options):
    study = _study(**options)
    wanted = [r for r in run_results(study, 0.05).rows if r["term"] in TERMS and r["scope"] == "these"]
    found = contrast_rows(study, [row["contrast"] for row in wanted], 0.05)
    assert len(wanted) > 20
    for one, other in zip(found, wanted, strict=True):
        # The error of a target task's row is moderated by those of the others; a hypothesis stands alone.
        columns = ("estimate", "n_runs") if other["term"] == "task effect" else COLUMNS
        np.testing.assert_allclose([one[c] for c in columns], [other[c] for c in columns], rtol=1e-8, atol=1e-9)


def test_a_hypothesis_over_two_benchmarks_by_hand():
    study = _study()
    text = "0.5*effect(3) + 0.5*effect(5) @ xtreme-r-mini - effect(3) @ xtreme-mini"
    row = contrast_rows(study, [text], 0.05)[0]
    runs = study.chains.runs
    first, second = (study.chains.scores @ cell_weights(b, study.cells) for b in study.benchmarks.values())
    at = {
        (i, k): np.array([g[(runs["seed"] == s) & (runs["n_tasks"] == k)].mean() for s in study.design.seeds])
        for i, g in enumerate((first, second))
        for k in (0, 3, 5)
    }
    own = 0.5 * at[1, 3] + 0.5 * at[1, 5] - at[1, 0] - at[0, 3] + at[0, 0]
    assert row["estimate"] == pytest.approx(own.mean())
    assert row["std_error"] == pytest.approx(own.std(ddof=1) / np.sqrt(5))
    assert row["df"] == 4


def test_a_trend_is_the_least_squares_slope():
    study = _study()
    row = contrast_rows(study, ["trend @ xtreme-mini"], 0.05)[0]
    means = [contrast_rows(study, [f"mean({k}) @ xtreme-mini"], 0.05)[0]["estimate"] for k in (0, 3, 5, 9)]
    assert row["estimate"] == pytest.approx(np.polyfit([0, 3, 5, 9], means, 1)[0])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("effect(4) @ xtreme-mini", "task count '4'"),
        ("effect(3) @ xtreme-min", "did you mean xtreme-mini"),
        ("efect(3) @ xtreme-mini", "did you mean effect"),
        ("effect(3) @ xtreme-mini ?", "at character 25"),
        ("effect(3)", "benchmark ''"),
        ("", "at character 1"),
    ],
)
def test_an_error_names_text_and_remedy(text, told):
    study = _study()
    with pytest.raises(DataError) as caught:
        hypothesis_weights(text, study.design.counts, study.benchmarks, study.cells)
    assert told in str(caught.value)


def test_equivalence_is_that_of_statsmodels():
    study = _study(seeds=6)  # a seed-paired t: no pooling over counts
    rows = run_results(study, 0.05).rows
    made = {(r["term"], r["contrast"]): r for r in equivalence_rows(rows, 1.0, 0.05)}
    numbers = run_numbers(study, cell_weights(study.benchmarks["xtreme-mini"], study.cells)[:, None])
    low, high = numbers._seed_means(0)[:, 0], numbers._seed_means(3)[:, 0]
    p, lower, _ = ttost_paired(high, low, -1.0, 1.0)
    assert made["equivalence", "effect(3) @ xtreme-mini"]["p_value"] == pytest.approx(p)
    assert made["non-inferiority", "effect(3) @ xtreme-mini"]["p_value"] == pytest.approx(lower[1])


def test_a_margin_must_be_above_zero():
    with pytest.raises(DataError, match="above zero"):
        equivalence_rows([], 0.0, 0.05)


LABELS = {
    "group": {"xnli": "classification", "pawsx": "classification", "panx": "structured prediction"},
    "script": {"de": "Latn", "es": "Latn", "fr": "Latn", "ru": "Cyrl", "zh": "Hans"},
}


def test_groups_and_scripts_are_means_of_their_members():
    frame, benchmarks = simulated_frame(5, (3,), rng_seed=1)
    prepared = complete_scores(frame, benchmarks)
    asked = ("effect(3) @ group classification", "effect(3) @ group structured-prediction", "effect(3) @ script latn")
    group, single, script = contrast_rows(prepared, asked, 0.05, LABELS)
    parts = contrast_rows(
        prepared, ("0.5*effect(3) @ task xnli + 0.5*effect(3) @ task pawsx", "effect(3) @ task panx"), 0.05
    )
    assert group["estimate"] == pytest.approx(parts[0]["estimate"])
    assert group["std_error"] == pytest.approx(parts[0]["std_error"])
    assert single["estimate"] == pytest.approx(parts[1]["estimate"])
    each = contrast_rows(prepared, tuple(f"effect(3) @ language {x}" for x in ("de", "es", "fr")), 0.05)
    assert script["estimate"] == pytest.approx(np.mean([row["estimate"] for row in each]))
    with pytest.raises(DataError, match="group 'retrieval' is not in this study"):
        contrast_rows(prepared, ("effect(3) @ group retrieval",), 0.05, LABELS)


def test_groups_are_an_exploratory_family_of_their_own():
    frame, benchmarks = simulated_frame(5, (3,), rng_seed=1)
    results = analyzed(frame, benchmarks, labels=LABELS).results
    rows = results[results["term"] == "group effect"]
    assert list(rows["contrast"]) == ["effect(3) @ group classification", "effect(3) @ group structured-prediction"]
    assert rows["p_adjusted"].notna().all()
    assert set(rows["family"]) == {"groups"}


@pytest.mark.parametrize(
    "text",
    [
        "effect(3) @ xtreme-mini - effect(3) @ xtreme-mini",
        "0*effect(3) @ xtreme-mini",
        "step(3->3) @ xtreme-mini",
        "effect(0) @ xtreme-mini",
        "interaction(3) - interaction(3)",
        "0.3*effect(3) @ xtreme-mini - 0.1*effect(3) @ xtreme-mini - 0.2*effect(3) @ xtreme-mini",
    ],
)
def test_terms_that_cancel_are_said_to(text):
    with pytest.raises(DataError, match="its terms cancel, so it is zero by construction in every study"):
        contrast_rows(_study(), [text], 0.05)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("9" * 5000 + "*effect(3) @ xtreme-mini", "5,024 characters: 2,000 are the most"),
        ("9" * 50 + "*effect(3) @ xtreme-mini", "a number of 50 digits: 30 are the most"),
        ("effect(" + "9" * 1000 + ") @ xtreme-mini", "a number of 1,000 digits"),
        ("1000000000*effect(3) @ xtreme-mini", "a factor is 0, or of a size from 1e-06 to 1e+06"),
        ("0.00000000001*effect(3) @ xtreme-mini", "a factor is 0, or of a size"),
        ("+".join(["effect(3) @ xtreme-mini"] * 2000), "characters: 2,000 are the most"),
    ],
)
def test_what_is_longer_than_anybody_writes_is_refused_by_its_place(text, told):
    with pytest.raises(DataError, match=re.escape(told)) as refused:
        contrast_rows(_study(), [text], 0.05)
    assert len(str(refused.value)) < 500


def test_a_third_is_written_with_all_its_digits():
    assert parse("0.3333333333333333*effect(3) @ xtreme-mini")[0].factor == pytest.approx(1 / 3)
