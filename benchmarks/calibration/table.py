"""docs/calibration.md, from the finished cells."""

from collections.abc import Callable, Iterable, Sequence

from benchmarks.calibration.generators import GENERATORS
from benchmarks.calibration.grid import COUNTS, LAYOUTS, GridCell
from benchmarks.calibration.prose import CLOSING, HEAD, PART_NOTES
from benchmarks.calibration.runmethods import DEFAULT, UNCORRECTED
from benchmarks.calibration.tally import Tally

from benchmarks.calibration import singles

Done = Sequence[tuple[GridCell, list[Tally], float]]
Shown = dict[tuple[str, str, str], dict[str, dict[int, Tally]]]  # (layout, generator, method) -> contrast -> seeds
Entry = Callable[[Tally], str]
NARROW, WIDE = (3.5, 6.5), 7.0  # percent
OTHER_TRUTH = "such tasks"  # its truth is that of all such tasks, which scope "these" does not claim
JUDGED = 1000  # studies; with fewer an entry says little of a band
NOTHING = "–"
SHOWN_SHARE = 0.1  # percent
METHOD_ORDER = {DEFAULT: 0, UNCORRECTED: 1}
LAST = 2


def document(done: Done, asked: int, root: int) -> str:
    """The whole page."""
    parts = list(dict.fromkeys(cell.part for cell, _, _ in done))
    hours = sum(seconds for _, _, seconds in done) / 3600
    head = HEAD.format(done=len(done), asked=asked, root=root, hours=hours)
    sections = [_section(part, [one for one in done if one[0].part == part]) for part in parts]
    return "\n\n".join(filter(None, [head, _bands(done), *sections, singles.section(), CLOSING])) + "\n"


def _section(part: str, done: Done) -> str:
    title, note = PART_NOTES[part]
    sizes = _sizes(cell.studies for cell, _, _ in done)
    text = [f"## {title}", f"{note} {sizes} studies a cell."]
    for layout in [name for name in LAYOUTS if any(cell.layout == name for cell, _, _ in done)]:
        shown = _shown(one for one in done if one[0].layout == layout)
        seeds = sorted({n for row in shown.values() for found in row.values() for n in found})
        entries = f"entries are for {' / '.join(map(str, seeds))} seeds"
        text += [f"**{layout[0].upper()}{layout[1:]}**, wrong answers in %; {entries}.", _table(shown, seeds, _percent)]
        if any(one.widths for row in shown.values() for found in row.values() for one in found.values()):
            text += ["Mean widths of the 95 % intervals, points.", _table(shown, seeds, _width)]
    return "\n\n".join(text)


def _sizes(studies: Iterable[int]) -> str:
    return " or ".join(f"{size:,}" for size in sorted(set(studies), reverse=True))


def _shown(done: Iterable[tuple[GridCell, list[Tally], float]]) -> Shown:
    found: Shown = {}
    for cell, tallies, _ in done:
        for one in tallies:
            row = found.setdefault((cell.layout, _generator(cell), one.method), {})
            row.setdefault(one.contrast, {})[cell.seeds] = one
    return found


def _generator(cell: GridCell) -> str:
    only = "" if cell.counts == COUNTS else f", only counts 0 and {', '.join(map(str, cell.counts))}"
    return GENERATORS[cell.generator].about + only


def _table(shown: Shown, seeds: Sequence[int], entry: Entry) -> str:
    contrasts = list(dict.fromkeys(name for row in shown.values() for name in row))
    head = ["generator", "method", *contrasts]
    lines = [_line(head), _line(["---"] * len(head))]
    for (_, generator, method), row in sorted(shown.items(), key=lambda item: METHOD_ORDER.get(item[0][2], LAST)):
        triples = [_triple(row.get(name, {}), seeds, entry) for name in contrasts]
        if set("".join(triples)) - set(f"{NOTHING} /"):
            lines.append(_line([generator, method, *triples]))
    return "\n".join(lines)


def _triple(by_seeds: dict[int, Tally], seeds: Sequence[int], entry: Entry) -> str:
    found = [entry(by_seeds[n]) if n in by_seeds else NOTHING for n in seeds]
    return " / ".join(found) if set(found) != {NOTHING} else NOTHING


def _percent(one: Tally) -> str:
    """Percent; in brackets the share of studies without a test, where it is not nothing."""
    share = 100 * one.untested / one.asked
    return f"{one.percent:.1f}" + (f" ({share:.1f} untested)" if share >= SHOWN_SHARE else "")


def _width(one: Tally) -> str:
    return f"{one.mean_width:.2f}" if one.widths else NOTHING


def _line(entries: Iterable[str]) -> str:
    escaped = [entry.replace("|", "\\|") for entry in entries]
    return f"| {' | '.join(escaped)} |"


def _bands(done: Done) -> str:
    """Which entries of the default lie outside their band."""
    checked = [
        (cell, one)
        for cell, tallies, _ in done
        for one in tallies
        if one.asked >= JUDGED and (one.method == DEFAULT or one.method.startswith("product, scope these"))
        if cell.part != OTHER_TRUTH
    ]
    out = [(cell, one) for cell, one in checked if not _within(cell, one)]
    lines = [f"- {cell.key}: {one.method}, {one.contrast} {one.percent:.1f} ± {one.error:.1f} %" for cell, one in out]
    verdict = (
        f"{len(checked) - len(out)} of the {len(checked)} entries of the default that rest on {JUDGED:,} studies or "
        "more lie within their band. The others, with their Monte-Carlo errors:"
    )
    return "\n".join(["## The default against its bands", "", verdict, *(["", *lines] if lines else [])])


def _within(cell: GridCell, one: Tally) -> bool:
    if GENERATORS[cell.generator].meets and cell.counts == COUNTS:
        return NARROW[0] <= one.percent <= NARROW[1]
    return one.percent <= WIDE
