"""Type-I error of conditions over seeds, through the product's path: paired, apart, of unequal numbers of seeds.

`python -m benchmarks.calibration.conditions` simulates studies in which no condition differs from another and counts
how often an effect, a pair and a whole family is found all the same. Each cell is a file, so that a stop loses none.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.calibration.cellfiles import fill, options, part, share, there
from benchmarks.calibration.table import line
from benchmarks.calibration.verdicts import ALPHA

from xtransfer_stats.stats.core.complete import CompleteScores, complete_scores
from xtransfer_stats.stats.core.estimands import headline
from xtransfer_stats.stats.core.inference import Array, with_families
from xtransfer_stats.stats.core.rows import run_level_rows, to_frame
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.runlevel.allpairs import pair_rows
from xtransfer_stats.stats.runlevel.runlevel import run_numbers
from xtransfer_stats.verbs.scores import read_scores

OUT = Path(__file__).with_name("condition-cells")
LANGUAGES = 8
LANGUAGE_SD, SEED_SD, RUN_SD, NOISE_SD = 8.0, 0.7, 1.0, 1.0  # points; a run's luck is shared by its languages
ROOT = 2015
STUDIES, MANY = 2000, 10_000

TITLE = "## Conditions of any study"
HEADINGS = ("conditions", "seeds", "design", "variances", "studies", "an effect", "any effect, Holm", "a pair",
            "any pair, Holm")  # fmt: skip
NOTE = """Studies in which no condition differs from another, read and analysed as `xs.compare_conditions` does, 8
languages: how often an effect or a pair of conditions is found at 5 %, in %, with Monte-Carlo errors. Luck of a seed
has sd 0.7, of a run 1 (shared by its languages), noise of a score 1. *Paired*: all conditions have the same seeds.
*Apart*: each has seeds of its own, and the test is Welch's t. Unequal numbers are those of the baseline and of each
other condition.

With few seeds Welch's t does not reject exactly 5 %: two normal samples of 3 with equal variances 3.44 %, of 5 4.41 %,
of 10 4.86 %, of 3 and 8 5.89 % (200,000 pairs of samples each). Student's pooled t rejects 5 % of these, but 1.5 % with
3 and 8 seeds where the larger group has twice the sd."""


@dataclass(frozen=True)
class ConditionCell:
    """One setting. seeds: of the baseline and of each other condition. spread: sd of the others' runs over its own."""

    conditions: int
    seeds: tuple[int, int]
    paired: bool
    spread: float = 1.0

    @property
    def name(self) -> str:
        """Its file's name, "3-conditions-5-5-paired-1"."""
        return f"{self.conditions}-conditions-{self.seeds[0]}-{self.seeds[1]}-{self.how}-{self.spread:g}"

    @property
    def how(self) -> str:
        """Whether its conditions share their seeds: "paired", else "apart"."""
        return "paired" if self.paired else "apart"

    @property
    def studies(self) -> int:
        """How many are simulated: more where Welch's own size is at the band's edge."""
        return MANY if self.conditions == 2 and max(self.seeds) <= 5 and self.spread == 1 else STUDIES


def cells() -> tuple[ConditionCell, ...]:
    """Two, three and five conditions at 3, 5, 10 seeds, paired and apart; 3 seeds against 8; unequal variances."""
    equal = [ConditionCell(k, (n, n), paired) for k, n, paired in product((2, 3, 5), (3, 5, 10), (True, False))]
    unequal = [ConditionCell(k, (3, 8), False, spread) for k, spread in product((2, 3, 5), (1.0, 2.0))]
    return (*equal, *unequal, *(ConditionCell(k, (5, 5), True, 2.0) for k in (2, 3, 5)))


def layout(cell: ConditionCell) -> pd.DataFrame:
    """The table of a study without scores: condition, seed, language."""
    rows = []
    for condition in range(cell.conditions):
        first = 0 if cell.paired else 100 * condition
        for seed in range(first, first + cell.seeds[condition > 0]):
            rows += [(f"c{condition}", seed, f"l{place}") for place in range(LANGUAGES)]
    return pd.DataFrame(rows, columns=["condition", "seed", "language"])


