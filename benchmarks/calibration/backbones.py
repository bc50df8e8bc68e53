"""Type-I error of the difference of effects between backbones, through the product's path.

`python -m benchmarks.calibration.backbones` simulates studies of two and three backbones between which the effect of
intermediate training does not differ, and counts how often a difference, and any of its family by Holm, is found all
the same. A cell is a file: a stop loses none; `make calibration ARGS=--table-only` writes them into
docs/calibration.md.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.calibration.cellfiles import fill, options, part, share, there
from benchmarks.calibration.table import line
from benchmarks.calibration.verdicts import ALPHA

from xtransfer_stats.stats.comparison.backbones.backbones import backbone_effects
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION
from xtransfer_stats.study.design import runs
from xtransfer_stats.tasks.catalogue import NINE
from xtransfer_stats.verbs.scores import read_scores

OUT = Path(__file__).with_name("backbone-cells")
FIRST, SECOND = ("panx", "pawsx", "tatoeba"), ("panx", "tatoeba", "xcopa")  # target tasks of the two benchmarks
LANGUAGES = ("de", "zh")
BENCHMARKS = {"first": dict.fromkeys(FIRST, LANGUAGES), "second": dict.fromkeys(SECOND, LANGUAGES)}
SEED_SD, RUN_SD, TASK_SD, NOISE_SD = 0.7, 0.7, 0.7, 1.0  # points; a run's luck, on one target task, a score's
GAIN = 2.0  # points: what every backbone gains on every target task
ROOT, STUDIES = 2026, 1000
LUCKS = ("own", "half shared", "second's doubled")

TITLE = "## Differences between backbones"
HEADINGS = ("backbones", "seeds", "luck", "studies", "a difference of effects", "of interactions", "any, Holm")
NOTE = """Of studies of several backbones ([backbones.md](backbones.md)), in %: how often a difference of two
backbones' effects on a benchmark, or of their interactions, is found at 5 %, and any of all pairs by Holm, where every
backbone gains the same 2 points. Task counts 0 and 3, sets drawn as `xstats run` draws them, eight cells, analysed as
`xstats analyze` does. *Own*: nothing is shared between backbones but seeds and sets. *Half shared*: half the variance
of a run's luck is that of its seed and set, the same for all. *Second's doubled*: the second backbone's runs vary
twice as much. The Monte-Carlo errors take the tests of one study as independent, which those of benchmarks that share
tasks are not. `python -m benchmarks.calibration.backbones`."""


@dataclass(frozen=True)
class BackboneCell:
    """One world: how many backbones, how many seeds, and whose luck the runs have (of LUCKS)."""

    backbones: int
    seeds: int
    luck: str

    @property
    def name(self) -> str:
        """Its file's name."""
        return f"{self.backbones}-backbones-{self.seeds}-{self.luck.replace(' ', '-').replace(chr(39), '')}"


def cells() -> tuple[BackboneCell, ...]:
    """Two backbones at 3, 5 and 10 seeds, of each luck; three of their own luck."""
    two = (BackboneCell(2, seeds, luck) for luck, seeds in product(LUCKS, (3, 5, 10)))
    return (*two, *(BackboneCell(3, seeds, LUCKS[0]) for seeds in (3, 5, 10)))


def layout(cell: BackboneCell) -> pd.DataFrame:
    """The score frame of a study of level scores: the runs that `xstats run` would make, for every backbone."""
    rows = [
        (f"backbone-{b}", run.name, run.seed, run.n_tasks, run.set_name, task, language)
        for b in range(cell.backbones)
        for run in runs(NINE, (3,), cell.seeds, ROOT)
        for task in sorted({*FIRST, *SECOND})
        for language in LANGUAGES
    ]
    names = ["backbone", "run", "seed", "n_tasks", "task_set", "target_task", "language"]
    same = {"study": "s", "variant": "none", "control": "none", "replicate": 0, "catalogue": len(NINE)}
    constant = {"benchmarks": "xtreme+xtreme-r", "n_examples": 100, "status": "done", "score": 50.0}
    return pd.DataFrame(rows, columns=names).assign(**same, **constant)


