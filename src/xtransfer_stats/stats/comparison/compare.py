"""From the scores of two studies to everything that a comparison says, also to a claim on variants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.claims.claim import PLAIN, Claim, ClaimPart, Evidence
from xtransfer_stats.stats.claims.place import STAND_IN
from xtransfer_stats.stats.comparison.common import Common, common
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE, A, B, comparison_rows
from xtransfer_stats.stats.comparison.notes import answer, comparison_notes
from xtransfer_stats.stats.comparison.pairing import Pairing, paired_chains, pairing
from xtransfer_stats.stats.core.complete import CompleteScores, complete_scores, study_facts
from xtransfer_stats.stats.core.design import describe
from xtransfer_stats.stats.core.inference import named, single
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.scores import StudyScores, require_counted
from xtransfer_stats.stats.core.signature import data_hash, one_line, signature
from xtransfer_stats.stats.core.termtable import EFFECT
from xtransfer_stats.stats.runlevel.recipe import recipe


@dataclass(frozen=True)
class Compared:
    """One of the two studies: its name in tables, what it is, and the signature of its scores."""

    name: str
    facts: StudyFacts
    signature: str


@dataclass(frozen=True)
class Comparison:
    """Everything that a comparison found.

    differs: fact, a, b, differs: what the two studies are, where they agree and where not.
    results: side (A, B, "B - A") and the columns of the one result frame; points on 0-100.
    paired: whether the differences are of pairs. n_cells: cells that both studies have.
    """

    a: Compared
    b: Compared
    paired: bool
    counts: tuple[int, ...]
    seeds: tuple[int, ...]  # that the differences rest on; of both studies where these are independent
    n_cells: int
    alpha: float
    differs: pd.DataFrame
    results: pd.DataFrame
    answer: str
    notes: tuple[str, ...]
    signature: str


def evidence(claim: Claim, beside: Iterable[Comparison]) -> Evidence | None:
    """Effect of plain English less that of the claim's variant at each count; None where no comparison has both."""
    if claim.about != "variants":
        return None
    for comparison in beside:
        variants = comparison.a.facts.variant, comparison.b.facts.variant
        if set(variants) == {PLAIN, claim.variant}:
            sign = -1.0 if variants[0] == PLAIN else 1.0
            return _parts(claim, comparison, sign)
    return None


def _parts(claim: Claim, comparison: Comparison, sign: float) -> Evidence:
    places = [name for name in (claim.at, claim.at + STAND_IN) if name in comparison.a.facts.benchmarks]
    if not places:
        return Evidence(claim, lacking=f"the studies did not score {claim.at}")
    rows = comparison.results[(comparison.results["side"] == DIFFERENCE) & (comparison.results["term"] == EFFECT)]
    names = (comparison.a.name, comparison.b.name) if sign < 0 else (comparison.b.name, comparison.a.name)
    parts = [
        ClaimPart(
            f"{row.contrast}, {names[0]} less {names[1]}",
            single(sign * row.estimate, row.std_error, row.df, row.method, row.n_runs),
        )
        for row in rows[rows["benchmark"] == places[0]].itertuples()
    ]
    return Evidence(
        claim, tuple(parts), remark=f"Tested on {places[0]}, {comparison.n_cells} cells that both studies have"
    )


def differs(
    a: CompleteScores, b: CompleteScores, settings: tuple[Mapping[str, str], Mapping[str, str]]
) -> pd.DataFrame:
    """fact, a, b, differs: as text, a fact a row; settings are further facts, shown where they differ."""
    first, second = facts(a), facts(b)
    rows = [(name, first[name], second[name]) for name in first]
    left, right = settings
    further = [(name, left.get(name, ""), right.get(name, "")) for name in sorted(left.keys() | right.keys())]
    rows += [(name, mine, other) for name, mine, other in further if mine != other]
    marked = [(name, mine, other, mine != other) for name, mine, other in rows]
    return pd.DataFrame(marked, columns=["fact", "a", "b", "differs"])


def facts(study: CompleteScores) -> dict[str, str]:
    """Name, backbone, variant, control, benchmarks, design, size and data of a study."""
    row = study.frame.iloc[0]
    return {
        **{name: str(row[name]) for name in ("study", "backbone", "variant", "control")},
        "benchmarks": ", ".join(study.benchmarks),
        "task counts": ", ".join(map(str, study.design.counts)),
        "seeds": ", ".join(map(str, study.design.seeds)),
        "design": describe(study.design),
        "runs": str(len(study.table.runs)),
        "cells": str(len(study.cells)),
        "data": data_hash(study.frame),
    }


def compare(
    a: StudyScores,
    b: StudyScores,
    *,
    independent: bool = False,
    alpha: float = 0.05,
) -> Comparison:
    """Compare study B with study A: every difference is B less A, in points.

    independent: take the studies as independent whatever their designs.
    Raises DataError for frames that cannot be analysed or compared, and for a study with itself.
    """
    first, second = (_complete(one) for one in (a, b))
    shared = common(first, second)
    how = pairing(shared.a.chains, shared.b.chains, independent=independent)
    results = comparison_rows(shared, how, alpha)
    seeds = _seeds(shared, how)
    parts = {
        "compare": "paired" if how.paired else "independent",
        "a": data_hash(a.frame),
        "b": data_hash(b.frame),
        "counts": "+".join(map(str, shared.counts)),
        "cells": str(len(shared.cells)),
        "correction": named(("primary", "target tasks", "languages")),
        "alpha": f"{alpha:g}",
    }
    return Comparison(
        a=_compared(a, first, results[results["side"] == A], alpha),
        b=_compared(b, second, results[results["side"] == B], alpha),
        paired=how.paired,
        counts=shared.counts,
        seeds=seeds,
        n_cells=len(shared.cells),
        alpha=alpha,
        differs=differs(first, second, (a.settings, b.settings)),
        results=results,
        answer=answer(results, (a.name, b.name), "paired by seed" if how.paired else "taken as independent", alpha),
        notes=(*comparison_notes(shared, how, results, seeds, alpha), *said(a, b)),
        signature=one_line(parts),
    )


def said(*studies: StudyScores) -> tuple[str, ...]:
    """What was repaired or supposed in the studies' frames, each sentence with the study's name."""
    return tuple(f"{study.name}: {note}" for study in studies for note in study.notes)


def _complete(study: StudyScores) -> CompleteScores:
    require_counted(study, "a comparison of studies")
    try:
        complete = complete_scores(study.frame, study.benchmarks)
    except DataError as error:
        raise DataError(f"study {study.name}: {error}", error.arguments) from None
    # A comparison's averages are of the cells of both studies, and its notes say which these are.
    return replace(complete, benchmarks=complete.official)


def _seeds(shared: Common, how: Pairing) -> tuple[int, ...]:
    tables = paired_chains(shared.a.chains, shared.b.chains) if how.paired else (shared.a.chains, shared.b.chains)
    return tuple(sorted({int(seed) for table in tables for seed in table.runs["seed"]}))


def _compared(study: StudyScores, complete: CompleteScores, rows: pd.DataFrame, alpha: float) -> Compared:
    design, method = complete.design, str(rows["method"].iloc[0])
    formula = recipe(complete.chains.runs, design).formula
    line = signature(study.frame, design.seeds, design.layout, formula, method, alpha, study.looks)
    return Compared(study.name, study_facts(complete), line)
