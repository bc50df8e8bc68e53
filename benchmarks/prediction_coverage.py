"""How often 95 % intervals of predictions hold the truth: python benchmarks/prediction_coverage.py [TABLES].

A random intercept, groups of equal size, one covariate; of each table the groups' means (`confidence`), a new
observation in each group (`prediction`), and one of a group that the fit has not seen. Prints one line a design.
"""

import sys
from collections import Counter

import numpy as np
import pandas as pd

from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.postfit.predictions import predictions

DESIGNS = ((5, 10, 0.7), (8, 5, 1.0), (8, 5, 0.3), (20, 5, 0.3), (5, 4, 0.3))  # groups, rows of each, sd of groups


def covered(groups: int, rows: int, sd: float, tables: int) -> dict[str, float]:
    """Share of intervals that hold the truth, by kind, in per cent, and of fits on the boundary."""
    rng, held = np.random.default_rng(5), Counter[str]()
    for _ in range(tables):
        table = pd.DataFrame({"g": np.repeat(np.arange(groups), rows), "x": rng.normal(size=groups * rows)})
        lift = rng.normal(0, sd, groups)
        fitted = fit_formula(
            "y ~ x + (1 | g)", table.assign(y=1 + table["x"] + lift[table["g"]] + rng.normal(size=groups * rows))
        )
        held["boundary"] += groups * (fitted.fit.state == "boundary")
        new = pd.DataFrame({"g": range(groups), "x": rng.normal(size=groups)})
        mean = 1 + new["x"].to_numpy()
        truths = {"confidence": mean + lift, "prediction": mean + lift + rng.normal(size=groups)}
        for kind, truth in truths.items():
            held[kind] += _inside(predictions(fitted, new, interval=kind), truth)
        unseen = predictions(fitted, new.assign(g=-1), interval="prediction")
        held["unseen group"] += _inside(unseen, mean + rng.normal(0, sd, groups) + rng.normal(size=groups))
    return {kind: round(100 * count / (tables * groups), 1) for kind, count in held.items()}


def _inside(rows: pd.DataFrame, truth: np.ndarray) -> int:
    return int(((rows["low"] <= truth) & (truth <= rows["high"])).sum())


if __name__ == "__main__":
    for design in DESIGNS:
        print(*design, covered(*design, int(sys.argv[1]) if len(sys.argv) > 1 else 500))
