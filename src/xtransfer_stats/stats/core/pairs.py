"""Which seeds enter: an effect is a difference within a seed, so a seed with runs at one task count tells of none."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few
from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.design import Design, Layout, detect
from xtransfer_stats.stats.core.missing import RUN_OUT, Complete
from xtransfer_stats.stats.core.runs import averaged_replicates

MOST_NAMED = 10
LEAST_PAIRS, LEAST_SHARE = 2, 0.75  # seeds in both conditions, and their share of the smaller condition's


def entering(whole: Complete, catalogue: int, conditions: Conditions = COUNTS) -> Complete:
    """The scores without seeds that have runs at one task count alone, which are named.

    Only where seeds have task sets of their own: with sets in common the model of runs learns from single counts too.
    Conditions of another study may have seeds of their own (Welch's t), so that all of them stay.
    Raises DataError where no seed has two counts.
    """
    runs = whole.table.runs
    if not conditions.counted:
        return whole
    if detect(averaged_replicates(whole.table).runs, catalogue).layout is not Layout.NESTED:
        return whole
    counts = runs.groupby("seed")["n_tasks"].agg(["nunique", "first"])
    alone = counts[counts["nunique"] < 2]
    if alone.empty:
        return whole
    if len(alone) == len(counts):
        listed = "; ".join(f"seed {seed} has {_count(k)}" for seed, k in alone["first"].iloc[:4].items())
        raise DataError(
            f"column seed: no seed has runs at two task counts ({listed}); an effect is a difference within a seed: "
            "give a baseline and the runs that belong to it one number"
        )
    out = runs["seed"].isin(alone.index)
    parts = [f"{_seeds(part.index)} {_count(int(k))} alone" for k, part in alone.groupby("first")]
    note = f"{'; '.join(parts)}: an effect is a difference within a seed, so these runs are left out."
    lost = whole.lost.assign(handling=whole.lost["handling"].mask(whole.lost["run"].isin(runs.index[out]), RUN_OUT))
    return replace(whole, table=whole.table.keep_runs(~out.to_numpy()), lost=lost, notes=(*whole.notes, note))


def _seeds(seeds: pd.Index) -> str:
    several = len(seeds) > 1
    return f"Seed{'s' if several else ''} {few([*map(str, seeds)], MOST_NAMED)} {'have' if several else 'has'}"


def _count(count: int) -> str:
    return f"runs at task count {count}" if count else "a baseline"


def absent_seeds(chains: pd.DataFrame, design: Design) -> Iterator[str]:
    """A sentence a task count that some seeds have no run at: which, and what rests on how many."""
    if not design.conditions.counted:
        yield from seeds_compared(chains, design)
        return
    for count in (0, *design.counts):
        here = set(chains.loc[chains["n_tasks"] == count, "seed"])
        lacking = [seed for seed in design.seeds if seed not in here]
        if not lacking:
            continue
        what = f"no run at task count {count}" if count else "no baseline"
        rest = len(design.seeds) - len(lacking)
        of_it = f"what is said of {'it' if count else 'effects'} rests on the other {rest}"
        whole = "the model of runs takes in the other counts" if design.layout is not Layout.NESTED else of_it
        yield f"{_seeds(pd.Index(np.array(lacking)))} {what}; {whole}."


def pair(*seeds: Collection[int]) -> bool:
    """Whether conditions with these seeds are compared within a seed, else as groups of their own seeds (Welch).

    They are where nearly all seeds of the smallest have runs of all: few pairs of many seeds would waste the others.
    Seeds that two groups share make Welch's error too large, never too small.
    """
    met, fewest = set.intersection(*map(set, seeds)), min(map(len, seeds))
    return met == set.union(*map(set, seeds)) or (len(met) >= LEAST_PAIRS and len(met) >= LEAST_SHARE * fewest)


def seeds_compared(chains: pd.DataFrame, design: Design) -> Iterator[str]:
    """A sentence for each way that conditions are compared with the baseline, paired by seed or not, and why."""
    seeds = {code: set(chains.loc[chains["n_tasks"] == code, "seed"]) for code in (0, *design.counts)}
    how: dict[str, list[str]] = {}
    for code in design.counts:
        how.setdefault(_comparison(seeds[0], seeds[code]), []).append(design.conditions.called(code))
    base = design.conditions.called(0)
    for sentence, names in how.items():
        yield f"{few(names, MOST_NAMED)} against {base}: {sentence}."


def _comparison(base: Collection[int], other: Collection[int]) -> str:
    both, alone = set(base) & set(other), len(set(base) ^ set(other))
    if not pair(base, other):
        shared = f" ({len(both)} of them in both: too few to pair by)" if both else ""
        return f"Welch's t over {len(base)} and {len(other)} seeds, as each has seeds of its own{shared}"
    out = f"; {alone} seed{'s' if alone > 1 else ''} of one of them alone left out" if alone else ""
    return f"paired by seed, as {len(both)} seed{'s have' if len(both) != 1 else ' has'} runs of both{out}"
