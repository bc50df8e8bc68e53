"""What two studies are, fact by fact."""

from collections.abc import Mapping

import pandas as pd

from xtransfer_stats.stats.core.design import describe
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.signature import data_hash

DIFFERS_COLUMNS = ("fact", "a", "b", "differs")


def differs(a: Prepared, b: Prepared, settings: tuple[Mapping[str, str], Mapping[str, str]]) -> pd.DataFrame:
    """fact, a, b, differs: as text, a fact a row; settings are further facts, shown where they differ."""
    first, second = facts(a), facts(b)
    rows = [(name, first[name], second[name]) for name in first]
    left, right = settings
    for name in sorted(left.keys() | right.keys()):
        mine, other = left.get(name, ""), right.get(name, "")
        if mine != other:
            rows.append((name, mine, other))
    found = [(name, mine, other, mine != other) for name, mine, other in rows]
    return pd.DataFrame(found, columns=list(DIFFERS_COLUMNS))


def facts(study: Prepared) -> dict[str, str]:
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
