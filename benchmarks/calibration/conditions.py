"""Type-I error of conditions over seeds, through the product's path: paired, apart, of unequal numbers of seeds.

`python -m benchmarks.calibration.conditions` simulates studies in which no condition differs from another and counts
how often an effect, a pair and a whole family is found all the same. Each cell is a file, so that a stop loses none.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
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
ROOT, STUDIES = 2015, 2000


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
        how = "paired" if self.paired else "apart"
        return f"{self.conditions}-conditions-{self.seeds[0]}-{self.seeds[1]}-{how}-{self.spread:g}"


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


def studies(cell: ConditionCell, many: int) -> Iterator[StudyScores]:
    """Studies of a cell, the same each time: the table is read once, and its scores drawn anew."""
    rng = np.random.default_rng(np.random.SeedSequence([ROOT, *cell.name.encode()]))
    table = layout(cell)
    read = read_scores(table.assign(score=drawn(cell, table, rng)), baseline="c0")
    for _ in range(many):
        yield StudyScores(read.frame.assign(score=drawn(cell, table, rng)), read.benchmarks, conditions=read.conditions)


def computed(cell: ConditionCell, many: int) -> dict:
    """A cell's record: per cent found, of how many tests."""
    start = time.process_time()
    tests: dict[str, list[bool]] = {}
    for study in studies(cell, many):
        for name, hits in found(study).items():
            tests.setdefault(name, []).extend(hits)
    shares = {name: {"found": 100 * float(np.mean(hits)), "tests": len(hits)} for name, hits in tests.items()}
    seconds = round(time.process_time() - start, 1)
    return {"cell": asdict(cell), "studies": many, "shares": shares, "seconds": seconds}


def main() -> None:
    """Compute the cells that have no file yet, and print all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--studies", type=int, default=STUDIES)
    options.add_argument("--out", type=Path, default=OUT)
    asked = options.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for cell in cells():
        path = asked.out / f"{cell.name}-{asked.studies}.json"
        if not path.is_file():
            path.write_text(json.dumps(computed(cell, asked.studies), indent=1) + "\n", encoding="utf-8")
        record = json.loads(path.read_text(encoding="utf-8"))
        shares = ", ".join(f"{name} {share['found']:.1f} %" for name, share in record["shares"].items())
        print(f"{cell.name}: {shares} ({record['seconds']} s)", flush=True)


if __name__ == "__main__":
    main()
