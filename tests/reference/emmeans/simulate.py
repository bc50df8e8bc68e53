"""The tables of questions.json, drawn from a seed: python simulate.py writes data/*.csv."""

from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent / "data"


def drawn(rng: np.random.Generator, levels: str, n: int, shares: list[float] | None = None) -> np.ndarray:
    return rng.choice(levels.split(), n, p=shares)


def effects(rng: np.random.Generator, column: pd.Series, sd: float) -> np.ndarray:
    """A normal effect of each level of a column, row by row."""
    names = sorted(column.unique())
    return column.map(dict(zip(names, rng.normal(0, sd, len(names)), strict=True))).to_numpy()


def trial(rng: np.random.Generator, n: int = 180) -> pd.DataFrame:
    """Three unbalanced factors, two covariates, one of two values, crossed seeds and items, a positive response."""
    d = pd.DataFrame({"condition": drawn(rng, "base few many", n, [0.5, 0.3, 0.2])})
    d["language"] = drawn(rng, "de fi ja sw", n, [0.4, 0.3, 0.2, 0.1])
    d["metric"] = drawn(rng, "acc f1", n, [0.65, 0.35])
    d["seed"] = drawn(rng, "s1 s2 s3 s4 s5 s6 s7", n)
    d["item"] = drawn(rng, " ".join(f"i{k:02d}" for k in range(15)), n)
    d["size"] = rng.gamma(3, 1, n).round(3)
    d["depth"] = rng.normal(5, 2, n).round(3)
    d["warm"] = rng.integers(0, 2, n) * (rng.random(n) < 0.6)
    gain = d["condition"].map({"base": 0.0, "few": 1.0, "many": 2.5}) + 0.4 * d["size"] * (d["condition"] == "many")
    curve = np.sin(d["depth"] / 2) + (d["language"] == "sw") * (d["metric"] == "f1")
    score = 20 + gain + curve + effects(rng, d["seed"], 0.8) + effects(rng, d["item"], 0.6) + rng.normal(0, 1, n)
    return d.assign(score=score.round(4), time=np.exp(score / 10).round(4))


def holes(rng: np.random.Generator) -> pd.DataFrame:
    """The trial without some combinations of its levels."""
    d = trial(rng, 200)
    many = (d["condition"] == "many") & d["language"].isin(["de", "sw"])
    few = (d["condition"] == "few") & (d["language"] == "fi")
    return d[~(many | few)].reset_index(drop=True)


def schools(rng: np.random.Generator) -> pd.DataFrame:
    """Classes in schools in regions: nested groups, a factor of schools, one of pupils, a factor in another."""
    rows = [
        (f"r{r}", f"r{r}c{c}", pupil)
        for r in range(8)
        for c in range(rng.integers(2, 4))
        for pupil in range(rng.integers(4, 8))
    ]
    d = pd.DataFrame(rows, columns=["school", "class", "pupil"]).drop(columns="pupil")
    kinds = dict(zip(sorted(d["school"].unique()), "new old old new mix old mix new".split(), strict=True))
    d["method"] = d["school"].map(kinds)
    d["sex"] = drawn(rng, "f m", len(d))
    d["family"] = drawn(rng, "ger sla", len(d))
    d["tongue"] = [rng.choice({"ger": ["de", "nl", "sv"], "sla": ["cs", "pl"]}[one]) for one in d["family"]]
    d["age"] = rng.normal(10, 1, len(d)).round(3)
    luck = effects(rng, d["school"], 1.0) + effects(rng, d["class"], 0.7)
    gain = d["method"].map({"new": 1.0, "old": 0.0, "mix": 0.4}) + 0.5 * (d["sex"] == "f") * (d["method"] == "new")
    y = 50 + gain + 0.3 * d["age"] + effects(rng, d["tongue"], 0.5) + luck + rng.normal(0, 1, len(d))
    return d.assign(y=y.round(4))


def flat(rng: np.random.Generator) -> pd.DataFrame:
    """Groups that differ less than their rows would make them: a variance of zero."""
    d = pd.DataFrame([(f"g{g}", a, k) for g in range(6) for a in ("p", "q", "r", "s") for k in range(2)])
    d.columns = pd.Index(["g", "a", "k"])
    noise = rng.normal(0, 1, len(d))
    noise -= pd.Series(noise).groupby(d["g"]).transform("mean").to_numpy()
    x = rng.uniform(0, 4, len(d)).round(3)
    y = 3 + d["a"].map({"p": 0, "q": 0.5, "r": 1, "s": 0.2}) + 0.3 * x + noise
    return d.drop(columns="k").assign(x=x, y=y.round(4)).sample(40, random_state=3).sort_index()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for number, make in enumerate((trial, holes, schools, flat)):
        make(np.random.default_rng([2026, number])).to_csv(FOLDER / f"{make.__name__}.csv", index=False)


if __name__ == "__main__":
    main()
