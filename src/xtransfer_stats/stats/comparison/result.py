"""What a comparison is once it is made, and what it says to a claim on variants."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from xtransfer_stats.stats.claims.claim import PLAIN, Claim, ClaimPart, Evidence
from xtransfer_stats.stats.claims.evidence import STAND_IN
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE
from xtransfer_stats.stats.core.inference import single
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.termtable import EFFECT


@dataclass(frozen=True)
class Compared:
    """One of the two studies: its name in tables, what it is, and the signature of its scores."""

    name: str
    facts: StudyFacts
    signature: str


@dataclass(frozen=True)
class Comparison:
    """Everything that a comparison found.

    differs: fact, a, b, differs: what the two studies are, where they agree and where not.
    results: side (A, B, "B - A") and the columns of the one result frame; points on 0-100.
    paired: whether the differences are of pairs. n_cells: cells that both studies have.
    """

    a: Compared
    b: Compared
    paired: bool
    counts: tuple[int, ...]
    seeds: tuple[int, ...]  # that the differences rest on; of both studies where these are independent
    n_cells: int
    alpha: float
    differs: pd.DataFrame
    results: pd.DataFrame
    answer: str
    notes: tuple[str, ...]
    signature: str


def evidence(claim: Claim, beside: Iterable[Comparison]) -> Evidence | None:
    """Effect of plain English less that of the claim's variant at each count; None where no comparison has both."""
    if claim.about != "variants":
        return None
    for comparison in beside:
        variants = comparison.a.facts.variant, comparison.b.facts.variant
        if set(variants) == {PLAIN, claim.variant}:
            sign = -1.0 if variants[0] == PLAIN else 1.0
            return _parts(claim, comparison, sign)
    return None


def _parts(claim: Claim, comparison: Comparison, sign: float) -> Evidence:
    places = [name for name in (claim.at, claim.at + STAND_IN) if name in comparison.a.facts.benchmarks]
    if not places:
        return Evidence(claim, lacking=f"the studies did not score {claim.at}")
    rows = comparison.results[(comparison.results["side"] == DIFFERENCE) & (comparison.results["term"] == EFFECT)]
    names = (comparison.a.name, comparison.b.name) if sign < 0 else (comparison.b.name, comparison.a.name)
    parts = [
        ClaimPart(
            f"{row.contrast}, {names[0]} less {names[1]}",
            single(sign * row.estimate, row.std_error, row.df, row.method, row.n_runs),
        )
        for row in rows[rows["benchmark"] == places[0]].itertuples()
    ]
    return Evidence(
        claim, tuple(parts), remark=f"Tested on {places[0]}, {comparison.n_cells} cells that both studies have"
    )
