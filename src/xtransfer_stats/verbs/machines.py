"""Results for machines: what `--json` prints, in JSON's own types."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from xtransfer_stats.stats.core.results import for_files, in_levels

if TYPE_CHECKING:
    from xtransfer_stats.stats.comparison.backbones.backbones import BackboneEffects
    from xtransfer_stats.stats.comparison.compare import Comparison
    from xtransfer_stats.stats.comparison.several.several import Several
    from xtransfer_stats.stats.core.results import Analysis, StudyFacts
    from xtransfer_stats.stats.published.analysis import PublishedAnalysis

TABLES = ("terms", "variance", "effect_sizes", "routes", "claims", "missing")
_FIT_KEYS = ("formula", "n", "criterion", "state", "fixed", "random", "residual_variance", "bootstrap")


def plain(value: Any) -> Any:
    """The value in JSON's own types; NaN and infinities, which JSON lacks, become null."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_text(value: Any) -> bytes:
    """A file of JSON."""
    return (json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False) + "\n").encode()


def _records(result: Any, *names: str) -> dict[str, Any]:
    """Tables of a result, a dictionary a row."""
    return {name: getattr(result, name).to_dict("records") for name in names}


def _fields(result: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(result, name) for name in names}


def analysis_json(analysis: "Analysis") -> dict[str, Any]:
    """An analysis for machines: `effects`, the rows of the result frame, and the fits.

    The keys of a fitted formula stand at the top too: those of the cell-level model, or of the runs' where a
    study has too few seeds for one.
    """
    from xtransfer_stats.stats.diagnostics.diagnose import for_machines

    compared = analysis.facts.conditions
    main: dict[str, Any] = dict.fromkeys(_FIT_KEYS) | {"fixed": [], "random": []}
    main |= {key: value for key, value in analysis.fits[-1].items() if key in _FIT_KEYS}
    return plain(
        main
        | {"facts": facts_json(analysis.facts), "answer": analysis.answer}
        | {"effects": for_files(analysis.results, compared).to_dict("records")}
        | {name: _leveled(getattr(analysis, name), analysis) for name in TABLES}
        | ({"checks": [asdict(one) for one in analysis.checks]} if analysis.checks else {})
        | (_records(analysis, "ranking") if len(analysis.ranking) else {})
        | ({"singles": _records(analysis.singles, "gains", "best", "sets")} if len(analysis.singles.gains) else {})
        | {"fits": list(analysis.fits)}
        | {"diagnostics": for_machines(analysis.diagnostics, compared) if analysis.diagnostics else None}
        | {"notes": list(analysis.notes), "signature": analysis.signature}
    )


def _leveled(table: Any, analysis: "Analysis") -> list[dict[str, Any]]:
    """The rows of a table, their conditions by name."""
    rows: list[dict[str, Any]] = in_levels(table, analysis.facts.conditions).to_dict("records")
    return rows


def facts_json(facts: "StudyFacts") -> dict[str, Any]:
    """A study's facts; conditions and the measure stand there where they are no counts of intermediate tasks."""
    whole = asdict(facts)
    compared = {name: whole.pop(name) for name in ("conditions", "measure", "apart")}
    found = facts.conditions
    if found.counted:
        return whole
    for name in ("variant", "control", "counts", "official"):  # facts of a study of ours alone
        whole.pop(name)
    levels = [{"level": found.label(code), "called": found.called(code)} for code in (0, *facts.counts)]
    said = {"kind": str(found.kind), "treatment": found.treatment, "levels": levels}  # the baseline first
    return {**whole, "conditions": said, "measure": compared["measure"], "seeds_apart": compared["apart"]}


def published_json(analysis: "PublishedAnalysis") -> dict[str, Any]:
    """A published table's analysis for machines, under the keys of a study's."""
    words = _fields(analysis, "study", "backbone", "source", "answer", "methods", "signature")
    rows = _records(analysis, "gains", "variance", "claims") | {
        "effects": for_files(analysis.results).to_dict("records")
    }
    return plain(words | rows | {"notes": list(analysis.notes), "fits": list(analysis.fits)})


def comparison_json(comparison: "Comparison") -> dict[str, Any]:
    """A comparison for machines: `results`, the rows of A, B and B - A, and what stands beside them."""
    both = (("a", comparison.a), ("b", comparison.b))
    sides = {name: asdict(side) | {"facts": facts_json(side.facts)} for name, side in both}
    facts = _fields(comparison, "paired", "counts", "seeds", "n_cells", "alpha", "answer", "notes", "signature")
    return plain(sides | facts | _records(comparison, "differs", "results"))


def several_json(found: "Several") -> dict[str, Any]:
    """Several studies for machines: `results`, the rows of each and of the mean, and `spread`."""
    facts = _fields(found, "names", "crossed", "factor", "counts", "seeds", "n_cells", "alpha", "answer", "notes")
    studies = [facts_json(one) for one in found.facts]
    return plain(
        {"studies": studies} | facts | _records(found, "differs", "results", "spread") | _fields(found, "signature")
    )


def backbones_json(found: "BackboneEffects") -> dict[str, Any]:
    """Several backbones for machines: `results`, the rows of each and of each pair, and what stands beside them."""
    paired = [{"backbone": b, "minus": a, "paired": one.paired} for (a, b), one in found.how.items()]
    words = _fields(found, "study", "names", "counts", "n_cells", "alpha", "answer", "notes")
    backbones = [facts_json(one) for one in found.facts]
    tables = _records(found, "differs", "results")
    return plain({"backbones": backbones, "pairs": paired} | words | tables | _fields(found, "signature"))
