"""From the scores of two studies to everything that a comparison says."""

from collections.abc import Mapping

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.comparison.common import Common, common
from xtransfer_stats.stats.comparison.estimates import A, B, comparison_rows
from xtransfer_stats.stats.comparison.notes import answer, comparison_notes
from xtransfer_stats.stats.comparison.pairing import Pairing, paired_chains, pairing
from xtransfer_stats.stats.comparison.result import Compared, Comparison
from xtransfer_stats.stats.core.complete import CompleteScores, complete_scores, study_facts
from xtransfer_stats.stats.core.design import Layout, describe
from xtransfer_stats.stats.core.inference import named
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.signature import data_hash, one_line, signature
from xtransfer_stats.stats.runlevel.runlevel import CROSSED_FORMULA, NESTED_FORMULA

DIFFERS_COLUMNS = ("fact", "a", "b", "differs")


def differs(
    a: CompleteScores, b: CompleteScores, settings: tuple[Mapping[str, str], Mapping[str, str]]
) -> pd.DataFrame:
    """fact, a, b, differs: as text, a fact a row; settings are further facts, shown where they differ."""
    first, second = facts(a), facts(b)
    rows = [(name, first[name], second[name]) for name in first]
    left, right = settings
    for name in sorted(left.keys() | right.keys()):
        mine, other = left.get(name, ""), right.get(name, "")
        if mine != other:
            rows.append((name, mine, other))
    marked = [(name, mine, other, mine != other) for name, mine, other in rows]
    return pd.DataFrame(marked, columns=list(DIFFERS_COLUMNS))


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
        notes=comparison_notes(shared, how, results, seeds, alpha),
        signature=_signature(a, b, how, shared, alpha),
    )


def _complete(study: StudyScores) -> CompleteScores:
    try:
        return complete_scores(study.frame, study.benchmarks)
    except DataError as error:
        raise DataError(f"study {study.name}: {error}", error.arguments) from None


def _seeds(shared: Common, how: Pairing) -> tuple[int, ...]:
    tables = paired_chains(shared.a.chains, shared.b.chains) if how.paired else (shared.a.chains, shared.b.chains)
    return tuple(sorted({int(seed) for table in tables for seed in table.runs["seed"]}))


def _compared(study: StudyScores, complete: CompleteScores, rows: pd.DataFrame, alpha: float) -> Compared:
    design, method = complete.design, str(rows["method"].iloc[0])
    formula = NESTED_FORMULA if design.layout is Layout.NESTED else CROSSED_FORMULA
    line = signature(study.frame, design.seeds, design.layout, formula, method, alpha, study.looks)
    return Compared(study.name, study_facts(complete), line)


def _signature(a: StudyScores, b: StudyScores, how: Pairing, shared: Common, alpha: float) -> str:
    parts = {
        "compare": "paired" if how.paired else "independent",
        "a": data_hash(a.frame),
        "b": data_hash(b.frame),
        "counts": "+".join(map(str, shared.counts)),
        "cells": str(len(shared.cells)),
        "correction": named(("primary", "target tasks", "languages")),
        "alpha": f"{alpha:g}",
    }
    return one_line(parts)
