"""Measure the trainings' throughput and write it as JSON: `python -m benchmarks.gpu.throughput FILE [--device cpu]`.

On a GPU: XLM-R base and large, bf16, texts of mean 15, 128 and 384 pieces, batches of 32 texts, and of 128 where the
mean is 128. On a processor: a tiny model, so that the script can be tried where there is no GPU.
"""

import argparse
import gc
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import transformers
from benchmarks.gpu.clock import Clock, copy_rate, matrix_rate, wait
from benchmarks.gpu.corpus import SHAPES, Shape, texts, write_model
from benchmarks.gpu.trainings import HOW

# Eight batches come again and again, as shapes do in a long training: kernels are loaded, memory is taken and
# steps are recorded within the first three passes, which are not counted.
BATCHES, WARM, STEPS = 8, 24, 16
CASES = ((15, 32), (128, 32), (384, 32), (128, 128))  # mean length, batch
USUAL = ["xstats", "xstats, not compiled", "xstats, not replayed", "Trainer", "Trainer, by length"]


def rows(asked: argparse.Namespace, device: torch.device, rate: float) -> Iterator[dict[str, Any]]:
    """Yield a row for each shape, case and training, as long as there is time; say what is left out."""
    begun = time.perf_counter()
    for shape in SHAPES[device.type]:
        if asked.shapes and shape.name not in asked.shapes:
            continue
        with tempfile.TemporaryDirectory() as place:
            write_model(shape, Path(place), device)
            for (mean, batch), how in ((case, how) for case in CASES for how in asked.how):
                if time.perf_counter() - begun > asked.seconds:
                    print(f"left out, for time: {shape.name}, mean {mean}, batch {batch}, {how}", flush=True)
                    continue
                yield measured(shape, Path(place), mean, batch, how, device, rate)


def measured(
    shape: Shape, folder: Path, mean: int, batch: int, how: str, device: torch.device, rate: float
) -> dict[str, Any]:
    """Train once under the clock."""
    clock = Clock(device, WARM, WARM + STEPS)
    row: dict[str, Any] = {"shape": shape.name, "length": mean, "batch": batch, "how": how}
    try:
        HOW[how](shape, folder, texts(shape, batch * BATCHES, mean), batch, clock)
        row |= clock.row(shape.operations, rate)
    except Exception as error:  # told, and the rest goes on: time on such machines is dear
        row["error"] = f"{type(error).__name__}: {error}"[:500]
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    print(json.dumps({key: round(v, 3) if isinstance(v, float) else v for key, v in row.items()}), flush=True)
    return row


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--device", default="cuda:0" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--how", nargs="+", default=USUAL, choices=list(HOW))
    parser.add_argument("--shapes", nargs="+")
    parser.add_argument("--seconds", type=float, default=300.0, help="begin no further training after so long")
    asked = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    device = torch.device(asked.device)
    if device.type == "cpu":
        print("no GPU: a tiny model on the processor; figures of XLM-R's shapes are left out", flush=True)
    rate, copied = matrix_rate(device), copy_rate(device)
    wait(device)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
    facts = {"device": name, "torch": torch.__version__, "transformers": transformers.__version__,
             "matrix_rate": rate, "copy_rate": copied}  # fmt: skip
    print(json.dumps(facts), flush=True)
    found = list(rows(asked, device, rate))
    asked.file.write_text(json.dumps({**facts, "rows": found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