def drawn(cell: ConditionCell, table: pd.DataFrame, rng: np.random.Generator) -> Array:
    """The scores of one study in which no condition differs, (rows,)."""
    language = pd.factorize(table["language"])[0]
    seed, run = pd.factorize(table["seed"])[0], table.groupby(["condition", "seed"]).ngroup().to_numpy()
    spread = np.where(table["condition"] == "c0", 1.0, cell.spread)
    return np.asarray(
        50
        + rng.normal(0, LANGUAGE_SD, LANGUAGES)[language] / 4
        + rng.normal(0, SEED_SD, seed.max() + 1)[seed]
        + spread * rng.normal(0, RUN_SD, run.max() + 1)[run]
        + rng.normal(0, NOISE_SD, len(table))
    )


def found(scores: StudyScores) -> dict[str, list[bool]]:
    """What a study finds at 5 %: each effect, any effect by Holm, each pair, any pair by Holm."""
    complete = complete_scores(scores.frame, scores.benchmarks, scores.conditions)
    effects, pairs = _tested(_effects(complete)), _tested(pair_rows(complete, ALPHA))
    return {
        "effects": list(effects["p_value"] <= ALPHA),
        "any effect, Holm": [bool((effects["p_adjusted"] <= ALPHA).any())],
        "pairs": list(pairs["p_value"] <= ALPHA),
        "any pair, Holm": [bool((pairs["p_adjusted"] <= ALPHA).any())],
    }


def _effects(complete: CompleteScores) -> list:
    numbers = headline(complete.benchmarks, complete.cells)
    model = run_numbers(complete, np.array([one.weights for one in numbers]).T)
    return run_level_rows(model, numbers, complete.design.effects, ALPHA)


def _tested(rows: list) -> pd.DataFrame:
    return with_families(to_frame(rows))


def studies(cell: ConditionCell) -> Iterator[StudyScores]:
    """Studies of a cell, the same each time: the table is read once, and its scores drawn anew."""
    rng = np.random.default_rng(np.random.SeedSequence([ROOT, *cell.name.encode()]))
    table = layout(cell)
    read = read_scores(table.assign(score=drawn(cell, table, rng)), baseline="c0")
    for _ in range(cell.studies):
        yield StudyScores(read.frame.assign(score=drawn(cell, table, rng)), read.benchmarks, conditions=read.conditions)


def computed(cell: ConditionCell) -> dict:
    """A cell's record: per cent found, of how many tests."""
    start = time.process_time()
    tests: dict[str, list[bool]] = {}
    for study in studies(cell):
        for name, hits in found(study).items():
            tests.setdefault(name, []).extend(hits)
    shares = {name: {"found": 100 * float(np.mean(hits)), "tests": len(hits)} for name, hits in tests.items()}
    seconds = round(time.process_time() - start, 1)
    return {"cell": asdict(cell), "studies": cell.studies, "shares": shares, "seconds": seconds}


def path_of(cell: ConditionCell, folder: Path = OUT) -> Path:
    """The cell's file."""
    return folder / f"{cell.name}-{cell.studies}.json"


def section(folder: Path = OUT) -> str:
    """The part of docs/calibration.md; "" where no cell is finished."""
    lines = [_line(record) for record in there(path_of(cell, folder) for cell in cells())]
    return part(TITLE, NOTE, HEADINGS, lines, len(cells()))


def _line(record: dict) -> str:
    cell = ConditionCell(**{**record["cell"], "seeds": tuple(record["cell"]["seeds"])})
    seeds = f"{cell.seeds[0]}" if len(set(cell.seeds)) == 1 else f"{cell.seeds[0]} and {cell.seeds[1]}"
    spread = "equal" if cell.spread == 1 else f"sd of a run {cell.spread:g} times the baseline's"
    shares = map(share, record["shares"].values())
    return line([str(cell.conditions), seeds, cell.how, spread, f"{record['studies']:,}", *shares])


def main() -> None:
    """Compute the cells that have no file yet, and print all."""
    asked = options(__doc__, OUT).parse_args()
    fill({path_of(cell, asked.out): partial(computed, cell) for cell in cells()}, _line)


if __name__ == "__main__":
    main()