def drawn(cell: BackboneCell, frame: pd.DataFrame, rng: np.random.Generator) -> Array:
    """The scores of one study in which all backbones gain the same, (rows,)."""
    own, shared = (1.0, 0.0) if cell.luck != LUCKS[1] else (0.5**0.5, 0.5**0.5)
    alike = _luck(frame, ["run"], rng) if shared else 0.0
    mine = _luck(frame, ["backbone", "run"], rng)
    if cell.luck == LUCKS[2]:
        mine = mine * np.where(frame["backbone"] == "backbone-1", 2.0, 1.0)
    level = 50.0 + 3.0 * pd.factorize(frame["backbone"])[0] + _of(frame, ["seed"], SEED_SD, rng)
    return level + GAIN * (frame["n_tasks"] > 0).to_numpy() + own * mine + shared * alike


def _luck(frame: pd.DataFrame, keys: list[str], rng: np.random.Generator) -> Array:
    """Luck of a run, on each of its target tasks, and of each score."""
    of_tasks = _of(frame, [*keys, "target_task"], TASK_SD, rng)
    return _of(frame, keys, RUN_SD, rng) + of_tasks + _of(frame, [*keys, "target_task", "language"], NOISE_SD, rng)


def _of(frame: pd.DataFrame, keys: list[str], sd: float, rng: np.random.Generator) -> Array:
    groups = frame.groupby(keys, sort=False).ngroup().to_numpy()
    return np.asarray(rng.normal(0, sd, groups.max() + 1)[groups])


def found(scores: StudyScores) -> dict[str, list[bool]]:
    """What a study finds at 5 %: each difference of effects, of interactions, and any of all by Holm."""
    rows = backbone_effects(scores).differences
    tested = rows[rows["term"].isin((EFFECT, INTERACTION))]
    return {
        "effects": list(tested.loc[tested["term"] == EFFECT, "p_value"] <= ALPHA),
        "interactions": list(tested.loc[tested["term"] == INTERACTION, "p_value"] <= ALPHA),
        "any, Holm": [bool((tested["p_adjusted"] <= ALPHA).any())],
    }


def studies(cell: BackboneCell, many: int) -> Iterator[StudyScores]:
    """Studies of a cell, the same each time; the frame is read once, and its scores drawn anew."""
    rng = np.random.default_rng(np.random.SeedSequence([ROOT, *cell.name.encode()]))
    blank = layout(cell)
    read = read_scores(blank, backbone="backbone-0")
    frame = pd.concat([read.frame.assign(backbone=name) for name in blank["backbone"].unique()], ignore_index=True)
    for _ in range(many):
        yield replace(read, frame=frame.assign(score=drawn(cell, frame, rng)), benchmarks=BENCHMARKS)


def computed(cell: BackboneCell, many: int) -> dict:
    """A cell's record: per cent found, of how many tests."""
    start = time.process_time()
    tests: dict[str, list[bool]] = {}
    for study in studies(cell, many):
        for name, hits in found(study).items():
            tests.setdefault(name, []).extend(hits)
    shares = {name: {"found": 100 * float(np.mean(hits)), "tests": len(hits)} for name, hits in tests.items()}
    return {"cell": asdict(cell), "studies": many, "shares": shares, "seconds": round(time.process_time() - start, 1)}


def section(folder: Path = OUT, many: int = STUDIES) -> str:
    """The part of docs/calibration.md; "" where no cell is finished."""
    lines = [_line(record) for record in there(path_of(cell, many, folder) for cell in cells())]
    return part(TITLE, NOTE, HEADINGS, lines, len(cells()))


def path_of(cell: BackboneCell, many: int, folder: Path = OUT) -> Path:
    """The cell's file."""
    return folder / f"{cell.name}-{many}.json"


def _line(record: dict) -> str:
    cell = BackboneCell(**record["cell"])
    shares = map(share, record["shares"].values())
    return line([str(cell.backbones), str(cell.seeds), cell.luck, f"{record['studies']:,}", *shares])


def main() -> None:
    """Compute the cells that have no file yet, and print all."""
    parser = options(__doc__, OUT)
    parser.add_argument("--studies", type=int, default=STUDIES)
    asked = parser.parse_args()
    many = asked.studies
    fill({path_of(cell, many, asked.out): partial(computed, cell, many) for cell in cells()}, _line)


if __name__ == "__main__":
    main()
