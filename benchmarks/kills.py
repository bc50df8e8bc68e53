"""Kills of quick studies at random moments: nothing complete is done again, and the frame comes out the same.

    python benchmarks/kills.py --kills 200

Each round starts the tiny study of the tests in an empty store, kills its whole process group with SIGKILL at a random
moment, again and again until it ends by itself, and compares the frame with that of an undisturbed run.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RECIPE = Path(__file__).parents[1] / "tests" / "end_to_end" / "tiny.toml"
XSTATS = [sys.executable, "-m", "xtransfer_stats"]


def frame(store: Path) -> bytes:
    done = subprocess.run([*XSTATS, "export", "--store", store, "--format", "csv"], capture_output=True, check=True)
    return done.stdout


def published(store: Path) -> dict[str, tuple[int, int]]:
    """Folder of each published step -> inode and time of its manifest, which change when it is done again."""
    manifests = store.glob("steps/*/*/manifest.json")
    return {path.parent.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in manifests}


def start(store: Path) -> subprocess.Popen[bytes]:
    command = [*XSTATS, "run", str(RECIPE), "--store", str(store)]
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def one_round(store: Path, moments: random.Random, longest: float, most: int) -> tuple[int, int]:
    """Kill a study until it ends by itself, `most` times at most; return kills and steps that were done again."""
    kills, redone, done = 0, 0, {}
    while True:
        process = start(store)
        try:
            process.wait(timeout=moments.uniform(0.5, longest) if kills < most else None)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
            print(f"  killed with {len(published(store))} steps done", flush=True)
        else:
            assert process.returncode == 0, f"exit {process.returncode}"
        now = published(store)
        redone += sum(now.get(key) != mark for key, mark in done.items())
        done = now
        if process.returncode == 0:
            return kills, redone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    moments, total, again, rounds, same = random.Random(asked.seed), 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as place:
        began = time.monotonic()
        one_round(Path(place) / "whole", moments, 1.0, 0)
        whole, longest = frame(Path(place) / "whole"), time.monotonic() - began
        while total < asked.kills:
            store = Path(place) / f"store-{rounds}"
            kills, redone = one_round(store, moments, longest, min(10, asked.kills - total))
            total, again, rounds = total + kills, again + redone, rounds + 1
            same += frame(store) == whole
            print(f"{total} kills, {rounds} studies, {same} of them identical, {again} steps done again", flush=True)
    sys.exit(0 if same == rounds and not again else 1)


if __name__ == "__main__":
    main()
