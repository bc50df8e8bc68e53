"""Cells of a calibration as files: a stop loses none, and docs/calibration.md is written from those that are there."""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.calibration.table import line
from benchmarks.calibration.tally import monte_carlo_error

Record = dict[str, Any]


def read(path: Path) -> Record:
    """A cell's record."""
    record: Record = json.loads(path.read_text(encoding="utf-8"))
    return record


def there(paths: Iterable[Path]) -> list[Record]:
    """The records of the cells that are simulated."""
    return [read(path) for path in paths if path.is_file()]


def options(text: str | None, out: Path) -> argparse.ArgumentParser:
    """The options of such a calibration's command."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--out", type=Path, default=out)
    return parser


def fill(cells: Mapping[Path, partial[Record]], shown: Callable[[Record], str]) -> None:
    """Simulate the cells whose files are not there yet, and print all."""
    for path, simulated in cells.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file():
            path.write_text(json.dumps(simulated(), indent=1) + "\n", encoding="utf-8")
        print(shown(read(path)), flush=True)


def unfinished(done: int, whole: int) -> str:
    """How many cells are there, where some are not."""
    return f" {done} of {whole} worlds are finished." if done < whole else ""


def part(title: str, note: str, headings: Sequence[str], lines: Sequence[str], whole: int) -> str:
    """A part of docs/calibration.md with a line a finished cell; "" where none is."""
    if not lines:
        return ""
    table = [line(headings), line(["---"] * len(headings)), *lines]
    return "\n\n".join([title, note + unfinished(len(lines), whole), "\n".join(table)])


def share(one: Mapping[str, float]) -> str:
    """Per cent found, with its Monte-Carlo error: tests of one study are taken as independent in it."""
    return f"{one['found']:.1f} ± {monte_carlo_error(one['found'], int(one['tests'])):.1f}"
