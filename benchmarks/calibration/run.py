"""The calibration study (`make calibration`): simulate, save each cell, go on after a stop, write the table."""

import argparse
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import pandas as pd
from benchmarks.calibration.blocks import PARTS, run_block
from benchmarks.calibration.grid import GridCell, cells
from benchmarks.calibration.setting import Setting
from benchmarks.calibration.table import document
from benchmarks.calibration.tally import Tally, added

from benchmarks.calibration import backbones, conditions, examples, singles
from xtransfer_stats.study.design import runs
from xtransfer_stats.tasks.benchmarks import cells_of
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS

HERE = Path(__file__).resolve().parents[2]
CELLS = Path(__file__).with_name("cells")  # finished ones, committed: a change of one method runs its cells alone
SEED = 2020
PAIR = ("xtreme", "xtreme-r")


def drawn(counts: Sequence[int], n_seeds: int, sets: int, cross: int, root: int) -> pd.DataFrame:
    """Chains of a study as `xstats run` draws them."""
    tasks = sorted(INTERMEDIATE_TASKS)
    found = runs(tasks, counts, n_seeds, root, sets=sets, cross=cross)
    return pd.DataFrame([(r.seed, r.n_tasks, r.set_name) for r in found], columns=["seed", "n_tasks", "task_set"])


def setting() -> Setting:
    """The real overlap: cells and weights of both benchmarks, Tatoeba by each one's own protocol."""
    return Setting(
        {name: cells_of(name) for name in PAIR}, {name: task.training for name, task in TARGET_TASKS.items()}, drawn
    )


def computed(cell: GridCell, root: int) -> dict:
    """A cell's record: what it is, its tallies and the seconds it took."""
    start, here = time.perf_counter(), setting()
    blocks = [run_block(cell, block, here, root) for block in range(cell.blocks)]
    tallies = added(one for block in blocks for one in block)
    seconds = round(time.perf_counter() - start, 1)
    return {"cell": cell.record(), "root": root, "tallies": [one.record() for one in tallies], "seconds": seconds}


def path_of(cell: GridCell, root: int, folder: Path) -> Path:
    """The cell's file; another root or number of studies is another file."""
    digest = hashlib.sha256(f"{cell.key}|{cell.studies}|{cell.block}|{root}".encode()).hexdigest()[:16]
    return folder / f"{cell.part.replace(' ', '-')}-{digest}.json"


def save(record: dict, path: Path) -> None:
    """Write whole or not at all, so that a stop leaves no half cell."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(record) + "\n", encoding="utf-8")
    part.replace(path)


def finished(chosen: Sequence[GridCell], root: int, folder: Path) -> Iterator[tuple[GridCell, list[Tally], float]]:
    """The cells that have a file."""
    for cell in chosen:
        path = path_of(cell, root, folder)
        if path.is_file():
            record = json.loads(path.read_text(encoding="utf-8"))
            yield cell, [Tally(**one) for one in record["tallies"]], record["seconds"]


def compute(chosen: Sequence[GridCell], root: int, folder: Path, workers: int) -> None:
    """Compute and save the cells that have no file yet."""
    folder.mkdir(parents=True, exist_ok=True)
    left = [cell for cell in chosen if not path_of(cell, root, folder).is_file()]
    print(f"{len(chosen) - len(left)} of {len(chosen)} cells done", flush=True)
    with ProcessPoolExecutor(workers) as pool:
        waiting = {pool.submit(computed, cell, root): cell for cell in left}
        for future in as_completed(waiting):
            cell, record = waiting[future], future.result()
            save(record, path_of(cell, root, folder))
            print(f"{cell.key}: {record['seconds']} s", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="*", default=[], choices=list(PARTS), help="only these parts")
    parser.add_argument("--only", default="", help="only cells whose name holds this, as '5 seeds'")
    parser.add_argument("--workers", type=int, default=1, help="processes; results do not depend on it")
    parser.add_argument("--seed", type=int, default=SEED, help="root of all random numbers")
    parser.add_argument("--quick", action="store_true", help="40 studies a cell: to see that it runs")
    parser.add_argument("--folder", type=Path, default=CELLS, help="finished cells")
    parser.add_argument("--out", type=Path, default=None, help="the table; docs/calibration.md unless --quick")
    parser.add_argument("--table-only", action="store_true", help="write the table from the finished cells")
    asked = parser.parse_args(arguments)
    chosen = [cell.quick() if asked.quick else cell for cell in cells()]
    wanted = [cell for cell in chosen if cell.part in (asked.parts or PARTS) and asked.only in cell.key]
    if not asked.table_only:
        compute(wanted, asked.seed, asked.folder, asked.workers)
    default = asked.folder / "quick.md" if asked.quick else HERE / "docs" / "calibration.md"
    sections = (conditions.section, singles.section, backbones.section, examples.section)
    further = [] if asked.quick else [section() for section in sections]
    text = document(list(finished(chosen, asked.seed, asked.folder)), len(chosen), asked.seed, further)
    (asked.out or default).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
