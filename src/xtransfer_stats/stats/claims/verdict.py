"""From the parts of a claim to p-values, one Holm family over all claims, and verdicts.

A conjunction ("gains at every count") is supported where each part is: the intersection-union test takes the largest
p and needs no correction within the claim (Berger 1982). It is contradicted where any part is, Bonferroni-corrected.
Margins are tested by two one-sided tests (Schuirmann 1987).
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import stats

from xtransfer_stats.stats.adjust import Correction, adjusted
from xtransfer_stats.stats.claims.claim import Claim, Evidence, Part
from xtransfer_stats.stats.identifiers import row_id
from xtransfer_stats.stats.rows import Row

CLAIM_COLUMNS = (
    "claim",
    "text",
    "verdict",
    "hypothesis",  # the part that decides
    "estimate",
    "std_error",
    "statistic",
    "conf_low",
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


class Verdict(StrEnum):
    """What the data say to a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    EQUIVALENT = "equivalent"  # the effect is smaller than what matters
    INCONCLUSIVE = "inconclusive"
    NOT_TESTABLE = "not testable"


NUMBERS = (
    "estimate", "std_error", "df", "statistic", "p_value", "p_adjusted", "conf_low", "conf_high", "method", "n_runs"
)  # fmt: skip
ARITHMETIC = "printed"  # the test of a printed number against its own cells: no sampling, so no p
ROUNDING_ERROR = 1e-9  # of adding decimals in binary

P = dict[Verdict, tuple[float, Part]]  # p of each verdict that could be reached, with the part that decides it


def _above(part: Part, bound: float) -> float:
    """One-sided p of estimate > bound."""
    return float(stats.t.sf((part.estimate - bound) / part.std_error, part.df))


def _below(part: Part, bound: float) -> float:
    return float(stats.t.cdf((part.estimate - bound) / part.std_error, part.df))


def _within(part: Part, claim: Claim, value: float) -> float:
    margin = float(claim.margin or 0.0)
    return max(_above(part, value - margin), _below(part, value + margin))


def _outside(part: Part, claim: Claim, value: float) -> float:
    margin = float(claim.margin or 0.0)
    return 2 * min(_above(part, value + margin), _below(part, value - margin))


def _largest(parts: Sequence[Part], p: Callable[[Part], float]) -> tuple[float, Part]:
    worst = max(parts, key=p)
    return min(1.0, p(worst)), worst


def _smallest(parts: Sequence[Part], p: Callable[[Part], float]) -> tuple[float, Part]:
    best = min(parts, key=p)
    return min(1.0, len(parts) * p(best)), best


def _negligible(claim: Claim, parts: Sequence[Part]) -> P:
    if claim.margin is None:
        return {}
    return {Verdict.EQUIVALENT: _largest(parts, lambda part: _within(part, claim, 0.0))}


def _positive(claim: Claim, parts: Sequence[Part]) -> P:
    """Every part is above zero."""
    return {
        Verdict.SUPPORTED: _largest(parts, lambda part: 2 * _above(part, 0.0)),
        Verdict.CONTRADICTED: _smallest(parts, lambda part: 2 * _below(part, 0.0)),
        **_negligible(claim, parts),
    }


def _value(claim: Claim, parts: Sequence[Part]) -> P:
    """Every part lies within the margin of the value claimed."""
    return {
        Verdict.SUPPORTED: _largest(parts, lambda part: _within(part, claim, claim.value)),
        Verdict.CONTRADICTED: _smallest(parts, lambda part: _outside(part, claim, claim.value)),
    }


def _flat(claim: Claim, parts: Sequence[Part]) -> P:
    """Every part is nearer to zero than the margin: the claim itself is one of equivalence."""
    return {
        Verdict.EQUIVALENT: _largest(parts, lambda part: _within(part, claim, 0.0)),
        Verdict.CONTRADICTED: _smallest(parts, lambda part: _outside(part, claim, 0.0)),
    }


def _differs(claim: Claim, parts: Sequence[Part]) -> P:
    """Some part is not zero."""
    two_sided = _smallest(parts, lambda part: 2 * min(_above(part, 0.0), _below(part, 0.0)))
    return {Verdict.SUPPORTED: two_sided, **_negligible(claim, parts)}


RULES: Mapping[str, Callable[[Claim, Sequence[Part]], P]] = MappingProxyType(
    {"positive": _positive, "value": _value, "flat": _flat, "differs": _differs}
)


def verdicts(evidence: Sequence[Evidence], alpha: float) -> pd.DataFrame:
    """One row a claim, CLAIM_COLUMNS; a verdict needs its Holm-adjusted p below `alpha`."""
    tested = [RULES[one.claim.test](one.claim, one.parts) if _testable(one) else {} for one in evidence]
    values = [p for found in tested for p, _ in found.values()]
    corrected = iter(adjusted(np.array(values), Correction.HOLM) if values else ())
    rows = [
        _named(one, {verdict: (p, part, float(next(corrected))) for verdict, (p, part) in found.items()}, alpha)
        for one, found in zip(evidence, tested, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))


