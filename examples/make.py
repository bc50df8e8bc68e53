"""Makes the made-up tables of this folder anew: `python examples/make.py`. `scores.csv` is the demo's own export."""

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
LANGUAGES = ("ar", "de", "es", "fi", "fr", "hi", "ru", "sw", "tr", "zh")
LEVELS = (64.1, 74.8, 76.3, 70.2, 75.4, 66.0, 71.9, 61.7, 68.8, 70.5)  # points: what the baseline has in each
SEEDS = (1, 2, 3, 4, 5)


def long(effects: Mapping[str, float], tasks: tuple[str, ...], number: int) -> pd.DataFrame:
    """Columns method, seed, task, lang, acc (0-1), with luck of seeds, of runs and of scores."""
    rng, rows = np.random.default_rng(number), []
    luck = rng.normal(0, 0.5, len(SEEDS))
    for method, effect in effects.items():
        for place, seed in enumerate(SEEDS):
            run = luck[place] + rng.normal(0, 0.4) + effect
            for task in tasks:
                for lang, level in zip(LANGUAGES, LEVELS, strict=True):
                    rows.append((method, seed, task, lang, round((level + run + rng.normal(0, 0.6)) / 100, 4)))
    return pd.DataFrame(rows, columns=["method", "seed", "task", "lang", "acc"])


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """A row a method and seed, a column a language, and the average that papers print."""
    rows = table.pivot(index=["method", "seed"], columns="lang", values="acc").reindex(columns=list(LANGUAGES))
    rows = (100 * rows).round(2).assign(avg=lambda x: x.mean(axis=1).round(2))
    order = pd.MultiIndex.from_frame(table[["method", "seed"]].drop_duplicates())
    return rows.reindex(order).reset_index().rename(columns={"method": "Model", "seed": "Seed"})


def study(name: str, effect: float, number: int) -> pd.DataFrame:
    """Counts 0 and 3 in the columns of `xstats export`: another checkpoint, with the seeds and sets of scores.csv."""
    rng = np.random.default_rng(number)
    rows = pd.read_csv(HERE / "scores.csv", keep_default_na=False)
    rows = rows[rows["language"].isin(["de", "ru", "zh"]) & (rows["seed"] < 4)].copy()
    runs, which = np.unique(rows["run"], return_inverse=True)
    level = 50 + 20 * (pd.factorize(rows["target_task"])[0] % 3) / 2
    points = (
        level + effect * (rows["n_tasks"] > 0) + rng.normal(0, 0.8, len(runs))[which] + rng.normal(0, 0.8, len(rows))
    )
    return rows.assign(study=name, backbone=name, score=points.round(2)).drop(columns=["n_examples"])


def crossed(number: int) -> pd.DataFrame:
    """Columns y, x, a, b and the groupings g and h: a table for mixed models."""
    rng = np.random.default_rng(number)
    rows = pd.DataFrame([(f"g{i}", f"h{j}") for i in range(20) for j in range(8)], columns=["g", "h"])
    of_g, slope, of_h = rng.normal(0, 1, 20), rng.normal(0, 0.5, 20), rng.normal(0, 0.7, 8)
    i, j = pd.factorize(rows["g"])[0], pd.factorize(rows["h"])[0]
    x, a = rng.normal(0, 1, len(rows)), rng.integers(0, 2, len(rows))
    b = np.where(j % 2, "long", "short")
    y = 10 + of_g[i] + of_h[j] + (0.8 + slope[i]) * x + 0.5 * a + 0.3 * (b == "long") + rng.normal(0, 1, len(rows))
    return rows.assign(y=y.round(3), x=x.round(3), a=a, b=b)[["y", "x", "a", "b", "g", "h"]]


def tables() -> dict[str, pd.DataFrame]:
    """Name of the file -> its table."""
    methods = long({"xlmr": 0.0, "mad-x": 2.0, "lora": 0.3}, ("xnli",), 11)
    return {
        "methods.csv": methods.drop(columns="task"),
        "wide.csv": wide(methods.replace({"xlmr": "XLM-R", "mad-x": "MAD-X", "lora": "LoRA"})),
        "two-tasks.csv": long({"xlmr": 0.0, "mad-x": 1.5}, ("xnli", "paws-x"), 12),
        "base.csv": study("base", 1.0, 13),
        "large.csv": study("large", 2.0, 14),
        "xl.csv": study("xl", 2.5, 15),
        "table.csv": crossed(16),
    }


def main(folder: Path) -> None:
    """Write all of them."""
    for name, table in tables().items():
        table.to_csv(folder / name, index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
