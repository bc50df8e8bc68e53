"""What the studies are drawn from: benchmarks, trainings, the product's own draw of task sets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from benchmarks.calibration.draws import World
from benchmarks.calibration.generators import GENERATORS
from benchmarks.calibration.grid import LAYOUTS, GridCell

from xtransfer_stats.stats.core.weights import Benchmark

# (counts, seeds, sets, cross, root) -> chains: seed, n_tasks, task_set
Draw = Callable[[Sequence[int], int, int, int, int], pd.DataFrame]
# Where every study is fitted: languages that leave each target task of both benchmarks at least one cell.
FEW_LANGUAGES = ("de", "es", "fr", "ru", "sw", "th", "tr", "zh")
FEWER_LANGUAGES = ("de", "es", "fr", "ru", "sw", "zh")
FEW_TASKS = ("xnli", "pawsx", "panx", "tatoeba", "xcopa", "mewslix")  # what the embedded study scores


@dataclass(frozen=True)
class Setting:
    """What the catalogue and the study's code give: two benchmarks, trainings by target task, how sets are drawn."""

    benchmarks: Mapping[str, Benchmark]
    trainings: Mapping[str, str | None]
    draw: Draw

    def few(self) -> dict[str, Benchmark]:
        """The benchmarks on few languages."""
        return {name: _part(part, tuple(part), FEW_LANGUAGES) for name, part in self.benchmarks.items()}

    def fewest(self) -> dict[str, Benchmark]:
        """The benchmarks on few target tasks and fewer languages."""
        return {name: _part(part, FEW_TASKS, FEWER_LANGUAGES) for name, part in self.benchmarks.items()}


def _part(part: Benchmark, tasks: Sequence[str], languages: Sequence[str]) -> dict[str, tuple[str, ...]]:
    kept = {task: tuple(x for x in part[task] if x in languages) for task in part if task in tasks}
    return {task: names for task, names in kept.items() if names}


def world_of(cell: GridCell, setting: Setting, benchmarks: Mapping[str, Benchmark], rng: np.random.Generator) -> World:
    """A design drawn as the product draws it, less the generator's lost runs."""
    sets, cross = LAYOUTS[cell.layout]
    chains = setting.draw(cell.counts, cell.seeds, sets, cross, int(rng.integers(2**62)))
    generator = GENERATORS[cell.generator]
    treated = np.flatnonzero(chains["n_tasks"] > 0)
    lost = rng.choice(treated, int(np.ceil(generator.lost_runs * len(treated))), replace=False)
    kept = chains.drop(chains.index[lost]).reset_index(drop=True).assign(replicates=1)
    names = sorted({(task, x) for part in benchmarks.values() for task, spoken in part.items() for x in spoken})
    cells = pd.MultiIndex.from_tuples(names, names=["target_task", "language"])
    return World(kept, cells, setting.trainings, generator)
