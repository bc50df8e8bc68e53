"""Write the small data sets that lme4.R fits: python simulate.py. Scores as of a transfer study."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

Draw = Callable[[np.random.Generator], pd.DataFrame]


def effect(rng: np.random.Generator, codes: pd.Series, sd: float) -> np.ndarray:
    """A normal effect of standard deviation `sd` for each level of `codes`."""
    levels, where = np.unique(codes.astype(str), return_inverse=True)
    return sd * rng.standard_normal(len(levels))[where]


def grid(**levels: int) -> pd.DataFrame:
    """Every combination of the named factors, levels counted from 1."""
    axes = [pd.Index(range(1, count + 1), name=name) for name, count in levels.items()]
    return pd.MultiIndex.from_product(axes).to_frame(index=False)


def crossed(rng: np.random.Generator) -> pd.DataFrame:
    """Seeds by languages by tasks, all crossed, three intercepts."""
    d = grid(seed=6, language=8, task=3)
    d["count"] = rng.choice([0, 3, 5, 9], len(d))
    noise = effect(rng, d.seed, 2) + effect(rng, d.language, 4) + effect(rng, d.task, 6)
    return d.assign(score=60 + 0.4 * d["count"] + noise + rng.normal(0, 1.5, len(d)))


def slopes2(rng: np.random.Generator) -> pd.DataFrame:
    """Languages with correlated intercepts and slopes, crossed with seeds."""
    d = grid(language=14, seed=4, count=4)
    d["count"] = d["count"].map({1: 0, 2: 3, 3: 5, 4: 9})
    u = rng.standard_normal((14, 2)) @ np.linalg.cholesky([[9.0, 0.6], [0.6, 0.25]]).T
    b = u[d.language - 1]
    noise = effect(rng, d.seed, 1.5) + rng.normal(0, 1, len(d))
    return d.assign(score=55 + 0.5 * d["count"] + b[:, 0] + b[:, 1] * d["count"] + noise)


def slopes3(rng: np.random.Generator) -> pd.DataFrame:
    """Three correlated effects a language (intercept, count, benchmark), crossed with seeds."""
    d = grid(language=16, seed=4, benchmark=2, count=3).assign(count=lambda t: t["count"] * 3 - 3)
    d["hard"] = d.benchmark - 1.0
    root = np.linalg.cholesky([[9.0, 0.5, -1.5], [0.5, 0.2, 0.1], [-1.5, 0.1, 4.0]])
    b = (rng.standard_normal((16, 3)) @ root.T)[d.language - 1]
    noise = effect(rng, d.seed, 1) + rng.normal(0, 1.2, len(d))
    d["score"] = 50 + 0.3 * d["count"] - 5 * d.hard + b[:, 0] + b[:, 1] * d["count"] + b[:, 2] * d.hard + noise
    return d.drop(columns="benchmark")


def nested(rng: np.random.Generator) -> pd.DataFrame:
    """Runs inside seeds, cask-like letters repeating from seed to seed."""
    d = grid(seed=8, run=3, copy=4)
    d["run"] = d.run.map({1: "a", 2: "b", 3: "c"})
    noise = effect(rng, d.seed, 3) + effect(rng, d.seed.astype(str) + d.run, 2) + rng.normal(0, 1, len(d))
    return d.assign(score=70 + noise).drop(columns="copy")


def unbalanced(rng: np.random.Generator) -> pd.DataFrame:
    """Interaction of a number and a two-level text, four tenths of the cells missing at random."""
    d = grid(seed=7, language=9, benchmark=2, count=3).assign(count=lambda t: t["count"] * 3 - 3)
    d["benchmark"] = d.benchmark.map({1: "first", 2: "second"})
    second = (d.benchmark == "second").astype(float)
    noise = effect(rng, d.seed, 2) + effect(rng, d.language, 3) + rng.normal(0, 2, len(d))
    d["score"] = 60 + 0.5 * d["count"] - 8 * second + 0.3 * second * d["count"] + noise
    return d[rng.random(len(d)) < 0.6]


def double_bar(rng: np.random.Generator) -> pd.DataFrame:
    """Uncorrelated intercepts and slopes of tasks and languages."""
    d = grid(task=10, language=7, count=4).assign(count=lambda t: t["count"] * 3.0 - 3)
    noise = effect(rng, d.task, 4) + effect(rng, d.task, 0.6) * d["count"] + effect(rng, d.language, 2)
    return d.assign(score=45 + 0.6 * d["count"] + noise + rng.normal(0, 1.5, len(d)))


def boundary(rng: np.random.Generator) -> pd.DataFrame:
    """A crossed design whose task-set variance is estimated as zero."""
    d = grid(seed=5, task_set=3, benchmark=2, count=2).assign(count=lambda t: t["count"] * 2.0 + 1)
    d["benchmark"] = d.benchmark.map({1: "first", 2: "second"})
    noise = effect(rng, d.seed, 1.5) + rng.normal(0, 1, len(d))
    d["score"] = 62 + 0.3 * d["count"] - 6 * (d.benchmark == "second") + noise
    # make the sets alike: their own means carry less than chance would
    d["score"] -= 0.9 * (d.groupby("task_set").score.transform("mean") - d.score.mean())
    return d


def categories(rng: np.random.Generator) -> pd.DataFrame:
    """A three-level text by a two-level text, seeds and languages crossed, unequal cells."""
    d = grid(seed=6, language=6, group=3, benchmark=2)
    d["group"] = d.group.map({1: "paraphrase", 2: "question", 3: "tagging"})
    d["benchmark"] = d.benchmark.map({1: "first", 2: "second"})
    shift = d.group.map({"paraphrase": 0.0, "question": -4.0, "tagging": 3.0})
    noise = effect(rng, d.seed, 1) + effect(rng, d.language, 3) + rng.normal(0, 2, len(d))
    d["score"] = 65 + shift - 2 * (d.benchmark == "second") + noise
    return d[rng.random(len(d)) < 0.8]


def perfect(rng: np.random.Generator) -> pd.DataFrame:
    """Few groups: intercepts and slopes estimated as perfectly correlated."""
    d = grid(language=6, count=5, copy=2).assign(count=lambda t: t["count"] * 1.0)
    u = rng.standard_normal(6)[d.language - 1]
    return d.assign(score=50 + d["count"] + 3 * u + 0.8 * u * d["count"] + rng.normal(0, 2, len(d)))


DESIGNS: tuple[Draw, ...] = (
    crossed,
    slopes2,
    slopes3,
    nested,
    unbalanced,
    double_bar,
    boundary,
    categories,
    perfect,
)

if __name__ == "__main__":
    folder = Path(__file__).parent / "data"
    for number, design in enumerate(DESIGNS):
        rng = np.random.default_rng([2026, number])
        design(rng).to_csv(folder / f"{design.__name__}.csv", index=False, float_format="%.6g")
