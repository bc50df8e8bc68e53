"""Verdicts against p-values worked out by hand: directions, margins, conjunctions, one Holm family."""

import numpy as np
import pytest
from scipy import stats

from xtransfer_stats.stats.claims.claim import Claim, ClaimPart, Evidence
from xtransfer_stats.stats.claims.rules import RULES, Verdict
from xtransfer_stats.stats.claims.verdict import claim_rows, verdicts
from xtransfer_stats.stats.core.inference import single


def claim(test: str, value: float = 0.0, margin: float | None = None, name: str = "c") -> Claim:
    return Claim(name, "it gains", "a paper", "read", "set", test, value=value, margin=margin)


def part(estimate: float, error: float = 0.5, df: float = 4.0, name: str = "effect(3)") -> ClaimPart:
    return ClaimPart(name, single(estimate, error, df, "seed-paired t", 10))


def judged(test: str, *parts: ClaimPart, value: float = 0.0, margin: float | None = None) -> dict:
    found = verdicts([Evidence(claim(test, value, margin), parts)], 0.05)
    return found.iloc[0].to_dict()


@pytest.mark.parametrize(
    ("test", "estimate", "value", "margin", "verdict"),
    [
        ("positive", 3.0, 0.0, None, Verdict.SUPPORTED),
        ("positive", -3.0, 0.0, None, Verdict.CONTRADICTED),
        ("positive", 0.6, 0.0, None, Verdict.INCONCLUSIVE),
        ("positive", 0.1, 0.0, 3.0, Verdict.EQUIVALENT),
        ("value", 8.0, 8.2, 3.0, Verdict.SUPPORTED),
        ("value", 1.0, 8.2, 1.0, Verdict.CONTRADICTED),
        ("value", 8.0, 8.2, 0.5, Verdict.INCONCLUSIVE),
        ("flat", 0.1, 0.0, 3.0, Verdict.EQUIVALENT),
        ("flat", 5.0, 0.0, 1.0, Verdict.CONTRADICTED),
        ("flat", 1.0, 0.0, 1.0, Verdict.INCONCLUSIVE),
        ("differs", -3.0, 0.0, None, Verdict.SUPPORTED),
        ("differs", 0.1, 0.0, 3.0, Verdict.EQUIVALENT),
        ("differs", 0.5, 0.0, 0.6, Verdict.INCONCLUSIVE),
    ],
)
def test_each_rule_reaches_its_verdicts(test, estimate, value, margin, verdict):
    assert judged(test, part(estimate), value=value, margin=margin)["verdict"] == verdict


@pytest.mark.parametrize(
    ("test", "estimate", "verdict"),
    [
        ("positive", 0.10, "supported, within the margin"),
        ("positive", -0.10, "contradicted, within the margin"),
        ("differs", 0.10, "supported, within the margin"),
        ("positive", 0.60, "supported"),
    ],
)
def test_what_is_told_from_zero_and_smaller_than_the_margin_is_said_to_be_both(test, estimate, verdict):
    found = judged(test, part(estimate, error=0.007), margin=0.5)
    assert found["verdict"] == verdict
    assert found["p_value"] == pytest.approx(2 * stats.t.sf(abs(estimate) / 0.007, 4))
    assert ("within 0.5 points of 0: adjusted p" in found["reason"]) == ("margin" in verdict)


def test_one_part_is_students_t():
    found = judged("differs", part(1.8))
    assert found["p_value"] == pytest.approx(2 * stats.t.sf(3.6, 4))
    assert found["conf_low"] == pytest.approx(1.8 - stats.t.ppf(0.975, 4) * 0.5)


def test_a_conjunction_rests_on_its_weakest_part():
    found = judged("positive", part(5.0, name="strong"), part(2.5, name="weak"))
    assert found["hypothesis"] == "weak"
    assert found["p_value"] == pytest.approx(2 * stats.t.sf(5.0, 4))


def test_one_part_against_contradicts_a_conjunction_at_bonferronis_price():
    found = judged("positive", part(5.0), part(-6.0, name="against"))
    assert found["verdict"] == Verdict.CONTRADICTED
    assert found["hypothesis"] == "against"
    assert found["p_value"] == pytest.approx(2 * 2 * stats.t.sf(12.0, 4))


