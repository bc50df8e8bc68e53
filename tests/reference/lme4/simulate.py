"""Write the data sets, scores as of a transfer study: python simulate.py [folder for the large ones]."""

import sys
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


def crossed4(rng: np.random.Generator) -> pd.DataFrame:
    """Four crossed factors, half of the cells missing at random."""
    d = grid(seed=5, language=6, task=4, task_set=3)
    noise = effect(rng, d.seed, 1) + effect(rng, d.language, 3) + effect(rng, d.task, 5) + effect(rng, d.task_set, 0.8)
    d["count"] = rng.choice([0, 3, 5, 9], len(d))
    d["score"] = np.round(55 + 0.3 * d["count"] + noise + rng.normal(0, 2, len(d)), 4)
    return d[rng.random(len(d)) < 0.5]


def slopes3_crossed(rng: np.random.Generator) -> pd.DataFrame:
    """Three correlated effects a language, crossed with seeds and with tasks, three quarters of the cells missing."""
    d = slopes3(rng).drop(columns="score")
    d = d.merge(pd.DataFrame({"task": [1, 2, 3, 4, 5]}), how="cross")
    root = np.linalg.cholesky([[9.0, 0.5, -1.5], [0.5, 0.2, 0.1], [-1.5, 0.1, 4.0]])
    b = (rng.standard_normal((16, 3)) @ root.T)[d.language - 1]
    noise = effect(rng, d.seed, 1) + effect(rng, d.task, 4) + rng.normal(0, 1.5, len(d))
    trend = 50 + 0.3 * d["count"] - 5 * d.hard
    d["score"] = np.round(trend + b[:, 0] + b[:, 1] * d["count"] + b[:, 2] * d.hard + noise, 4)
    return d[rng.random(len(d)) < 0.25]


def nested_slopes(rng: np.random.Generator) -> pd.DataFrame:
    """Runs inside seeds, intercepts and slopes of both."""
    d = grid(seed=12, run=4, copy=5)
    d["run"] = d.run.map({1: "a", 2: "b", 3: "c", 4: "d"})
    d["count"] = d["copy"] - 1.0
    both = d.seed.astype(str) + d.run
    noise = effect(rng, d.seed, 3) + effect(rng, both, 2) + rng.normal(0, 1, len(d))
    slope = 0.5 + effect(rng, d.seed, 0.8) + effect(rng, both, 0.5)
    return d.assign(score=np.round(70 + slope * d["count"] + noise, 4)).drop(columns="copy")


def three_seeds(rng: np.random.Generator) -> pd.DataFrame:
    """Three seeds, three counts, two benchmarks: degrees of freedom of 2 and 4 decide."""
    d = grid(seed=3, count=3, benchmark=2).assign(count=lambda t: t["count"] * 2.0 + 1)
    d["benchmark"] = d.benchmark.map({1: "first", 2: "second"})
    run = d.seed.astype(str) + d["count"].astype(str)
    noise = effect(rng, d.seed, 1.5) + effect(rng, run, 1) + rng.normal(0, 0.7, len(d))
    return d.assign(score=np.round(60 + 0.4 * d["count"] - 3 * (d.benchmark == "second") + noise, 4))


def three_seeds_short(rng: np.random.Generator) -> pd.DataFrame:
    """Three seeds with two of the runs lost: unequal information."""
    d = three_seeds(rng)
    return d.drop(index=[1, 4, 10])


def flat_slope(rng: np.random.Generator) -> pd.DataFrame:
    """Tasks without slopes of their own: the slope's variance is estimated as zero."""
    d = grid(task=8, seed=4, count=4).assign(count=lambda t: t["count"] * 3.0 - 3)
    noise = effect(rng, d.task, 4) + effect(rng, d.seed, 1) + rng.normal(0, 1.5, len(d))
    d["score"] = 45 + 0.6 * d["count"] + noise
    # slopes of the tasks drawn together: they differ by less than chance would have them
    centred = d["count"] - d["count"].mean()
    own = (d.score * centred).groupby(d.task).transform("sum") / (centred**2).groupby(d.task).transform("sum")
    return d.assign(score=np.round(d.score - 0.9 * (own - own.mean()) * centred, 4))


def million(rng: np.random.Generator) -> pd.DataFrame:
    """The design of `crossed`, its response a million away from zero."""
    d = crossed(rng)
    return d.assign(score=np.round(d.score + 1e6, 6))


