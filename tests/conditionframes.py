"""Small tables of conditions, seeds and scores, as people have them; deterministic."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

LANGUAGES = ("de", "fr", "sw", "tr")


def table(
    effects: Mapping[str, float],
    seeds: Sequence[int] | Mapping[str, Sequence[int]] = range(5),
    tasks: Sequence[str] = ("xnli",),
    languages: Sequence[str] = LANGUAGES,
    draws: Callable[[str, int], Sequence[str]] | None = None,
    rng_seed: int = 7,
) -> pd.DataFrame:
    """Columns method, seed, lang, task, acc (0-1), and prompt where there are draws; luck of seeds, runs and cells."""
    rng, of_seed, rows = np.random.default_rng(rng_seed), dict[int, float](), []
    for name, effect in effects.items():
        for seed in seeds[name] if isinstance(seeds, Mapping) else seeds:
            luck = of_seed.setdefault(seed, rng.normal(0, 0.7))
            for draw in draws(name, seed) if draws else ("",):
                run = rng.normal(0, 0.5)
                for task in tasks:
                    for place, language in enumerate(languages):
                        score = (60 + 3 * place + luck + run + effect + rng.normal(0, 0.5)) / 100
                        rows.append((name, seed, language, task, draw, round(score, 5)))
    frame = pd.DataFrame(rows, columns=["method", "seed", "lang", "task", "prompt", "acc"])
    return frame if draws else frame.drop(columns="prompt")


def run_means(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Method -> seed -> the mean of its cells, in points: what one run's number is by hand."""
    means = 100 * frame.groupby(["method", "seed"])["acc"].mean()
    return {str(name): means[name] for name in frame["method"].unique()}