def test_all_claims_share_one_holm_family():
    alone = verdicts([Evidence(claim("differs"), (part(1.8),))], 0.05).iloc[0]
    among = verdicts([Evidence(claim("differs", name=str(i)), (part(1.8),)) for i in range(4)], 0.05)
    assert alone["verdict"] == Verdict.SUPPORTED
    assert among["p_adjusted"].tolist() == pytest.approx([4 * alone["p_value"]] * 4)
    assert set(among["verdict"]) == {Verdict.INCONCLUSIVE}


def test_what_has_no_error_is_not_testable():
    bare = ClaimPart("gain of squad1", single(8.27))
    found = judged("value", bare, value=8.2, margin=1.0)
    assert found["verdict"] == Verdict.NOT_TESTABLE
    assert found["estimate"] == 8.27
    assert np.isnan(found["p_adjusted"])
    lacking = verdicts([Evidence(claim("flat", margin=1.0), lacking="no run of it")], 0.05).iloc[0]
    assert lacking["reason"] == "no run of it"


@pytest.mark.parametrize(("cells", "verdict"), [(8.27, Verdict.SUPPORTED), (8.15, Verdict.CONTRADICTED)])
def test_printed_numbers_are_arithmetic(cells, verdict):
    found = judged("printed", ClaimPart("mean of the cells", single(cells, 0.0)), value=8.3, margin=0.1)
    assert found["verdict"] == verdict
    assert f"{cells:.2f}" in found["reason"]


def test_rows_of_the_result_frame_hold_the_same_numbers():
    said = [Evidence(claim("positive"), (part(3.0),)), Evidence(claim("flat", margin=1.0), lacking="x")]
    found = verdicts(said, 0.05)
    (row,) = claim_rows(found, said)
    first = found.iloc[0]
    assert {name: row[name] for name in ("estimate", "conf_low", "p_value", "p_adjusted", "df")} == {
        name: first[name] for name in ("estimate", "conf_low", "p_value", "p_adjusted", "df")
    }
    assert row["note"].startswith("supported: ")


def test_false_support_is_no_more_frequent_than_alpha():
    """A true null of a conjunction of two: simulated, 2,000 claims at 5 %."""
    rng = np.random.default_rng(7)
    values = rng.normal([0.0, 3.0], 1.0, size=(2000, 5, 2))
    means, errors = values.mean(axis=1), values.std(axis=1, ddof=1) / np.sqrt(5)
    wrong = 0
    for mean, error in zip(means, errors, strict=True):
        parts = tuple(part(m, e) for m, e in zip(mean, error, strict=True))
        wrong += RULES["positive"](claim("positive"), parts)[Verdict.SUPPORTED][0] < 0.05
    assert 0.015 < wrong / 2000 < 0.035


@pytest.mark.parametrize("others", [0, 3, 60])
def test_the_interval_is_corrected_as_the_p_is_and_the_reason_counts_the_comparisons(others):
    said = [Evidence(claim("differs", name=str(i)), (part(1.8 if i == 0 else 0.4),)) for i in range(others + 1)]
    row = verdicts(said, 0.05).iloc[0]
    assert (row["conf_low"] > 0) == (row["p_adjusted"] < 0.05)
    factor = row["p_adjusted"] / row["p_value"] if row["p_adjusted"] < 1 else others + 1
    half = 0.5 * stats.t.ppf(1 - 0.05 / factor / 2, 4)
    assert row["conf_high"] - row["estimate"] == pytest.approx(half, rel=1e-9)
    assert f"over {others + 1} comparison" in row["reason"]


def test_an_interval_that_excludes_zero_alone_does_not_where_many_are_tested():
    said = [Evidence(claim("differs", name=str(i)), (part(1.8 if i == 0 else 0.4),)) for i in range(61)]
    row = verdicts(said, 0.05).iloc[0]
    assert row["p_value"] < 0.05 < row["p_adjusted"]
    assert row["verdict"] == Verdict.INCONCLUSIVE and row["conf_low"] < 0 < row["conf_high"]
