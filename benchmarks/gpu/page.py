"""Write the measured block of docs/gpu.md: `python -m benchmarks.gpu.page FOLDER docs/gpu.md`.

FOLDER holds throughput.json and, where a study was run, study.json, as benchmarks/gpu.sh leaves them.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARKS = ("<!-- measured: benchmarks/gpu.sh -->", "<!-- end of benchmarks/gpu.sh -->")
HEAD = "| model | mean length | batch | training | tokens/s | step, ms | padding | utilisation | peak, GiB |"
RULE = "|---|---|---|---|---|---|---|---|---|"


def table(found: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the throughput's table."""
    facts = f"torch {found['torch']}, transformers {found['transformers']}"
    yield f"{found['device']}, {facts}, bf16. Measured in the same run: a matrix product at "
    yield f"{found['matrix_rate'] / 1e12:.0f} TFLOP/s, a copy in its memory at {found['copy_rate'] / 1e12:.2f} TB/s.\n"
    yield HEAD
    yield RULE
    for row in found["rows"]:
        case = f"| {row['shape']} | {row['length']} | {row['batch']} | {row['how']} |"
        if "error" in row:
            yield f"{case} failed: {row['error'][:80]} | | | | |"
            continue
        yield (
            f"{case} {row['tokens_per_s']:,.0f} | {row['step_ms']:.0f} | {100 * row['padding']:.0f} % | "
            f"{100 * row['utilisation']:.1f} % | {row['peak_gib']:.1f} |"
        )


def study(told: dict[str, Any]) -> Iterator[str]:
    """Yield what is said of the study."""
    yield f"\nA small study in fp32, `--devices auto` against `--devices cpu`: of {told['cells']} scores (0-100) "
    yield f"{told['equal']} are equal, and the furthest two lie {told['furthest']:.2f} points apart."


def main(folder: Path, page: Path) -> None:
    """Replace the block between the marks."""
    lines = list(table(json.loads((folder / "throughput.json").read_text(encoding="utf-8"))))
    if (folder / "study.json").is_file():
        lines += study(json.loads((folder / "study.json").read_text(encoding="utf-8")))
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    page.write_text(f"{before}{MARKS[0]}\n" + "\n".join(lines) + f"\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
