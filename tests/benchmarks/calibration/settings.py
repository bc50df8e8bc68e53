"""A small setting for the tests: two overlapping benchmarks, and sets dealt by a seeded generator."""

from itertools import product

import numpy as np
import pandas as pd
from benchmarks.calibration.setting import Setting

NINE = tuple("abcdefghi")
SHARED = {"xnli": ("de", "fr", "zh"), "panx": ("de", "fr", "ru", "zh"), "xquad": ("de", "zh")}
BENCHMARKS = {
    "first": {
        "xnli": ("de", "fr", "zh"),
        "panx": ("de", "fr", "ru", "zh"),
        "pawsx": ("de", "fr"),
        "xquad": ("de", "zh"),
    },
    "second": {
        "xnli": ("de", "fr", "zh"),
        "panx": ("de", "fr", "ru", "zh"),
        "xcopa": ("zh", "sw"),
        "xquad": ("de", "zh"),
    },
}
TRAININGS = {"xnli": "mnli", "panx": "panx", "pawsx": "paws", "xquad": "squad1", "xcopa": None}


def draw(counts, seeds, sets, cross, root):
    """Chains: crossed, or sets of each seed's own; no balance."""
    rng = np.random.default_rng(root)
    rows = [(seed, 0, "") for seed in range(seeds)]
    for count in counts:
        shared = [_hand(rng, count) for _ in range(cross)]
        for seed, i in product(range(seeds), range(1 if count == 9 else cross or sets)):
            rows.append((seed, count, shared[i] if cross else _hand(rng, count)))
    return pd.DataFrame(rows, columns=["seed", "n_tasks", "task_set"]).drop_duplicates(ignore_index=True)


def _hand(rng, count):
    return "+".join(sorted(rng.choice(NINE, count, replace=False)))


SETTING = Setting(BENCHMARKS, TRAININGS, draw)
