"""Small score frames for tests: six seeds, a baseline and two sets of one task, three target tasks of XTREME(-R)."""

import numpy as np
import pandas as pd

CELLS = (("xnli", ("de", "en", "sw")), ("pawsx", ("de", "en")), ("xcopa", ("it", "sw")))
PAIR = ("xtreme", "xtreme-r")


def small(seeds=6, counts=(2,), rng_seed=0) -> pd.DataFrame:
    """seed, n_tasks, task_set, target_task, language, metric, score: a run a seed and count."""
    rng, rows = np.random.default_rng(rng_seed), []
    names = ("mnli", "qqp", "squad1", "ccg", "hellaswag")
    for seed in range(1, seeds + 1):
        for count in (0, *counts):
            members = "+".join(sorted(rng.choice(names, count, replace=False)))
            for task, languages in CELLS:
                for language in languages:
                    score = round(55 + 3 * count + float(rng.normal()), 2)
                    rows.append((seed, count, members, task, language, "accuracy", score))
    return pd.DataFrame(rows, columns=["seed", "n_tasks", "task_set", "target_task", "language", "metric", "score"])


def minimal(**changed) -> pd.DataFrame:
    """The five columns that a frame needs, some of them changed."""
    return small()[["seed", "n_tasks", "target_task", "language", "score"]].assign(**changed)
