"""What a comparison is once it is made."""

from dataclasses import dataclass

import pandas as pd

from xtransfer_stats.stats.core.results import StudyFacts


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