def _arithmetic(one: Evidence) -> dict[str, object]:
    """A printed number against what its cells give; the margin is what rounding explains."""
    claim, part = one.claim, one.parts[0]
    margin = float(claim.margin or 0.0)
    agrees = abs(part.estimate - claim.value) <= margin + ROUNDING_ERROR
    verdict = Verdict.SUPPORTED if agrees else Verdict.CONTRADICTED
    reason = f"the cells give {part.estimate:.2f}, printed is {claim.value:g}; rounding explains {margin:g}"
    return {"verdict": str(verdict), "p_value": np.nan, "p_adjusted": np.nan, "reason": _joined(reason, one)}


def claim_rows(found: pd.DataFrame) -> list[Row]:
    """Rows of the result frame for what decides each claim."""
    return [
        {
            **_keys(row.claim, row.hypothesis),
            **{name: getattr(row, name) for name in NUMBERS},
            "note": f"{row.verdict}: {row.reason}",
        }
        for row in found[found["hypothesis"] != ""].itertuples()
    ]


def _keys(claim: str, hypothesis: str) -> Row:
    return {"term": "claim", "contrast": f"{claim}: {hypothesis}", "scope": "these"}


def _testable(one: Evidence) -> bool:
    known = bool(one.parts) and all(part.std_error > 0 for part in one.parts)
    return known and not one.lacking and one.claim.test in RULES


def _named(one: Evidence, found: dict[Verdict, tuple[float, Part, float]], alpha: float) -> dict[str, object]:
    row = _row(one, found, alpha)
    hypothesis = str(row["hypothesis"])
    return row | {"id": row_id(_keys(one.claim.name, hypothesis)) if hypothesis else ""}


def _row(one: Evidence, found: dict[Verdict, tuple[float, Part, float]], alpha: float) -> dict[str, object]:
    claim = one.claim
    kept = _words(claim)
    if claim.test == ARITHMETIC and one.parts and not one.lacking:
        return kept | _shown(one.parts[0], alpha) | _arithmetic(one)
    if not found:
        shown = one.parts[0] if one.parts else Part("", np.nan)
        reason = one.lacking or "nothing tells the error of this estimate: one run, or no variation between seeds"
        return kept | _shown(shown, alpha) | {"verdict": str(Verdict.NOT_TESTABLE), "reason": _joined(reason, one)}
    reached = [verdict for verdict, (_, _, p) in found.items() if p < alpha]
    verdict = reached[0] if reached else Verdict.INCONCLUSIVE
    decisive = verdict if reached else min(found, key=lambda each: found[each][0])
    p, part, p_adjusted = found[decisive]
    reason = REASONS[verdict].format(claim=claim, part=part, p=p_adjusted, margin=claim.margin, bound=_bound(claim))
    told = {"verdict": str(verdict), "p_value": p, "p_adjusted": p_adjusted, "reason": _joined(reason, one)}
    return kept | _shown(part, alpha) | told


def _words(claim: Claim) -> dict[str, object]:
    return {
        "claim": claim.name,
        "text": claim.text,
        "source": claim.source,
        "reading": claim.reading,
        "about": claim.about,
        "margin": np.nan if claim.margin is None else claim.margin,
        "value": claim.value,
    }


def _bound(claim: Claim) -> str:
    return f"{claim.value:g}" if claim.test == "value" else "0"


REASONS = {
    Verdict.SUPPORTED: "{part.hypothesis}: adjusted p {p:.3g}",
    Verdict.CONTRADICTED: "{part.hypothesis} speaks against it: adjusted p {p:.3g}",
    Verdict.EQUIVALENT: "within {margin:g} points of {bound}: adjusted p {p:.3g}",
    Verdict.INCONCLUSIVE: "the interval leaves it open: smallest adjusted p {p:.3g}",
}


def _shown(part: Part, alpha: float) -> dict[str, object]:
    half = stats.t.ppf(1 - alpha / 2, part.df) * part.std_error if part.std_error > 0 else np.nan
    return {
        "hypothesis": part.hypothesis,
        "estimate": part.estimate,
        "std_error": part.std_error if part.std_error > 0 else np.nan,
        "statistic": part.estimate / part.std_error if part.std_error > 0 else np.nan,
        "conf_low": part.estimate - half,
        "conf_high": part.estimate + half,
        "df": part.df,
        "method": part.method,
        "n_runs": part.n_runs,
    }


def _joined(reason: str, one: Evidence) -> str:
    return f"{reason}. {one.remark}".strip() if one.remark else reason
