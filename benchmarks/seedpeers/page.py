"""The tables of docs/peers.md, and README's line, from results/: `python -m benchmarks.seedpeers.page [--write]`."""

import argparse
import json
import re
from pathlib import Path
from typing import Any

from benchmarks.mission import write
from benchmarks.seedpeers.run import METHODS, RESULTS
from benchmarks.seedpeers.studies import EFFECT, SEEDS

MARKS = ("<!-- measured: make bench-peers -->", "<!-- end of make bench-peers -->")
RATES = (
    "package",
    "way",
    "takes as its sample",
    "false positives, %",
    "covers, these languages, %",
    "covers, such languages, %",
    "power, %",
    "CPU s a study",
    "studies a cell",
)
NONE, REFUSED = "–", "refuses"
ROOT = Path(__file__).resolve().parents[2]
PAGE, README = ROOT / "docs" / "peers.md", ROOT / "README.md"
LINE = re.compile(r"^- \*\*Beside its peers\.\*\* .*$", re.MULTILINE)
LANGUAGES_AS_SAMPLE = ("languages", "scores")
ENOUGH = 200  # studies, for a figure in the README
Cell = dict[str, Any]


def results(folder: Path = RESULTS) -> list[dict[str, Any]]:
    """The files that there are, in the order of the methods."""
    paths = [folder / f"{method.name}.json" for method in METHODS]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.is_file()]


def page(told: list[dict[str, Any]]) -> str:
    """The table of rates, what was refused, and the table of calls."""
    rates = [list(RATES), ["---"] * len(RATES), *(row for one in told for row in _rates(one))]
    calls = [["package", "version", "way", "call"], ["---"] * 4, *(row for one in told for row in _calls(one))]
    return "\n\n".join(part for part in (_lines(rates), _refusals(told), _pending(told), _lines(calls)) if part)


def _rates(one: dict[str, Any]) -> list[list[str]]:
    """A row a way; each entry for 3 / 5 / 10 seeds."""
    null, real = _of(one, 0.0), _of(one, EFFECT)
    rows = []
    for way in one["ways"]:
        name = way["name"]
        rows.append(
            [
                one["package"],
                name + (", one-sided" if way["one_sided"] else ""),
                way["sample"],
                _each(null, lambda cell, name=name: _share(cell, name, "found", "studies")),
                _each(real, lambda cell, name=name: _share(cell, name, "these", "intervals")),
                _each(real, lambda cell, name=name: _share(cell, name, "such", "intervals")),
                _each(real, lambda cell, name=name: _share(cell, name, "found", "studies")),
                _each(real, lambda cell: f"{cell['seconds'] / cell['studies']:.2g}"),
                _each(null, lambda cell: f"{cell['studies']:,}"),
            ]
        )
    return rows


def _of(one: dict[str, Any], effect: float) -> list[Cell]:
    return [next(c for c in one["cells"] if (c["seeds"], c["effect"]) == (seeds, effect)) for seeds in SEEDS]


def _each(cells: list[Cell], shown: Any) -> str:
    """The entries of 3, 5 and 10 seeds, once where all are alike."""
    entries = [REFUSED if cell["refused"] else shown(cell) if cell["studies"] else NONE for cell in cells]
    return entries[0] if len(set(entries)) == 1 else " / ".join(entries)


def _share(cell: Cell, way: str, part: str, whole: str) -> str:
    counts = cell["ways"][way] | {"studies": cell["studies"]}
    return f"{100 * counts[part] / counts[whole]:.1f}" if counts[whole] else NONE


def _refusals(told: list[dict[str, Any]]) -> str:
    """What a package said in place of an answer, once a method."""
    lines = []
    for one in told:
        refused = [cell for cell in one["cells"] if cell["refused"]]
        if refused:
            seeds = ", ".join(map(str, sorted({cell["seeds"] for cell in refused})))
            way = one["ways"][0]["name"]
            lines.append(f"- {one['package']}, {way}, at {seeds} seeds: {refused[0]['refused']}")
    return "\n".join(lines)


def _pending(told: list[dict[str, Any]]) -> str:
    """The calls that have no figure yet, so that nobody takes their absence for a choice."""
    done = {one["method"] for one in told}
    ways = [f"{m.package}, {way.name}: {way.call}" for m in METHODS if m.name not in done for way in m.ways]
    return (
        "\n".join(["Not run yet; `make bench-peers` goes on with them:\n", *(f"- {way}" for way in ways)])
        if ways
        else ""
    )


def _calls(one: dict[str, Any]) -> list[list[str]]:
    return [[one["package"], one["version"], way["name"], way["call"]] for way in one["ways"]]


def _lines(rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def line(told: list[dict[str, Any]]) -> str:
    """README's line: false positives at five seeds where languages are the sample, and ours; of `ENOUGH` studies."""
    ways = [(one, way, _wrong(one, way["name"])) for one in told for way in one["ways"]]
    theirs = {f"{rate:.0f}" for _, way, rate in ways if rate is not None and way["sample"] in LANGUAGES_AS_SAMPLE}
    ours = [rate for one, way, rate in ways if (one["method"], way["name"]) == ("ours", "default") and rate is not None]
    found = f"find one in {' to '.join(sorted(theirs, key=int)[:: max(len(theirs) - 1, 1)])} %"
    return (
        "- **Beside its peers.** On the same simulated studies of five seeds and no effect, packages that take "
        f"languages as their sample {found}{''.join(f', this one in {rate:.1f} %' for rate in ours)} "
        "([other packages](docs/peers.md))."
    )


def _wrong(one: dict[str, Any], way: str) -> float | None:
    """Per cent of the studies of five seeds without an effect; None of fewer than `ENOUGH`."""
    cell = next(c for c in one["cells"] if (c["seeds"], c["effect"]) == (5, 0.0))
    return 100 * cell["ways"][way]["found"] / cell["studies"] if cell["studies"] >= ENOUGH else None


def main() -> None:
    """Print the tables, or write them where they stand."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="replace the page's measured part and README's line")
    asked, told = options.parse_args(), results()
    print(page(told))
    if asked.write:
        write(PAGE, page(told), MARKS)
        README.write_text(LINE.sub(lambda _: line(told), README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
