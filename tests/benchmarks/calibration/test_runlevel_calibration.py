"""Type-I error of the run-level contrasts in simulated studies, against the figures of the design notes.

A true null is tested in many studies at once (a column each); bands are four binomial standard errors around
the figure expected, so a correct program fails one check in some 16,000.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.stats.core.design import Layout, detect
from xtransfer_stats.stats.core.estimands import CountContrast
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

STUDIES = 20_000
SETS = 3


def crossed_chains(seeds, counts):
    rows = [(seed, 0, "") for seed in range(seeds)]
    for count in counts:
        names = ["all"] if count == 9 else [f"k{count}set{m}" for m in range(SETS)]
        rows += [(seed, count, name) for seed, name in product(range(seeds), names)]
    return pd.DataFrame(rows, columns=["seed", "n_tasks", "task_set"]).assign(replicates=1)


def nested_chains(seeds, counts):
    rows = [(seed, 0, "") for seed in range(seeds)]
    rows += [(seed, k, "all" if k == 9 else f"k{k}seed{seed}") for k, seed in product(counts, range(seeds))]
    return pd.DataFrame(rows, columns=["seed", "n_tasks", "task_set"]).assign(replicates=1)


def luck(rng, labels, sd):
    """One normal draw a label and study, (chains, STUDIES)."""
    codes, names = pd.factorize(labels)
    return rng.normal(0, 1, (len(names), STUDIES))[codes] * sd


def null_numbers(chains, rng, set_sd=0.0, base_sd=1.0, seed_by_count=0.0):
    count = chains["n_tasks"].to_numpy()
    noise = rng.normal(0, 1, (len(chains), STUDIES)) * np.where(count == 0, base_sd, 1.0)[:, None]
    sampled = ((count > 0) & (count < 9))[:, None]
    cross = luck(rng, chains["seed"].astype(str) + "/" + chains["n_tasks"].astype(str), seed_by_count)
    return noise + luck(rng, chains["seed"], 1.0) + luck(rng, chains["task_set"], set_sd) * sampled + cross


def rejected(chains, numbers, contrast, layout, **how):
    design = detect(chains, 9)
    assert design.layout is layout
    return 100 * float(np.mean(RunLevel(chains, design, numbers, **how).contrast(contrast).p_value() < 0.05))


def tolerance(percent):
    return 400 * np.sqrt(percent / 100 * (1 - percent / 100) / STUDIES)


@pytest.mark.parametrize(("seeds", "base_sd"), [(3, 0.0), (3, 2.0), (5, 1.0), (10, 2.0)])
@pytest.mark.parametrize("contrast", [CountContrast(0, 3), CountContrast(3, 5), CountContrast(5, 9)])
def test_nested_sets_are_exact(seeds, base_sd, contrast):
    chains = nested_chains(seeds, (3, 5, 9))
    numbers = null_numbers(chains, np.random.default_rng(seeds), set_sd=1.5, base_sd=base_sd, seed_by_count=0.7)
    exact = rejected(chains, numbers, contrast, Layout.NESTED, pooled=False)
    assert exact == pytest.approx(5.0, abs=tolerance(5.0))
    # Pooled over counts, where there are at most five seeds, Satterthwaite's df err on the safe side.
    assert 3.0 - tolerance(3.0) < rejected(chains, numbers, contrast, Layout.NESTED) < 5.0 + tolerance(5.0)


# In %: 3 / 5 / 10 seeds. The first row is the design notes'; the others are docs/calibration.md's, as a step now
# carries the luck of seed x count, for which the notes' 5.0 / 4.7 / 5.1 had nothing (14 to 15 % in the last row).
TABLE = [
    ("baseline sd twice", {"base_sd": 2.0, "set_sd": 1.0}, CountContrast(0, 3), (5.7, 4.7, 4.5)),
    ("step, zero set variance", {}, CountContrast(3, 5), (3.6, 3.9, 4.5)),
    ("step, seed x count", {"seed_by_count": 0.7, "set_sd": 1.0}, CountContrast(3, 5), (4.9, 5.1, 5.2)),
    ("step, seed x count, zero set variance", {"seed_by_count": 0.7}, CountContrast(3, 5), (7.7, 7.2, 7.1)),
]


@pytest.mark.parametrize(("seeds", "column"), [(3, 0), (5, 1), (10, 2)])
@pytest.mark.parametrize(("setting", "contrast", "figures"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_crossed_sets_agree_with_the_design_notes(seeds, column, setting, contrast, figures):
    chains = crossed_chains(seeds, (3, 5, 9))
    numbers = null_numbers(chains, np.random.default_rng(seeds), **setting)
    got, figure = rejected(chains, numbers, contrast, Layout.CROSSED), figures[column]
    assert got == pytest.approx(figure, abs=np.sqrt(2) * tolerance(figure) + 0.5)


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize(("seeds", "low", "high"), [(3, 4.1, 4.6), (5, 3.9, 5.0), (10, 3.9, 5.7)])
def test_crossed_sets_whatever_the_set_to_run_ratio(seeds, low, high, ratio):
    chains = crossed_chains(seeds, (3, 5, 9))
    numbers = null_numbers(chains, np.random.default_rng(10 * seeds), set_sd=ratio)
    got = rejected(chains, numbers, CountContrast(0, 3), Layout.CROSSED)
    assert low - tolerance(low) <= got <= high + tolerance(high)


def test_one_shared_set_is_not_valid_over_sets():
    """The trap the note "these sets" warns of: far too many rejections with as many sets as seeds in reach."""
    rows = [(seed, 0, "") for seed in range(10)] + [(seed, 3, "one") for seed in range(10)]
    chains = pd.DataFrame(rows, columns=["seed", "n_tasks", "task_set"]).assign(replicates=1)
    numbers = null_numbers(chains, np.random.default_rng(0), set_sd=1.0)
    assert detect(chains, 9).shared == (3,)
    assert rejected(chains, numbers, CountContrast(0, 3), Layout.NESTED) == pytest.approx(40, abs=25)
    assert rejected(chains, numbers, CountContrast(0, 3), Layout.NESTED) > 15
