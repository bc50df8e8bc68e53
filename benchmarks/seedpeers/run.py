"""How often each package finds a difference, and how often its interval holds the truth.

    python -m benchmarks.seedpeers.run                    # the packages of this environment
    python -m benchmarks.seedpeers.run --only ours --rounds 50

A file a method in results/, written after each cell, so that a stop loses little: what is there is gone on with. The
rounds go over all methods with more and more studies, so that each stop leaves a whole table.
"""

import argparse
import json
import time
import warnings
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path

from benchmarks.seedpeers import comparisons, itemtests, ours
from benchmarks.seedpeers.method import Answer, Method
from benchmarks.seedpeers.studies import EFFECTS, SEEDS, Study, drawn

METHODS: tuple[Method, ...] = (*ours.METHODS, *itemtests.METHODS, *comparisons.METHODS)
RESULTS = Path(__file__).with_name("results")
ROUNDS = (50, 200, 600, 2000)


@dataclass
class Counts:
    """Of the studies so far: differences called, intervals given, and those that hold the truth."""

    found: int = 0
    intervals: int = 0
    these: int = 0  # hold the mean effect on the study's own languages
    such: int = 0  # hold the mean effect that languages are drawn with

    def add(self, answer: Answer, study: Study, effect: float) -> None:
        """Count one more study."""
        self.found += answer.found
        if answer.low is not None and answer.high is not None:
            self.intervals += 1
            self.these += bool(answer.low <= study.effects.mean() <= answer.high)
            self.such += bool(answer.low <= effect <= answer.high)


@dataclass
class Cell:
    """A number of seeds and a true effect. ways: counts of each way; refused: what the package said instead."""

    seeds: int
    effect: float
    studies: int = 0
    seconds: float = 0.0
    ways: dict[str, Counts] = field(default_factory=dict)
    refused: str = ""

    def extend(self, method: Method, studies: int) -> None:
        """Go on to so many studies; a package that refuses the first refuses all: no study is like no other."""
        for number in range(self.studies, studies):
            study = drawn(self.seeds, self.effect, number)
            study.table  # noqa: B018  the input is no part of the time
            start = time.process_time()
            try:
                answers = method.ask(study)
            except ValueError as error:
                self.refused = f"{type(error).__name__}: {error}"
                return
            self.seconds += time.process_time() - start
            self.studies += 1
            for way, answer in zip(method.ways, answers, strict=True):
                self.ways.setdefault(way.name, Counts()).add(answer, study, self.effect)


def load(method: Method) -> list[Cell]:
    """The cells so far; new ones where there are none, or those of another version or other calls."""
    path, calls = RESULTS / f"{method.name}.json", [asdict(way) for way in method.ways]
    if path.is_file():
        told = json.loads(path.read_text(encoding="utf-8"))
        if (told["version"], told["ways"]) == (method.version, calls):
            cells = [Cell(**cell) for cell in told["cells"]]
            for cell in cells:
                cell.ways = {name: Counts(**counts) for name, counts in cell.ways.items()}
            return cells
    return [Cell(seeds, effect) for seeds, effect in product(SEEDS, EFFECTS)]


def save(method: Method, cells: list[Cell]) -> None:
    """Write the method's file."""
    told = {"package": method.package, "version": method.version, "method": method.name}
    told |= {"ways": [asdict(way) for way in method.ways], "cells": [asdict(cell) for cell in cells]}
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{method.name}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def computed(method: Method, studies: int) -> None:
    """Bring the method's cells to so many studies, or to its own most."""
    cells, target = load(method), min(studies, method.studies)
    if all(cell.refused or cell.studies >= target for cell in cells):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Cell(10, 0.0).extend(method, 1)  # imports are no part of the time
        for cell in cells:
            if not cell.refused and cell.studies < target:
                cell.extend(method, target)
                save(method, cells)
                print(f"{method.name}: {cell.seeds} seeds, effect {cell.effect:g}: {cell.studies} studies", flush=True)


def main() -> None:
    """Compute what is missing."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="+", choices=[method.name for method in METHODS])
    options.add_argument("--rounds", nargs="+", type=int, default=list(ROUNDS))
    asked = options.parse_args()
    chosen = [method for method in METHODS if asked.only is None or method.name in asked.only]
    here = [method for method in chosen if method.version]
    print(f"{len(here)} of {len(chosen)} methods are of packages in this environment", flush=True)
    for studies, method in product(asked.rounds, here):
        computed(method, studies)


if __name__ == "__main__":
    main()
