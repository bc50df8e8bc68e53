"""What `xstats analyze` costs on a study of the mission's size: XTREME and XTREME-R whole, counts 0, 3, 5 and 9.

    python -m benchmarks.mission frame FILE [--seeds 10]       # the score frame, .csv or .parquet
    python -m benchmarks.mission time [--seeds 3,5,10,20] [--lme4 SECONDS] [--write docs/benchmarks.md]
    python -m benchmarks.mission command analyze FILE ...      # any command of xstats, its stages timed

`time` runs the command, report and all, in a process of its own for each number of seeds, and prints CPU seconds and
the memory's peak, whole and by stage. --lme4 fits the cell-level model of the middle study by lme4 too, where Rscript
has it, and stops it after so many seconds.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.calibration.draws import World, scores
from benchmarks.calibration.generators import GENERATORS
from benchmarks.calibration.run import PAIR, setting

from xtransfer_stats.stats.core.frame import COLUMNS, typed, written
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS

ROOT = Path(__file__).resolve().parents[1]
COUNTS = (3, 5, 9)
GENERATOR = replace(GENERATORS["unequal tasks"], language=0.6)
TASK_SD, CELL_SD, GAIN = 9.0, 6.0, 0.3  # points: of tasks' and cells' levels, and what a task of a set gains
EXACT_BELOW = 8.0  # points that exact match stands below F1, and half of it below and above their mean
MARKS = ("<!-- measured: make bench-mission -->", "<!-- end of make bench-mission -->")
SLOPES = " + ".join(f"(0 + count{k} | {group})" for group in ("language", "language:target_task") for k in COUNTS)
# lme4 has one residual variance for all target tasks; else this is the model of stats/celllevel.
LME4 = (
    "score ~ 0 + cell + count:target_task + (1 | seed) + (1 | seed:target_task) + (0 + sampled | task_set) + "
    f"(0 + sampled | task_set:target_task) + (1 | run) + (1 | run:tuned) + {SLOPES}"
)


def mission_frame(seeds: int = 10, root: int = 2020) -> pd.DataFrame:
    """The score frame of such a study, one row a run, cell and metric; sets drawn as `xstats run` draws them."""
    here = setting()
    chains = here.draw(COUNTS, seeds, 1, 0, root).assign(replicates=1)
    cells = sorted({(task, x) for part in here.benchmarks.values() for task, spoken in part.items() for x in spoken})
    world = World(
        chains, pd.MultiIndex.from_tuples(cells, names=["target_task", "language"]), here.trainings, GENERATOR
    )
    rng = np.random.default_rng([root, seeds])
    points = scores(world, rng, 1)[:, :, 0] + GAIN * chains["n_tasks"].to_numpy()[:, None]
    points += rng.normal(0, TASK_SD, len(world.tasks))[world.cell_task] + rng.normal(0, CELL_SD, len(cells))
    parts = [_metric_rows(world, place, cell, points[:, place]) for place, cell in enumerate(cells)]
    return typed(pd.concat(parts, ignore_index=True).sort_values(["run", "target_task"], kind="stable"))


def _metric_rows(world: World, place: int, cell: tuple[str, str], points: np.ndarray) -> pd.DataFrame:
    task, language = cell
    chains, metrics = world.chains, TARGET_TASKS[task].metrics
    runs = [f"s{row.seed}-{row.task_set or 'baseline'}-r0" for row in chains.itertuples()]
    shifts = np.linspace(-EXACT_BELOW / 2, EXACT_BELOW / 2, len(metrics)) if len(metrics) > 1 else [0.0]
    rows = pd.DataFrame({"run": runs, **{name: chains[name] for name in ("seed", "n_tasks", "task_set")}})
    whole = {"study": "mission", "backbone": "simulated", "variant": "plain", "control": "none", "replicate": 0}
    whole |= {"benchmarks": "+".join(PAIR)}
    rows = rows.assign(**whole, catalogue=len(INTERMEDIATE_TASKS), target_task=task, language=language, status="done")
    rows = rows.assign(n_examples=1000)
    parts = [rows.assign(metric=m, score=np.clip(points + s, 0, 100)) for m, s in zip(metrics, shifts, strict=True)]
    return pd.concat(parts)[list(COLUMNS)]


# A command with its stages timed, in this process.


def command(arguments: Sequence[str]) -> None:
    """Run a command of xstats; then a line of JSON on standard error: name, CPU seconds and peak MB of each stage."""
    from xtransfer_stats.cli import analyze, main

    marks = [("start", time.process_time(), _peak())]

    class Marker:
        def stage(self, name: str) -> None:
            marks.append((name, time.process_time(), _peak()))

        def of(self, done: int, total: int) -> None:
            pass

        more = of

    @contextmanager
    def marking(what: str, total: float | None = None, *, shown: bool = True) -> Iterator[Marker]:
        Marker().stage(what)
        yield Marker()
        Marker().stage("output")

    analyze.bar = marking
    sys.argv = ["xstats", *arguments]
    try:
        main()
    finally:
        marks.append(("end", time.process_time(), _peak()))
        print(json.dumps(marks), file=sys.stderr)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


Stages = dict[str, tuple[float, float]]  # name -> CPU seconds, MB of memory at its end at the most


def stages(marks: Sequence[tuple[str, float, float]]) -> Stages:
    """What each stage took; "imports" is all before the first, those named alike are added up."""
    named = {"start": "imports", "analysis": "reading", "output": "output"}
    taken: Stages = {"imports": (marks[0][1], marks[0][2])}
    for (name, began, _), (_, ended, peak) in pairwise(marks):
        what = named.get(name, name)
        taken[what] = (taken.get(what, (0.0, 0.0))[0] + ended - began, peak)
    return taken


def measured(file: Path, folder: Path, *more: str) -> Stages:
    """Stages of `xstats analyze FILE` in a process of its own, and "whole" as the kernel counted it."""
    options = ["--benchmarks", ",".join(PAIR), "--out", str(folder), *more]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    started = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.mission", "command", "analyze", str(file), *options],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = started.stderr.read() if started.stderr else ""
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise SystemExit(f"xstats analyze ended with {started.returncode}:\n{said}")
    whole = {"whole": (used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)}
    return stages(json.loads(said.strip().splitlines()[-1])) | whole


def table(every: dict[str, Stages]) -> str:
    """A row a stage, a column a study: CPU seconds, and of the whole the peak of memory."""
    names = list(dict.fromkeys(name for taken in every.values() for name in taken))
    lines = [["CPU, s", *every], ["---"] * (len(every) + 1)]
    lines += [
        [name, *(f"{taken[name][0]:.1f}" if name in taken else "-" for taken in every.values())] for name in names
    ]
    lines.append(["peak of memory, MB", *(f"{taken['whole'][1]:.0f}" for taken in every.values())])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


# The same model by lme4.


def lme4_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a run and cell with the columns of LME4."""
    keys = ["run", "seed", "n_tasks", "task_set", "target_task", "language"]
    rows = frame.groupby(keys, as_index=False, sort=False)["score"].mean()
    training = {name: task.training or f"{name} itself" for name, task in TARGET_TASKS.items()}
    counts = {f"count{k}": (rows["n_tasks"] == k).astype(int) for k in COUNTS}
    rows = rows.assign(**counts, cell=rows["target_task"] + "/" + rows["language"])
    sampled = rows["n_tasks"].between(1, len(INTERMEDIATE_TASKS) - 1).astype(int)
    # "c0": text, so that R takes the count for a factor; "none": its reader would take "" for a missing value.
    texts = {"count": "c" + rows["n_tasks"].astype(str), "task_set": rows["task_set"].replace("", "none")}
    return rows.assign(sampled=sampled, tuned=rows["target_task"].map(training), **texts)


