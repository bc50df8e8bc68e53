"""Features of data sets as large as the published ones: `python -m benchmarks.datasizes FOLDER [--pairs N]`.

Makes MNLI's training file in its release's columns (genre, gold_label, pairID, promptID and both sentences; 392,702
pairs of words drawn from Zipf's law, about as long as MNLI's), tokenises it as a step does with the embedded model's
tokenizer, in a process of its own, and tells its CPU time, its peak memory and a hash of what it wrote.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

PAIRS = 392_702
LABELS = ("entailment", "neutral", "contradiction")
WORDS = 30_000
MEANS = (19.8, 10.0)  # words of a premise and of a hypothesis


def write_mnli(folder: Path, pairs: int) -> Path:
    """Write the training file; the same bytes each time."""
    random = np.random.default_rng(0)
    letters = np.array(list("etaoinshrdlucmfwypvbgk"))
    shares = 1 / np.arange(4, len(letters) + 4)
    words = ["".join(random.choice(letters, n, p=shares / shares.sum())) for n in random.integers(1, 6, WORDS)]
    path = folder / "mnli" / "multinli_1.0_train.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for number in range(pairs):
            lengths = 1 + random.poisson(MEANS)
            drawn = iter(np.minimum(random.zipf(1.3, int(lengths.sum())), WORDS) - 1)
            one, two = (" ".join(words[next(drawn)] for _ in range(n)) + "." for n in lengths.tolist())
            row = {"genre": "fiction", "gold_label": LABELS[number % 3], "pairID": f"{number}e",
                   "promptID": str(number), "sentence1": one, "sentence2": two}  # fmt: skip
            file.write(json.dumps(row) + "\n")
    return path


def model(out: Path) -> None:
    """Write the embedded model's step."""
    from xtransfer_stats.training.phases import run_step

    folder = out / "pretrained"
    folder.mkdir(parents=True)
    run_step("pretrained", {"model": "e5-small-q4", "revision": None, "control": "none", "seed": 0}, {}, folder, quiet)


def features(folder: Path, out: Path) -> None:
    """Make the features, and tell what they took."""
    from xtransfer_stats.sources import registry
    from xtransfer_stats.training.phases import run_step

    place: dict[str, Any] = {"kind": "files", "directory": str(folder)}
    pretrained, made = out / "pretrained", out / "features"
    made.mkdir(parents=True)
    args = {
        "source": "files", "places": {"source": place}, "dataset": "mnli", "split": "train", "language": "en",
        "limit": None, "fingerprint": registry.fingerprint(place, "mnli"), "family": "classification",
        "max_length": 128, "freeze": None,
    }  # fmt: skip
    before = cpu_seconds()
    facts = run_step("features", args, {"pretrained": pretrained}, made, quiet)
    digest = hashlib.sha256()
    for path in sorted(made.iterdir()):
        digest.update(path.read_bytes())
    told = {**facts, "cpu_s": round(cpu_seconds() - before, 1), "peak_gb": peak(), "sha256": digest.hexdigest()[:16]}
    print(json.dumps(told), flush=True)


def quiet(done: int, total: int) -> None:
    """Tell nobody of progress."""


def cpu_seconds() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> float:
    """The most memory that this process held, in GB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9, 2)


def main() -> None:
    """Write the file, then make the features in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--out", type=Path, help="make the features alone, of a file written before")
    asked = parser.parse_args()
    if asked.out:
        (features if (asked.out / "pretrained").is_dir() else lambda _, out: model(out))(asked.folder, asked.out)
        return
    path = write_mnli(asked.folder / "data", asked.pairs)
    print(f"{path}: {asked.pairs} pairs, {path.stat().st_size / 1e6:.0f} MB", flush=True)
    command = [sys.executable, "-m", "benchmarks.datasizes", str(asked.folder / "data"), "--out"]
    for _ in ("the model", "the features"):
        subprocess.run([*command, str(asked.folder / "out")], check=True)


if __name__ == "__main__":
    main()
