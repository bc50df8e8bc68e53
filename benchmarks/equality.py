"""Is everything that a user reads the same on two commits? Collect once on each, then compare byte by byte.

    python benchmarks/equality.py collect OUT --store STORE [--source SRC] [--real-data DIR] [--only keys,analyze,...]
    python benchmarks/equality.py compare BEFORE AFTER

`collect` runs the commands of the package in SRC (default: this checkout's src/) on a copy of the store, which holds
the demo's study `embedded`, and writes what they print and the reports that they make. `compare` names every file
that differs, with its first lines that do; it ends with 1 where there is one. PDFs are left out: they are drawn from
the SVGs, and their objects come in another order in every process.
"""

import argparse
import csv
import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DRAFT = "data/phang2020_draft.csv"
KEYS = """
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import load_recipe
from xtransfer_stats.study.versions import tolerant
for name in ("embedded", "embedded-full", "quick", "phang2020"):
    plan = make_plan(load_recipe(name), tolerant)
    for key, step in plan.steps.items():
        print(name, key, step.kind, step.name)
"""


@dataclass(frozen=True)
class Place:
    """Where the commands run, the package's source, and where what they print goes."""

    folder: Path
    source: Path
    out: Path
    real_data: Path | None

    def python(self, *arguments: str) -> bytes:
        """Standard output of Python with the package on its path; standard error is part of it on failure."""
        environment = {**os.environ, "PYTHONPATH": str(self.source), "COLUMNS": "160", "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=environment, capture_output=True, check=False
        )
        failure = f"exit {done.returncode}\n".encode() + done.stderr if done.returncode else b""
        return (failure + done.stdout).replace(str(self.folder).encode(), b"HERE")

    def save(self, name: str, *command: str) -> None:
        """Keep what a command of xstats prints."""
        (self.out / name).write_bytes(self.python("-m", "xtransfer_stats", *command))


def keys(place: Place) -> None:
    """Keys of all steps of four recipes."""
    (place.out / "keys.txt").write_bytes(place.python("-c", KEYS))


def analyze(place: Place) -> None:
    """Reports and JSON of the demo's study and of the published draft."""
    for name, study in (("study", "xstats-store"), ("draft", DRAFT)):
        place.save(f"analyze-{name}.txt", "analyze", study, "--out", name)
        place.save(f"analyze-{name}.json", "analyze", study, "--json")
        place.save(f"claims-{name}.json", "claims", study, "--json")
        place.save(f"claims-{name}.txt", "claims", study)


def routes(place: Place) -> None:
    """Every route and what can be asked beside the headline."""
    wished = (
        "--contrast",
        "effect(3) @ task xnli",
        "--contrast",
        "interaction(3)",
        "--margin",
        "1",
        "--bootstrap",
        "199",
    )
    place.save("routes.json", "analyze", "xstats-store", "--model", "all", "--items", "--json", *wished)
    place.save("routes.txt", "analyze", "xstats-store", "--model", "all", "--out", "routes", *wished)


def others(place: Place) -> None:
    """The commands that need no model of the study's scores, power and comparison."""
    place.save("power.json", "power", "xstats-store", "--json", "--studies", "400")
    place.save("power.txt", "power", "xstats-store", "--studies", "400", "--out", "power")
    place.save("compare.json", "compare", "embedded", "quick", "--json")
    place.save("compare.txt", "compare", "embedded", "quick", "--out", "compare")
    for name in ("tasks", "languages"):
        place.save(f"{name}.json", name, "--json")
        place.save(f"{name}.txt", name)
    place.save("status.txt", "status")
    place.save("dry-run.txt", "run", "phang2020", "--dry-run")
    place.save("export.txt", "export", "--format", "xtreme", "--output", "ours")

    place.save("fit.json", "analyze", "scores.csv", "--formula", "score ~ n_tasks + (1 | seed)", "--json")
    if place.real_data is not None:
        place.save("data.json", "data", str(place.real_data), "--json")
        place.save("data.txt", "data", str(place.real_data))
        mock = [f"--{name}={place.real_data / 'xtreme_mock' / name}" for name in ("predictions", "labels")]
        place.save("score.json", "score", *mock, "--benchmark", "xtreme", "--json")
        place.save("score.txt", "score", *mock, "--benchmark", "xtreme")


