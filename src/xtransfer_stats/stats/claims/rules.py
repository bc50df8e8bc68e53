"""How the parts of a claim are judged: the p-value of each verdict that could be reached.

A conjunction ("gains at every count") is supported where each part is: the intersection-union test takes the largest
p and needs no correction within the claim (Berger 1982). It is contradicted where any part is, Bonferroni-corrected.
Margins are tested by two one-sided tests (Schuirmann 1987).
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from xtransfer_stats.stats.claims.claim import Claim, ClaimPart


class Verdict(StrEnum):
    """What the data say to a claim."""

    SUPPORTED = "supported"
    SUPPORTED_WITHIN = "supported, within the margin"  # told from zero, and smaller than what matters
    CONTRADICTED = "contradicted"
    CONTRADICTED_WITHIN = "contradicted, within the margin"
    EQUIVALENT = "equivalent"  # the effect is smaller than what matters
    INCONCLUSIVE = "inconclusive"
    NOT_TESTABLE = "not testable"


# What a verdict is called where equivalence is shown beside it.
WITHIN: Mapping[Verdict, Verdict] = MappingProxyType(
    {Verdict.SUPPORTED: Verdict.SUPPORTED_WITHIN, Verdict.CONTRADICTED: Verdict.CONTRADICTED_WITHIN}
)
P = dict[Verdict, tuple[float, ClaimPart]]  # p of each verdict that could be reached, with the part that decides it


def _above(part: ClaimPart, bound: float) -> float:
    return float(part.moments.p_above(bound)[0])


def _below(part: ClaimPart, bound: float) -> float:
    return float(part.moments.p_below(bound)[0])


def _within(part: ClaimPart, claim: Claim, value: float) -> float:
    margin = float(claim.margin or 0.0)
    return max(_above(part, value - margin), _below(part, value + margin))


def _outside(part: ClaimPart, claim: Claim, value: float) -> float:
    margin = float(claim.margin or 0.0)
    return 2 * min(_above(part, value + margin), _below(part, value - margin))


def _largest(parts: Sequence[ClaimPart], p: Callable[[ClaimPart], float]) -> tuple[float, ClaimPart]:
    worst = max(parts, key=p)
    return min(1.0, p(worst)), worst


def _smallest(parts: Sequence[ClaimPart], p: Callable[[ClaimPart], float]) -> tuple[float, ClaimPart]:
    best = min(parts, key=p)
    return min(1.0, len(parts) * p(best)), best


def _negligible(claim: Claim, parts: Sequence[ClaimPart]) -> P:
    if claim.margin is None:
        return {}
    return {Verdict.EQUIVALENT: _largest(parts, lambda part: _within(part, claim, 0.0))}


def _positive(claim: Claim, parts: Sequence[ClaimPart]) -> P:
    """Every part is above zero."""
    return {
        Verdict.SUPPORTED: _largest(parts, lambda part: 2 * _above(part, 0.0)),
        Verdict.CONTRADICTED: _smallest(parts, lambda part: 2 * _below(part, 0.0)),
        **_negligible(claim, parts),
    }


def _value(claim: Claim, parts: Sequence[ClaimPart]) -> P:
    """Every part lies within the margin of the value claimed."""
    return {
        Verdict.SUPPORTED: _largest(parts, lambda part: _within(part, claim, claim.value)),
        Verdict.CONTRADICTED: _smallest(parts, lambda part: _outside(part, claim, claim.value)),
    }


def _flat(claim: Claim, parts: Sequence[ClaimPart]) -> P:
    """Every part is nearer to zero than the margin: the claim itself is one of equivalence."""
    return {
        Verdict.EQUIVALENT: _largest(parts, lambda part: _within(part, claim, 0.0)),
        Verdict.CONTRADICTED: _smallest(parts, lambda part: _outside(part, claim, 0.0)),
    }


def _differs(claim: Claim, parts: Sequence[ClaimPart]) -> P:
    """Some part is not zero."""
    two_sided = _smallest(parts, lambda part: 2 * min(_above(part, 0.0), _below(part, 0.0)))
    return {Verdict.SUPPORTED: two_sided, **_negligible(claim, parts)}


RULES: Mapping[str, Callable[[Claim, Sequence[ClaimPart]], P]] = MappingProxyType(
    {"positive": _positive, "value": _value, "flat": _flat, "differs": _differs}
)
