"""Cell weights of the official averages when the languages are drawn again, jointly over tasks and benchmarks."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.weights import Benchmark, restricted


def drawn_weights(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex, drawn: Array, names: list[str]) -> Array:
    """Weights (size, 3, cells) of first average, second and gap; drawn (size, languages) are multiplicities.

    NaN where a target task of the benchmark has none of the drawn languages.
    """
    first, second = (_average(part, cells, drawn, names) for part in benchmarks.values())
    return np.stack([first, second, second - first], axis=1)


def _average(benchmark: Benchmark, cells: pd.MultiIndex, drawn: Array, names: list[str]) -> Array:
    part = restricted(benchmark, cells)
    out = np.zeros((len(drawn), len(cells)))
    for task, languages in part.items():
        places = [cells.get_loc((task, language)) for language in languages]
        mine = drawn[:, [names.index(language) for language in languages]]
        total = mine.sum(axis=1, keepdims=True)
        share = np.divide(mine, total, out=np.full(mine.shape, np.nan), where=total > 0)
        out[:, places] = share / len(part)
    return out
