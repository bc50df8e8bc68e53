"""Where a claim is tested: its benchmark, or the one of embedded twins that stands in for it."""

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from xtransfer_stats.stats.claims.claim import Claim
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.weights import Benchmark, cell_weights

STAND_IN = "-mini"  # a benchmark of embedded twins, in the place of the one it is named after


class ClaimScores(Protocol):
    """Scores of benchmarks: by the names that their averages may bear, and in the same order by their own."""

    @property
    def benchmarks(self) -> Mapping[str, Benchmark]:
        """By the names that their averages may bear."""

    @property
    def official(self) -> Mapping[str, Benchmark]:
        """By their own names."""

    @property
    def cells(self) -> pd.MultiIndex:
        """Cells that every run has."""


def place(claim: Claim, scores: ClaimScores) -> tuple[str, Array | None, str]:
    """The claim's benchmark, its cell weights and a remark; None where the study has not scored it."""
    for official, remark in ((claim.at, ""), (claim.at + STAND_IN, f"Tested on {claim.at}{STAND_IN}, a stand-in")):
        if official in scores.official:
            name = list(scores.benchmarks)[list(scores.official).index(official)]
            part = f"Tested on {name}: too many of its scores are missing" if name != official else ""
            weights = cell_weights(scores.official[official], scores.cells)
            return name, weights, "; ".join(filter(None, (remark, part)))
    return claim.at, None, f"the study did not score {claim.at}"