def micro(rng: np.random.Generator) -> pd.DataFrame:
    """Correlated slopes of languages, the response in units of 1e-4."""
    d = slopes2(rng)
    return d.assign(score=np.round(d.score * 1e-4, 12))


def medium(rng: np.random.Generator) -> pd.DataFrame:
    """About 6,000 rows: languages and tasks with correlated slopes, seeds and task sets, a tenth missing."""
    d = grid(seed=5, task_set=9, language=12, task=12)
    d["count"] = np.array([3.0, 5.0, 9.0])[(d.task_set - 1) // 3]
    root = {"language": [[1.5, 0], [0.05, 0.15]], "task": [[2.0, 0], [-0.1, 0.25]]}
    noise = effect(rng, d.seed, 0.5) + effect(rng, d.task_set, 0.6) + rng.normal(0, 2, len(d))
    for name, factor in root.items():
        b = (rng.standard_normal((12, 2)) @ np.array(factor).T)[d[name] - 1]
        noise = noise + b[:, 0] + b[:, 1] * d["count"]
    return d.assign(score=np.round(60 + 0.4 * d["count"] + noise, 4))[rng.random(len(d)) < 0.92]


def ratings(rng: np.random.Generator) -> pd.DataFrame:
    """The shape of lme4's InstEval: 73,000 ratings by 2,972 people of 1,128 others, who belong to 14 departments."""
    n = 73_000
    d = pd.DataFrame({"student": rng.integers(1, 2973, n), "lecturer": rng.integers(1, 1129, n)})
    home = rng.integers(1, 15, 1129)
    d["dept"] = np.char.add("d", np.char.zfill((home[d.lecturer]).astype(str), 2))
    d["service"] = np.where(rng.random(n) < 0.43, "yes", "no")
    d["session"] = rng.integers(1, 7, n)
    people = effect(rng, d.student, 0.32) + effect(rng, d.lecturer, 0.5) + effect(rng, d.session, 0.1)
    shift = effect(rng, d.dept, 0.1) - 0.07 * (d.service == "yes") + effect(rng, d.dept + d.service, 0.08)
    return d.assign(score=np.round(3.2 + people + shift + rng.normal(0, 1.18, n), 3))


def pupils(rng: np.random.Generator) -> pd.DataFrame:
    """Sixty pupils, each with a line of their own over six tests; some change school."""
    d = grid(pupil=60, count=6).assign(count=lambda t: t["count"] - 1.0)
    moved = rng.random(len(d)) < 0.2
    d["school"] = np.where(moved, rng.integers(1, 9, len(d)), (d.pupil - 1) % 8 + 1)
    d["hard"] = rng.integers(0, 2, len(d)).astype(float)
    root = {"pupil": [[2.0, 0], [0.2, 0.5]], "school": [[1.0, 0], [0.1, 0.3]]}
    noise = rng.normal(0, 1, len(d)) + effect(rng, d.pupil, 0.8) * d.hard
    for name, factor in root.items():
        b = (rng.standard_normal((60, 2)) @ np.array(factor).T)[d[name] - 1]
        noise = noise + b[:, 0] + b[:, 1] * d["count"]
    return d.assign(score=np.round(50 + 0.7 * d["count"] - 2 * d.hard + noise, 4))[rng.random(len(d)) < 0.9]


def draw(design: Draw) -> pd.DataFrame:
    """The table of one design: always the same numbers."""
    number = (*DESIGNS, *EXACT, *LARGE, *MANY).index(design)
    return design(np.random.default_rng([2026, number]))


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

EXACT: tuple[Draw, ...] = (  # rounded when drawn, written as they are
    crossed4,
    slopes3_crossed,
    nested_slopes,
    three_seeds,
    three_seeds_short,
    flat_slope,
    million,
    micro,
)
LARGE: tuple[Draw, ...] = (medium, ratings)  # drawn when needed, never committed
MANY: tuple[Draw, ...] = (pupils,)  # slopes on many levels, written as they are


def write(designs: tuple[Draw, ...], folder: Path, digits: str | None = None) -> None:
    for design in designs:
        draw(design).to_csv(folder / f"{design.__name__}.csv", index=False, float_format=digits)


if __name__ == "__main__":
    write(DESIGNS, Path(__file__).parent / "data", "%.6g")
    write((*EXACT, *MANY), Path(__file__).parent / "data")
    if len(sys.argv) > 1:
        write(LARGE, Path(sys.argv[1]))
