"""The cells of the calibration study: which design, which generator, which methods, how many studies."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product

from benchmarks.calibration.generators import GENERATORS, LOST

SEEDS = (3, 5, 10)
FEW_SEEDS, MANY_SEEDS = (2, 3, 4, 5), (10, 15, 20)
COUNTS = (3, 5, 9)
# nested: each seed draws one or three sets of its own; crossed: all seeds meet the same three.
LAYOUTS = {"nested, 1 set": (1, 0), "nested, 3 sets": (3, 0), "crossed, 3 sets": (1, 3)}
MAIN = ("nested, 1 set", "crossed, 3 sets")
CROSSED = "crossed, 3 sets"
NESTED = "nested, 1 set"
FITTED = "lost runs"  # with crossed sets one REML fit a study
EXPLORED = ("set/run 1", "unequal tasks", "embedded", "one loud task", "unequal response")
OF_LANGUAGES = ("lost cells", "languages", "one loud task", "unequal response")  # nothing to the runs' numbers
SHRUNKEN = ("one loud task", "baseline 3, tasks drawn")
TASKS_DRAWN = ("tasks drawn", "tasks drawn, heavy tails")
QUICK = 40


@dataclass(frozen=True)
class GridCell:
    """One cell. part: key of PARTS, which says the methods; studies are simulated in blocks of `block`."""

    part: str
    layout: str
    seeds: int
    generator: str
    studies: int
    block: int
    counts: tuple[int, ...] = COUNTS

    @property
    def key(self) -> str:
        """Name of the cell, the root of its random numbers."""
        counts = "-".join(map(str, self.counts))
        return f"{self.part} | {self.layout} | {self.seeds} seeds | counts {counts} | {self.generator}"

    @property
    def blocks(self) -> int:
        """How many blocks; the last one may be smaller."""
        return -(-self.studies // self.block)

    def size(self, block: int) -> int:
        """Studies of a block."""
        return min(self.block, self.studies - block * self.block)

    def quick(self) -> "GridCell":
        """The same cell with few studies."""
        return replace(self, studies=min(self.studies, QUICK), block=min(self.block, QUICK))

    def record(self) -> dict:
        """For JSON."""
        return {**asdict(self), "counts": list(self.counts)}


def run_level_cells() -> list[GridCell]:
    """The default on the runs' numbers: 5,000 studies a cell, 1,000 where each is a REML fit."""
    found = []
    awkward = [name for name in GENERATORS if name not in OF_LANGUAGES and not _own_parts(name)]
    for layout, seeds, generator in product(LAYOUTS, SEEDS, awkward):
        fitted = layout == CROSSED and generator == FITTED
        found.append(GridCell("runs", layout, seeds, generator, 1000 if fitted else 5000, 50 if fitted else 1000))
    singles = product(LAYOUTS, SEEDS, ("set/run 0", "set/run 1", "set/run 2"))
    found += [GridCell("runs", layout, seeds, g, 5000, 1000, (3,)) for layout, seeds, g in singles]
    return found


def compared_cells() -> list[GridCell]:
    """Methods that fit or resample each study."""
    common = ("set/run 1", "unequal tasks")
    found = [GridCell("bootstrap", MAIN[0], seeds, "set/run 1", 400, 50) for seeds in SEEDS]
    reml = ("set/run 0", "set/run 1", "set/run 2", "baseline 2", "baseline 0", "seed x count")
    found += [GridCell("reml", CROSSED, seeds, g, 400, 50) for seeds, g in product(SEEDS, reml)]
    found += [GridCell("stacked", layout, n, g, 2000, 250) for layout, n, g in product(MAIN, SEEDS, common)]
    # Each study is fitted twice: fewer where a fit takes longest.
    found += [
        GridCell("cells", layout, n, g, 400 if layout == NESTED and n < max(SEEDS) else 200, 20, (3,))
        for layout, n, g in product(MAIN, SEEDS, common)
    ]
    return found


def product_cells() -> list[GridCell]:
    """The product's whole code, from the score frame to the result rows."""
    found = [GridCell("product", layout, n, "set/run 1", 1000, 50) for layout, n in product(MAIN, SEEDS)]
    found += [GridCell("product", layout, 5, "lost cells", 1000, 50) for layout in MAIN]
    found += [GridCell("such", layout, n, "languages", 400, 50) for layout, n in product(MAIN, SEEDS)]
    found += [GridCell("missing", MAIN[0], n, f"lost {lost} %", 1000, 50, (3,)) for n, lost in product((5, 10), LOST)]
    found += [GridCell("such tasks", MAIN[0], n, g, 1000, 50, (3,)) for n, g in product((5, 10), TASKS_DRAWN)]
    found += [GridCell("languages", layout, n, "set/run 1", 400, 20, (3,)) for layout, n in product(MAIN, SEEDS)]
    found += [GridCell("shrunken", NESTED, n, g, 200, 20, (3,)) for n, g in product(SEEDS, SHRUNKEN)]
    return found


def exploratory_cells() -> list[GridCell]:
    """Rows of target tasks and of languages, moderated and not."""
    found = [GridCell("exploratory", MAIN[0], n, g, 1000, 100, (3,)) for n, g in product(SEEDS, EXPLORED)]
    return [*found, *(GridCell("exploratory", CROSSED, n, "unequal tasks", 1000, 100, (3,)) for n in SEEDS)]


def bayes_cells() -> list[GridCell]:
    """The Bayesian route: a posterior sampled for each study (needs the extra bayes)."""
    worlds = ("unequal tasks", "tasks apart")
    return [GridCell("bayes", MAIN[0], n, g, 200, 20, (3,)) for n, g in product(SEEDS, worlds)]


def further_cells() -> list[GridCell]:
    """Few seeds, corrections of families, two studies, predictions, collapsed trainings."""
    pooling = [name for name in GENERATORS if name not in (FITTED, *OF_LANGUAGES) and not _own_parts(name)]
    found = [GridCell("pooled", NESTED, n, g, 10_000, 1000) for n, g in product(FEW_SEEDS, pooling)]
    found += [
        GridCell("prediction", NESTED, n, g, 10_000, 1000) for n, g in product(SEEDS, ("set/run 1", "baseline 2"))
    ]
    found += [GridCell("families", NESTED, n, "set/run 1", 4000, 500) for n in MANY_SEEDS]
    found += [GridCell("welch", NESTED, n, g, 20_000, 1000) for n, g in product(SEEDS, ("set/run 1", "baseline 2"))]
    found += [GridCell("collapse", NESTED, n, "collapse", 400, 50, (3,)) for n in SEEDS]
    return found


def _own_parts(name: str) -> bool:
    """Whether a generator is for parts of its own."""
    one = GENERATORS[name]
    return bool(one.lost_cells or one.language or one.task_effect or one.task_effects or one.collapse)


def cells(parts: Sequence[str] = ()) -> list[GridCell]:
    """All cells, or those of some parts."""
    every = [*run_level_cells(), *compared_cells(), *product_cells()]
    every += [*exploratory_cells(), *bayes_cells(), *further_cells()]
    return [cell for cell in every if not parts or cell.part in parts]
