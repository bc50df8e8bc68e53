"""Captions, the star legend and what a study of this size can show at all."""

from xtransfer_stats.report import formats, select
from xtransfer_stats.stats.adjust import FAMILIES, Correction
from xtransfer_stats.stats.attain import attainability_note
from xtransfer_stats.stats.results import Analysis

STAR_LEGEND = "Stars: " + ", ".join(f"{mark} adjusted p < {level:g}" for level, mark in formats.STAR_LEVELS[::-1]) + "."
INTERVAL_NOTE = "Points on 0-100, 95 % intervals."
ONE_SEED = "No interval: one seed."
CORRECTIONS = {Correction.HOLM: "Holm", Correction.BH: "Benjamini-Hochberg, exploratory"}


def attainability(analysis: Analysis) -> str:
    """What stands before the stars: what these seeds can show at best."""
    n_seeds = len(analysis.facts.seeds)
    if n_seeds < 2:
        return f"{ONE_SEED} No test is possible, and no star is printed."
    return attainability_note(n_seeds, len(analysis.facts.counts), formats.STAR_LEVELS[-1][0])


def size(analysis: Analysis) -> str:
    """How large the study is: seeds, runs and cells."""
    facts = analysis.facts
    seeds, runs = _plural(len(facts.seeds), "seed"), _plural(facts.n_runs, "run")
    return f"{seeds}, {runs}, {_plural(facts.n_cells, 'cell')} a run"


def basis(analysis: Analysis, *terms: str) -> str:
    """Test, df method and families of correction behind rows of these terms."""
    found = select.rows(analysis, *terms)
    methods = sorted({str(method) for method in found["method"].dropna()} - {""})
    families = [_family(name) for name in sorted(set(found["family"]) - {""})]
    corrected = f"Adjusted p: {'; '.join(families)}" if families else "No adjusted p"
    return f"Error and df: {'; '.join(methods) or 'none'}. {corrected}."


def _family(name: str) -> str:
    correction = FAMILIES.get(name)
    return f"{CORRECTIONS[correction]}, within the family {name}" if correction else f"family {name}"


def interval(analysis: Analysis, *terms: str) -> str:
    """The line under a chart: what its bars are, or why there are none."""
    found = select.rows(analysis, *terms)
    if select.has_intervals(found):
        return INTERVAL_NOTE
    return ONE_SEED if len(analysis.facts.seeds) == 1 else "No interval could be estimated."


def caption(analysis: Analysis, opening: str, *terms: str) -> str:
    """A table's caption: what it shows, how large the study is, how error and p were got."""
    return f"{opening} {size(analysis)}. {interval(analysis, *terms)} {basis(analysis, *terms)}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"
