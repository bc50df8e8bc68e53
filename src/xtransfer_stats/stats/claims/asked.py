"""What runs say to a claim that is written as a hypothesis: of any study, whatever it compares."""

from dataclasses import replace

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.claims.claim import Claim, ClaimPart, Evidence
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.runlevel.combination import combination, factored
from xtransfer_stats.stats.runlevel.hypothesis import hypothesis_weights


def of_contrast(claim: Claim, complete: CompleteScores) -> Evidence:
    """The claim's hypothesis as its one part; lacking where the study has no condition or place of that name."""
    design = complete.design
    try:
        by_level = hypothesis_weights(
            claim.contrast, design.counts, complete.benchmarks, complete.cells, None, design.conditions
        )
    except DataError as error:
        return Evidence(claim, lacking=str(error))
    weights = factored((0, *design.counts), by_level)
    moments = combination(complete, weights)
    return Evidence(claim, (ClaimPart(claim.contrast, moments, replace(weights, averaged=moments.averaged)),))
