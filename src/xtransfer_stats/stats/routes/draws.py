"""How those routes that resample do so."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sampling:
    """How many replicates, from which seed, in how many threads; drawn is told how many more are done."""

    replicates: int = 1999
    seed: int = 2005
    workers: int = 1
    drawn: Callable[[int], None] | None = None