def lme4(frame: pd.DataFrame, limit: float, folder: Path) -> str:
    """A line: seconds of lme4's fit, that it was stopped, or that it is not here."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from peers import Peer, available

    commands, missing = available()
    if "lme4" not in commands:
        return f"- {next(line for line in missing if line.startswith('lme4'))}"
    lme4_rows(frame).to_csv(folder / "lme4.csv", index=False)
    peer = Peer("lme4", commands["lme4"])
    peer.ask(limit, do="read", path=str(folder / "lme4.csv"))
    seconds = peer.ask(limit, do="fit", formula=LME4)
    peer.stop()
    taken = f"{seconds:.0f} s" if seconds else f"stopped after {limit:.0f} s, or failed"
    return f"- lme4, the same cell-level model with one residual variance, {frame['seed'].nunique()} seeds: {taken}"


def timed(seeds: Iterable[int], limit: float | None) -> str:
    """The table, and lme4's line where it is asked for."""
    every: dict[str, Stages] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in seeds:
            frame, file = mission_frame(count), folder / f"mission-{count}.csv"
            file.write_bytes(written(frame, "csv"))
            every[f"{count} seeds, {len(frame):,} rows"] = measured(file, folder / f"report-{count}")
            print(table(every), flush=True)
        line = lme4(mission_frame(list(seeds)[-1] if 10 not in seeds else 10), limit, folder) if limit else ""
    return f"{table(every)}\n\n{line}".strip()


def write(path: Path, text: str, marks: tuple[str, str] = MARKS) -> None:
    """Put the text between the marks of a page; raises ValueError where the page has none."""
    before, begun, rest = path.read_text(encoding="utf-8").partition(marks[0])
    _, ended, after = rest.partition(marks[1])
    if not (begun and ended):
        raise ValueError(f"{path.name} lacks the marks {' and '.join(marks)}")
    path.write_text(f"{before}{marks[0]}\n\n{text}\n\n{marks[1]}{after}", encoding="utf-8")


def main() -> None:
    if sys.argv[1:2] == ["command"]:  # its options are those of xstats
        command(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    one = commands.add_parser("frame")
    one.add_argument("file", type=Path)
    one.add_argument("--seeds", type=int, default=10)
    two = commands.add_parser("time")
    two.add_argument("--seeds", default="3,5,10,20")
    two.add_argument("--lme4", type=float, help="seconds that lme4 may take; not asked without")
    two.add_argument("--write", type=Path, help="page whose measured part is replaced")
    asked = parser.parse_args()
    if asked.what == "frame":
        asked.file.write_bytes(written(mission_frame(asked.seeds), asked.file.suffix[1:]))
        return
    text = timed(tuple(map(int, asked.seeds.split(","))), asked.lme4)
    print(text)
    if asked.write:
        write(asked.write, text)


if __name__ == "__main__":
    main()
