"""Whether two studies are compared pair by pair or as independent ones; their designs decide.

A pair of runs that has the seed and the task sets in common shares its data order and the luck of its sets,
so that the difference has less error than two studies apart. Pairing studies that share nothing costs
degrees of freedom and is never wrong; taking paired studies for independent ones makes the error too large.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from xtransfer_stats.stats.core.runs import CHAIN_KEY, ScoreTable

Sets = dict[tuple[int, int], frozenset[str]]


@dataclass(frozen=True)
class Pairing:
    """paired: by design. sentence: which and why. notes: what pairing leaves out."""

    paired: bool
    sentence: str
    notes: tuple[str, ...] = ()


def pairing(a: ScoreTable, b: ScoreTable, *, independent: bool = False) -> Pairing:
    """Decide for the chains of two studies; `independent` forces independence."""
    if independent:
        return Pairing(False, "Taken as independent, as asked: errors and df are each study's own (Welch).")
    first, second = (frozenset(map(int, table.runs["seed"])) for table in (a, b))
    shared = first & second
    if shared not in (first, second):
        sentence = f"Independent (Welch): the seeds differ (A: {_seeds(first)}; B: {_seeds(second)})."
        overlap = f"Both studies ran {_seeds(shared)}: what these share makes the error of the difference too large."
        return Pairing(False, sentence, (overlap,)) if shared else Pairing(False, sentence)
    strange = _other_sets(_sets(a), _sets(b), shared)
    if strange:
        return Pairing(False, f"Independent (Welch): the seeds have the same names, but other task sets ({strange}).")
    if unmatched := _unmatched(a, b):
        return Pairing(False, f"Independent (Welch): no seed has {unmatched} in both studies.")
    sentence = (
        f"Paired by seed: both studies ran {_seeds(shared)} on the same task sets, so that a pair shares "
        "the luck of its sets and the order of its data."
    )
    return Pairing(True, sentence, tuple(_left_out(a, b)))


def paired_chains(a: ScoreTable, b: ScoreTable) -> tuple[ScoreTable, ScoreTable]:
    """The chains of both that have seed, count and set in common, in one order."""
    first, second = _index(a), _index(b)
    keys = first.intersection(second, sort=False)
    return a.take_runs(first.get_indexer(keys)), b.take_runs(second.get_indexer(keys))


def _index(table: ScoreTable) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table.runs[CHAIN_KEY])


def _sets(table: ScoreTable) -> Sets:
    groups = table.runs.groupby(["seed", "n_tasks"])["task_set"]
    return {(int(seed), int(count)): frozenset(names) for (seed, count), names in groups}


def _other_sets(a: Sets, b: Sets, shared: Iterable[int]) -> str:
    """The first seed and count at which each study has a set that the other lacks; "" for none."""
    for seed, count in sorted(a.keys() & b.keys()):
        mine, other = a[seed, count], b[seed, count]
        if seed in shared and mine - other and other - mine:
            return f"first: seed {seed} at {count} tasks"
    return ""


def _unmatched(a: ScoreTable, b: ScoreTable) -> str:
    """Task counts, the baseline's 0 among them, that no pair of chains has."""
    pairs = set(paired_chains(a, b)[0].runs["n_tasks"])
    lacking = sorted({int(count) for table in (a, b) for count in table.runs["n_tasks"]} - pairs)
    return ", ".join(f"task count {count}" for count in lacking)


def _left_out(a: ScoreTable, b: ScoreTable) -> list[str]:
    first, second = _index(a), _index(b)
    notes = []
    for side, mine, other in (("A", first, second), ("B", second, first)):
        gone = frozenset(mine.get_level_values("seed")) - frozenset(other.get_level_values("seed"))
        alone = [f"seed {seed} {name or 'baseline'}" for seed, _, name in mine.difference(other) if seed not in gone]
        names = [*([_seeds(gone)] if gone else []), *alone]
        if names:
            notes.append(f"Runs of {side} without a pair, left out (--unpaired uses them): {', '.join(names)}.")
    return notes


def _seeds(seeds: Iterable[int]) -> str:
    """ "seed 3", "seeds 0-4", "seeds 0, 2, 5"."""
    names = sorted(seeds)
    whole = len(names) > 2 and names[-1] - names[0] == len(names) - 1
    listed = f"{names[0]}-{names[-1]}" if whole else ", ".join(map(str, names))
    return f"seed{'s' if len(names) > 1 else ''} {listed}"
