"""What two studies say to a claim on variants: the differences of a comparison."""

from collections.abc import Iterable

from xtransfer_stats.stats.claims.claim import PLAIN, Claim, ClaimPart, Evidence
from xtransfer_stats.stats.claims.evidence import STAND_IN
from xtransfer_stats.stats.comparison.result import Comparison
from xtransfer_stats.stats.comparison.rows import DIFFERENCE
from xtransfer_stats.stats.core.inference import single
from xtransfer_stats.stats.core.termtable import EFFECT


def evidence(claim: Claim, beside: Iterable[Comparison]) -> Evidence | None:
    """Effect of plain English less that of the claim's variant at each count; None where no comparison has both."""
    if claim.about != "variants":
        return None
    for found in beside:
        variants = found.a.facts.variant, found.b.facts.variant
        if set(variants) == {PLAIN, claim.variant}:
            sign = -1.0 if variants[0] == PLAIN else 1.0
            return _parts(claim, found, sign)
    return None


def _parts(claim: Claim, found: Comparison, sign: float) -> Evidence:
    places = [name for name in (claim.at, claim.at + STAND_IN) if name in found.a.facts.benchmarks]
    if not places:
        return Evidence(claim, lacking=f"the studies did not score {claim.at}")
    rows = found.results[(found.results["side"] == DIFFERENCE) & (found.results["term"] == EFFECT)]
    names = (found.a.name, found.b.name) if sign < 0 else (found.b.name, found.a.name)
    parts = [
        ClaimPart(
            f"{row.contrast}, {names[0]} less {names[1]}",
            single(sign * row.estimate, row.std_error, row.df, row.method, row.n_runs),
        )
        for row in rows[rows["benchmark"] == places[0]].itertuples()
    ]
    return Evidence(claim, tuple(parts), remark=f"Tested on {places[0]}, {found.n_cells} cells that both studies have")