def trace(place: Place) -> None:
    """A row of each term and table, and a score."""
    place.save("analyze-for-trace.txt", "analyze", "xstats-store", "--out", "traced")
    with (place.folder / "traced" / "results.csv").open(encoding="utf-8") as rows:
        ids = {row["term"]: row["id"] for row in csv.DictReader(rows) if row["id"]}
    for table in sorted((place.folder / "traced" / "tables").glob("*.csv")):
        with table.open(encoding="utf-8") as rows:
            named = [row["id"] for row in csv.DictReader(rows) if (row.get("id") or "r")[0] in "tvic"]
        ids |= {table.stem: named[-1]} if named else {}
    for name, one in sorted(ids.items()):
        place.save(f"trace-{name.replace(' ', '-')}.json", "trace", one, "--json")
    for one in [*list(ids.values())[:2], "s0-baseline-r0:xnli:de"]:
        place.save(f"trace-{one.replace(':', '-')}.txt", "trace", one)


PARTS: dict[str, Callable[[Place], None]] = {
    "keys": keys,
    "analyze": analyze,
    "routes": routes,
    "others": others,
    "trace": trace,
}


def collect(out: Path, store: Path, source: Path, real_data: Path | None, only: list[str]) -> None:
    """Run the parts in a folder that has nothing but the store, the shipped tables and an exported frame."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), source.resolve(), out.resolve(), real_data and real_data.resolve())
        shutil.copytree(store, place.folder / "xstats-store", symlinks=True)
        shutil.copytree(ROOT / "data", place.folder / "data")
        place.python("-m", "xtransfer_stats", "export", "--study", "quick", "--output", "quick.csv")
        place.python("-m", "xtransfer_stats", "export", "--study", "embedded", "--output", "scores.csv")
        for name in only:
            PARTS[name](place)
        for report in ("study", "draft", "routes", "power", "compare"):
            if (place.folder / report).is_dir():
                shutil.copytree(place.folder / report, place.out / report, dirs_exist_ok=True)


def differences(before: Path, after: Path) -> Iterator[str]:
    """A line a file that differs, with the first lines that do."""
    files = {path.relative_to(folder) for folder in (before, after) for path in folder.rglob("*") if path.is_file()}
    files = {name for name in files if name.suffix != ".pdf"}
    for name in sorted(files):
        a, b = before / name, after / name
        if not (a.is_file() and b.is_file()):
            yield f"{name}: only in {before if a.is_file() else after}"
        elif a.read_bytes() != b.read_bytes():
            yield f"{name}: differs\n{_excerpt(a, b)}"


def _excerpt(a: Path, b: Path, most: int = 12) -> str:
    texts = [path.read_bytes().decode("utf-8", errors="replace").splitlines() for path in (a, b)]
    lines = [line[:200] for line in difflib.unified_diff(*texts, lineterm="", n=0)][2:]
    return "\n".join(f"    {line}" for line in [*lines[:most], *(["..."] if len(lines) > most else [])])


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("collect")
    one.add_argument("out", type=Path)
    one.add_argument("--store", type=Path, required=True)
    one.add_argument("--source", type=Path, default=ROOT / "src")
    one.add_argument("--real-data", type=Path)
    one.add_argument("--only", default=",".join(PARTS))
    two = commands.add_parser("compare")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)
    given = parser.parse_args()
    if given.command == "collect":
        collect(given.out, given.store, given.source, given.real_data, given.only.split(","))
        return
    lines = list(differences(given.before, given.after))
    print("\n".join(lines) or "Every file is the same.")
    raise SystemExit(bool(lines))


if __name__ == "__main__":
    main()
