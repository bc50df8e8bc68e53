"""From the evidence on claims to one Holm family over all of them, and a verdict with its reason each."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from xtransfer_stats.base.formats import counted
from xtransfer_stats.stats.claims.claim import Claim, ClaimPart, Evidence
from xtransfer_stats.stats.claims.rules import RULES, WITHIN, Verdict
from xtransfer_stats.stats.core.inference import Correction, adjusted, single
from xtransfer_stats.stats.core.rows import Row, moment_rows, row_id
from xtransfer_stats.stats.core.termtable import CLAIM, THESE

CLAIM_COLUMNS = (
    "claim",
    "text",
    "verdict",
    "hypothesis",  # the part that decides
    "estimate",
    "std_error",
    "statistic",
    "conf_low",  # limits corrected as p is
    "conf_high",
    "p_value",  # of the verdict, or the smallest where there is none
    "p_adjusted",  # Holm over every p-value of every claim tested
    "df",
    "method",
    "n_runs",
    "margin",
    "value",
    "reason",
    "source",
    "reading",
    "about",
    "id",  # of what decides it, "" where nothing does
)
NUMBERS = (
    "estimate", "std_error", "df", "statistic", "p_value", "p_adjusted", "conf_low", "conf_high", "method", "n_runs"
)  # fmt: skip
ARITHMETIC = "printed"  # the test of a printed number against its own cells: no sampling, so no p
ROUNDING_ERROR = 1e-9  # of adding decimals in binary
Reachable = dict[Verdict, tuple[float, ClaimPart, float]]  # p of each verdict, the part that decides it, corrected p


def verdicts(evidence: Sequence[Evidence], alpha: float, unit: str = "points") -> pd.DataFrame:
    """One row a claim, CLAIM_COLUMNS; a verdict needs its Holm-adjusted p below `alpha`. unit: of the scores."""
    tested = [RULES[one.claim.test](one.claim, one.parts) if _testable(one) else {} for one in evidence]
    values = [p for values_of in tested for p, _ in values_of.values()]
    corrected = iter(adjusted(np.array(values), Correction.HOLM) if values else ())
    rows = [
        _row(
            len(values),
            one,
            {verdict: (p, part, float(next(corrected))) for verdict, (p, part) in values_of.items()},
            alpha,
            unit,
        )
        for one, values_of in zip(evidence, tested, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))


def claim_rows(judged: pd.DataFrame, evidence: Sequence[Evidence]) -> list[Row]:
    """Rows of the result frame for what decides each claim."""
    weights = {(one.claim.name, part.hypothesis): part.weights for one in evidence for part in one.parts}
    return [
        {
            **claim_keys(row.claim, row.hypothesis),
            **{name: getattr(row, name) for name in NUMBERS},
            "note": f"{row.verdict}: {row.reason}",
            "weights": weights.get((row.claim, row.hypothesis)),
        }
        for row in judged[judged["hypothesis"] != ""].itertuples()
    ]


def claim_keys(claim: str, hypothesis: str) -> Row:
    """What names the row of a part of a claim."""
    return {"term": CLAIM, "contrast": f"{claim}: {hypothesis}", "scope": THESE}


def _testable(one: Evidence) -> bool:
    known = bool(one.parts) and all(part.tested for part in one.parts)
    return known and not one.lacking and one.claim.test in RULES


def _row(tests: int, one: Evidence, reachable: Reachable, alpha: float, unit: str) -> dict[str, object]:
    claim = one.claim
    part, verdict, reason, p, p_adjusted = _judged(one, reachable, alpha, unit)
    level = alpha / _factor(p, p_adjusted, tests)
    if reachable:
        reason += f" over {counted(tests, 'comparison')}"
    return moment_rows(part.moments, [{"hypothesis": part.hypothesis}], level)[0] | {
        "claim": claim.name,
        **{name: getattr(claim, name) for name in ("text", "source", "reading", "about", "value")},
        "margin": np.nan if claim.margin is None else claim.margin,
        "std_error": part.std_error if part.tested else np.nan,
        "verdict": str(verdict),
        "p_value": p,
        "p_adjusted": p_adjusted,
        "reason": f"{reason}. {one.remark}".strip() if one.remark else reason,
        "id": row_id(claim_keys(claim.name, part.hypothesis)) if part.hypothesis else "",
    }


def _factor(p: float, p_adjusted: float, tests: int) -> float:
    """What the correction multiplied p by, so that the interval at alpha over it excludes what the verdict excludes.

    Where the corrected p stopped at 1 it is the number of tests: Bonferroni's interval. 1 where nothing was tested.
    """
    if p_adjusted != p_adjusted:
        return 1.0
    return p_adjusted / p if 0 < p_adjusted < 1 and p > 0 else float(tests)


def _judged(
    one: Evidence, reachable: Reachable, alpha: float, unit: str
) -> tuple[ClaimPart, Verdict, str, float, float]:
    """The part that decides, the verdict, its reason, p and corrected p."""
    claim, nan = one.claim, float("nan")
    if claim.test == ARITHMETIC and one.parts and not one.lacking:
        return one.parts[0], *_arithmetic(claim, one.parts[0]), nan, nan
    if not reachable:
        shown = one.parts[0] if one.parts else ClaimPart("", single(np.nan))
        reason = one.lacking or "nothing tells the error of this estimate: one run, or no variation between seeds"
        return shown, Verdict.NOT_TESTABLE, reason, nan, nan
    reached = [verdict for verdict, (_, _, p) in reachable.items() if p < alpha]
    verdict = reached[0] if reached else Verdict.INCONCLUSIVE
    decisive = verdict if reached else min(reachable, key=lambda each: reachable[each][0])
    p, part, p_adjusted = reachable[decisive]
    bound = f"{claim.value:g}" if claim.test == "value" else "0"
    said = {"part": part, "margin": claim.margin, "bound": bound, "unit": unit}
    reason = REASONS[verdict].format(p=p_adjusted, **said)
    if verdict in WITHIN and Verdict.EQUIVALENT in reached:
        small = REASONS[Verdict.EQUIVALENT].format(p=reachable[Verdict.EQUIVALENT][2], **said)
        return part, WITHIN[verdict], f"{reason}; yet {small}", p, p_adjusted
    return part, verdict, reason, p, p_adjusted


def _arithmetic(claim: Claim, part: ClaimPart) -> tuple[Verdict, str]:
    """A printed number against what its cells give; the margin is what rounding explains."""
    margin = float(claim.margin or 0.0)
    agrees = abs(part.estimate - claim.value) <= margin + ROUNDING_ERROR
    reason = f"the cells give {part.estimate:.2f}, printed is {claim.value:g}; rounding explains {margin:g}"
    return Verdict.SUPPORTED if agrees else Verdict.CONTRADICTED, reason


REASONS = {
    Verdict.SUPPORTED: "{part.hypothesis}: adjusted p {p:.3g}",
    Verdict.CONTRADICTED: "{part.hypothesis} speaks against it: adjusted p {p:.3g}",
    Verdict.EQUIVALENT: "within {margin:g} {unit} of {bound}: adjusted p {p:.3g}",
    Verdict.INCONCLUSIVE: "the interval leaves it open: smallest adjusted p {p:.3g}",
}
