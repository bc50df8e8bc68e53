"""Error rates of the table of single intermediate tasks, through the product's path.

`python -m benchmarks.calibration.singles` simulates studies of nine single tasks beside sets of three, five and nine,
and counts how often a cell of the table, and a family by Holm, is found where no task does anything, and how often
the intervals of the best task's gain and of a set against its best member miss the truth. A cell is a file: a stop
loses none; `make calibration ARGS=--table-only` writes them into docs/calibration.md.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.calibration.cellfiles import fill, options, read, unfinished
from benchmarks.calibration.verdicts import ALPHA

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.results import SingleTasks
from xtransfer_stats.stats.singles.best import EACH
from xtransfer_stats.stats.singles.gains import AVERAGES, CELLS
from xtransfer_stats.stats.singles.results import singles_results
from xtransfer_stats.stats.singles.scores import AVERAGE, SingleScores, single_scores
from xtransfer_stats.study.design import runs
from xtransfer_stats.tasks.catalogue import NINE

OUT = Path(__file__).with_name("single-cells")
HEADING = """## Single tasks, the best one, sets beside their members

Of the table of single intermediate tasks ([singles.md](singles.md)), in %: how often a cell or average is found at 5 %
where no task does anything, and any of its family by Holm; how often the 95 % interval of the best task's gain misses
the truly best task's, and that of a set less its best member misses 0 where the set is exactly as good; how often such
a set is found better. Worlds: no effect; two tasks that tie, two points above the others; effects of sd 1.5 that differ
by target task; unequal: the baseline and three tasks vary twice as much. The best task's interval misses most often
where all nine tasks are exactly alike and seeds are many: left-out gains of different seeds then go together, which
their spread does not show. `python -m benchmarks.calibration.singles`,"""
TARGETS, LANGUAGES = ("panx", "tatoeba", "tydiqa", "xnli"), ("de", "fr", "ru", "zh")
BENCHMARK = {"xtreme": dict.fromkeys(TARGETS, LANGUAGES)}
SEED_SD, RUN_SD, TRAINING_SD, NOISE_SD = 0.7, 0.7, 0.7, 1.0  # points; a run's luck, a target training's, a score's
LOUD = 3  # intermediate tasks that vary more where variances are unequal, and the baseline
ROOT, STUDIES = 2017, 2000


@dataclass(frozen=True)
class SinglesCell:
    """One world. tasks: "none" (no effect), "two" (two tie for best, two points above the others), "spread" (sd 1.5).

    unequal: whether target trainings of some intermediate tasks, and of the baseline, vary twice as much as others'.
    """

    seeds: int
    tasks: str
    unequal: bool = False

    @property
    def name(self) -> str:
        """Its file's name."""
        return f"{self.seeds}-seeds-{self.tasks}{'-unequal' if self.unequal else ''}"


def cells() -> tuple[SinglesCell, ...]:
    """Every world at 3, 5 and 10 seeds; no effect with unequal variances too."""
    plain = [SinglesCell(n, tasks) for tasks, n in product(("none", "two", "spread"), (3, 5, 10))]
    return (*plain, *(SinglesCell(n, "none", unequal=True) for n in (3, 5, 10)))


def layout(seeds: int) -> pd.DataFrame:
    """The score frame of a study of level scores: the runs that `xstats run` would make. Read once a cell."""
    rows = [
        (run.name, run.seed, run.n_tasks, run.set_name, task, language)
        for run in runs(NINE, (3, 5, 9), seeds, ROOT, singles=True)
        for task in TARGETS
        for language in LANGUAGES
    ]
    names = ["run", "seed", "n_tasks", "task_set", "target_task", "language"]
    same = {"study": "s", "backbone": "b", "variant": "none", "control": "none", "replicate": 0, "catalogue": len(NINE)}
    constant = {"benchmarks": "xtreme", "metric": "accuracy", "n_examples": 100, "status": "done", "score": 50.0}
    return pd.DataFrame(rows, columns=names).assign(**same, **constant)


def effects(cell: SinglesCell, rng: np.random.Generator) -> Array:
    """What each task alone adds on each target task, (9, targets), in points."""
    size = (len(NINE), len(TARGETS))
    if cell.tasks == "two":
        return np.where(np.arange(len(NINE))[:, None] < 2, 1.0, -1.0) * np.ones(size)
    return rng.normal(0, 1.5, size) if cell.tasks == "spread" else np.zeros(size)


def drawn(cell: SinglesCell, read: SingleScores, added: Array, rng: np.random.Generator) -> SingleScores:
    """The scores of one study. A set is as good as its best member on the average: nothing is to be found."""
    seed = 50 + rng.normal(0, SEED_SD, len(read.seeds))
    loud = 2.0 if cell.unequal else 1.0
    alone = [_run(gain, loud if task < LOUD else 1.0, len(seed), rng) for task, gain in enumerate(added)]
    sets = [_run(_gain(one.members, added), 1.0, 1, rng)[0] + seed[one.seed] for one in read.sets]
    return replace(
        read,
        base=seed[:, None] + _run(np.zeros(len(TARGETS)), loud, len(seed), rng),
        alone=seed[:, None, None] + np.stack(alone, axis=1),
        sets=tuple(replace(one, scores=scores) for one, scores in zip(read.sets, sets, strict=True)),
    )


