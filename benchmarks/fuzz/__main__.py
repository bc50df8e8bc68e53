"""Fuzz every input route: `python -m benchmarks.fuzz --inputs 20000 [--routes formulas,recipes] [--store STORE]`.

Each input runs in a worker with 10 s of processor and 2 GB; the table counts what they came to, and every input that is
neither accepted nor refused is printed with its number, by which `--only` gives it again.
"""

import argparse
import os
import random
import sys
from collections import Counter

from benchmarks.fuzz.inputs import ROUTES
from benchmarks.fuzz.worker import Outcome, Worker

CAME = ("accepted", "refused", "silent", "traceback", "hang", "memory", "died")
SOUND = ("accepted", "refused")


def main() -> int:
    """Exit status 1 where an input came to no good."""
    asked = _arguments()
    routes = [name for name in asked.routes.split(",") if name != "stores" or asked.store]
    if asked.store:
        os.environ["XSTATS_FUZZ_STORE"] = os.path.abspath(asked.store)
    worker, counts = Worker(), {name: Counter[str]() for name in routes}
    numbers = range(asked.inputs // len(routes)) if asked.only is None else [asked.only]
    for name in routes:
        for number in numbers:
            given = ROUTES[name](random.Random(f"{asked.seed} {name} {number}"))
            outcome = worker.run(given)
            counts[name][outcome.came] += 1
            if outcome.came not in SOUND or asked.only is not None:
                _tell(number, given.shown(), outcome)
        print(_row(name, counts[name]), flush=True)
    worker.close()
    print(_row("all", sum(counts.values(), Counter())))
    return int(any(count for one in counts.values() for came, count in one.items() if came not in SOUND))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000, help="of all routes together")
    parser.add_argument("--routes", default=",".join(ROUTES))
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--store", help="a finished store, of which copies are damaged; without one no route stores")
    parser.add_argument("--only", type=int, help="the input of this number alone")
    return parser.parse_args()


def _tell(number: int, shown: str, outcome: Outcome) -> None:
    print(f"{outcome.came}: number {number}, {shown}\n{outcome.detail}".encode("ascii", "backslashreplace").decode())
    sys.stdout.flush()


def _row(name: str, counts: Counter[str]) -> str:
    return f"{name:20}" + "".join(f"{came} {counts[came]:<6}" for came in CAME)


if __name__ == "__main__":
    sys.exit(main())
