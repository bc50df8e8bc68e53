"""What is known of every score so far: columns of the frame as texts, and columns that are none of these yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from xtransfer_stats.exchange.scoreframe.headings import (
    BACKBONE,
    BENCHMARK,
    CONDITION,
    COUNT,
    DRAW,
    EXAMPLES,
    LANGUAGE,
    METRIC,
    SEED,
    SET,
    TASK,
)

TOLD = (SEED, CONDITION, DRAW, TASK, LANGUAGE, METRIC, EXAMPLES, BENCHMARK, BACKBONE, COUNT, SET)
JOINT = "/"


@dataclass
class Dimensions:
    """frame: a score a row, the columns of a frame as texts, "" where nothing tells them. found: column of the frame ->
    what told it. spare: columns that are none of these yet, by their spelling."""

    frame: pd.DataFrame
    found: dict[str, str] = field(default_factory=dict)
    spare: dict[str, pd.Series] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)  # of the spare columns, those that are the condition

    def lacks(self, name: str) -> bool:
        """Whether no row is told this column."""
        return bool((self.frame[name] == "").all())

    def tell(self, name: str, values: Sequence[str], by: str) -> None:
        """Fill a column's empty rows from values, and remember what told it."""
        own = self.frame[name]
        self.frame[name] = own.where(own != "", pd.Series(list(values), index=own.index))
        if by and self.frame[name].ne(own).any():
            self.found[name] = f"{self.found[name]}, {by}" if name in self.found else by