def _run(gain: Array, spread: float, many: int, rng: np.random.Generator) -> Array:
    """Scores (many, cells) of so many runs of one kind, gain (targets,); cells are sorted by target task."""
    run = gain + spread * (rng.normal(0, RUN_SD, (many, 1)) + rng.normal(0, TRAINING_SD, (many, len(TARGETS))))
    return np.repeat(run, len(LANGUAGES), axis=1) + rng.normal(0, NOISE_SD, (many, len(TARGETS) * len(LANGUAGES)))


def _gain(members: Array, added: Array) -> Array:
    """What a set adds on each target task: as much as its best member on the average."""
    return added[max(np.flatnonzero(members), key=lambda one: added[one].mean())]


def answers(tables: SingleTasks, added: Array) -> dict[str, list[bool]]:
    """What a study finds at 5 %, and which intervals miss the truth."""
    gains, best, sets = tables.gains, tables.best, tables.sets
    truth = dict(zip((*TARGETS, AVERAGE), (*added.max(axis=0), added.mean(axis=1).max()), strict=True))
    truth[EACH] = float(added.max(axis=0).mean())
    gone = [not low <= truth[name] <= high for name, low, high in _limits(best, "target_task")]
    missed = {
        "best on each target task": gone[: len(TARGETS)],
        "best on the average": gone[-2:-1],
        "each task's own best": gone[-1:],
    }
    against = [not low <= 0 <= high for _, low, high in _limits(sets, "n_tasks")]
    better = list((sets["p_value"] <= ALPHA) & (sets["estimate"] > 0))
    found = {}
    if not added.any():
        for family, name in ((CELLS, "cell"), (AVERAGES, "average")):
            rows = gains[gains["family"].str.startswith(f"{family} @")]
            found[name] = list(rows["p_value"] <= ALPHA)
            found[f"any {name}, Holm"] = [bool((rows["p_adjusted"] <= ALPHA).any())]
    return {**found, **missed, "set against its best member": against, "set found better": better}


def _limits(table: pd.DataFrame, key: str) -> Iterator[tuple]:
    return zip(table[key], table["conf_low"], table["conf_high"], strict=True)


def computed(cell: SinglesCell, many: int) -> dict:
    """A cell's record: per cent found or missed, of how many; the same each time."""
    start, read = time.process_time(), single_scores(layout(cell.seeds), BENCHMARK)
    rng = np.random.default_rng(np.random.SeedSequence([ROOT, *cell.name.encode()]))
    tests: dict[str, list[bool]] = {}
    for _ in range(many):
        added = effects(cell, rng)
        for name, hits in answers(singles_results(drawn(cell, read, added, rng), ALPHA), added).items():
            tests.setdefault(name, []).extend(hits)
    shares = {name: {"per cent": 100 * float(np.mean(hits)), "of": len(hits)} for name, hits in tests.items()}
    seconds = round(time.process_time() - start, 1)
    return {"cell": asdict(cell), "studies": many, "shares": shares, "seconds": seconds}


def section(folder: Path = OUT, studies: int = STUDIES) -> str:
    """The section of docs/calibration.md: a row a world, a column a question; "" where no cell is finished."""
    paths = {cell.name: path_of(cell, studies, folder) for cell in cells()}
    done = {name: read(path)["shares"] for name, path in paths.items() if path.is_file()}
    asked = list(dict.fromkeys(question for shares in done.values() for question in shares))
    lines = ["| world | " + " | ".join(asked) + " |", "|:---|" + "---:|" * len(asked)]
    for name, shares in done.items():
        numbers = [f"{shares[one]['per cent']:.1f}" if one in shares else "–" for one in asked]
        lines.append(f"| {name.replace('-', ' ')} | " + " | ".join(numbers) + " |")
    left = unfinished(len(done), len(paths))
    return f"{HEADING} {studies:,} studies a world.{left}\n\n" + "\n".join(lines) if done else ""


def path_of(cell: SinglesCell, studies: int, folder: Path = OUT) -> Path:
    """The cell's file."""
    return folder / f"{cell.name}-{studies}.json"


def main() -> None:
    """Compute the cells that have no file yet, and print the seconds that each took."""
    parser = options(__doc__, OUT)
    parser.add_argument("--studies", type=int, default=STUDIES)
    asked = parser.parse_args()
    many = asked.studies
    simulated = {path_of(cell, many, asked.out): partial(computed, cell, many) for cell in cells()}
    fill(simulated, lambda record: f"{SinglesCell(**record['cell']).name} {record['seconds']}")


if __name__ == "__main__":
    main()
