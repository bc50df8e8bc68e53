"""Simulated score tables for the speed benchmark: four crossed factors, two of them with slopes on the task count."""

import numpy as np
import pandas as pd

SHAPES = {  # seeds, task sets, languages, tasks, copies, share of rows kept
    "6k": (5, 9, 12, 12, 1, 0.93),
    "60k": (5, 27, 45, 10, 1, 0.99),
    "500k": (5, 27, 50, 20, 4, 0.93),
}


def simulate(size: str, seed: int = 2026) -> pd.DataFrame:
    """One row a score: seed, task_set, language, task, count (3, 5 or 9), score in points."""
    *levels, kept = SHAPES[size]
    rng = np.random.default_rng([seed, list(SHAPES).index(size)])
    codes = np.indices(levels).reshape(len(levels), -1)
    codes = codes[:, rng.random(codes.shape[1]) < kept]
    seeds, sets, languages, tasks = codes[:4]
    count = np.array([3.0, 5.0, 9.0])[sets * 3 // levels[1]]
    score = 60 + 0.4 * count + rng.normal(0, 0.5, levels[0])[seeds] + rng.normal(0, 0.6, levels[1])[sets]
    for where, size_of, sds in ((languages, levels[2], (1.5, 0.15)), (tasks, levels[3], (2.0, 0.25))):
        effects = rng.normal(0, sds, (size_of, 2))
        score += effects[where, 0] + effects[where, 1] * count
    score += rng.normal(0, 2, len(score))
    names = dict(zip(("seed", "task_set", "language", "task"), codes[:4], strict=True))
    table = {name: np.char.add(name[0], column.astype(str)) for name, column in names.items()}
    return pd.DataFrame({**table, "count": count, "score": np.round(score, 6)})
