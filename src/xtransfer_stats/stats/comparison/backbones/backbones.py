"""From the scores of a study of several backbones to the effects by backbone and what these differ by.

Two backbones are two studies of the same seeds and task sets, so that each pair of them is compared as such: paired by
seed, the run the replicate unit (stats.comparison). The differences of all pairs are one family.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.models import short_names
from xtransfer_stats.stats.comparison.backbones.words import answer, notes
from xtransfer_stats.stats.comparison.common import Common
from xtransfer_stats.stats.comparison.compare import facts
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE, A, B, comparison_rows
from xtransfer_stats.stats.comparison.pairing import Pairing, pairing
from xtransfer_stats.stats.comparison.several.ground import Ground, ground
from xtransfer_stats.stats.comparison.several.several import differing_facts
from xtransfer_stats.stats.core.complete import CompleteScores, complete_scores, study_facts
from xtransfer_stats.stats.core.frame import BACKBONE, by_backbone
from xtransfer_stats.stats.core.inference import named, with_families
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.scores import StudyScores, require_counted
from xtransfer_stats.stats.core.signature import data_hash, one_line

MINUS = "minus"  # column of the results beside BACKBONE: whose effect is taken from its, "" for none


@dataclass(frozen=True)
class BackboneEffects:
    """Everything that an analysis of several backbones found; points on 0-100.

    names, facts: of the backbones, in the recipe's order. how: of each pair, whether and why it is paired by seed.
    differs: fact, a column a backbone, differs. results: BACKBONE, MINUS and the columns of the one result frame; a row
    of a difference has both, and is of `backbone` less `minus`.
    """

    study: str
    names: tuple[str, ...]
    facts: tuple[StudyFacts, ...]
    how: Mapping[tuple[str, str], Pairing]
    counts: tuple[int, ...]
    n_cells: int
    alpha: float
    differs: pd.DataFrame
    results: pd.DataFrame
    answer: str
    notes: tuple[str, ...]
    signature: str

    @property
    def differences(self) -> pd.DataFrame:
        """The rows of one backbone less another."""
        return self.results[self.results[MINUS] != ""]

    @property
    def own(self) -> pd.DataFrame:
        """The rows of single backbones."""
        return self.results[self.results[MINUS] == ""]


def backbone_effects(
    scores: StudyScores, settings: Mapping[str, Mapping[str, str]] = MappingProxyType({}), *, alpha: float = 0.05
) -> BackboneEffects:
    """Effects by backbone, and their differences, of scores whose frame has two backbones or more.

    settings: backbone -> facts that no frame holds, shown where they differ. Raises DataError for one backbone, and for
    frames that cannot be analysed.
    """
    require_counted(scores, "a comparison of backbones")
    frames = by_backbone(scores.frame)
    if len(frames) < 2:
        raise DataError(f"column backbone: {', '.join(frames)} alone; a comparison needs two or more")
    names = tuple(frames)
    whole = [_complete(name, frame, scores) for name, frame in frames.items()]
    shared = ground(whole, names, told_apart=True)
    pairs = list(combinations(range(len(names)), 2))
    how = {(names[i], names[j]): pairing(shared.studies[i].chains, shared.studies[j].chains) for i, j in pairs}
    results = _rows(shared, names, how, alpha)
    parts = {
        "backbones": "+".join(names),
        "data": data_hash(scores.frame),
        "counts": "+".join(map(str, shared.counts)),
        "cells": str(len(shared.cells)),
        "correction": named(("primary", "target tasks", "languages")),
        "alpha": f"{alpha:g}",
    }
    return BackboneEffects(
        study=str(scores.frame["study"].iloc[0]),
        names=names,
        facts=tuple(map(study_facts, whole)),
        how=how,
        counts=shared.counts,
        n_cells=len(shared.cells),
        alpha=alpha,
        differs=differing_facts([facts(one) for one in whole], [settings.get(name, {}) for name in names], names),
        results=results,
        answer=answer(results, short_names(names), how, alpha),
        notes=(*scores.notes, *notes(shared, short_names(names), how, results)),
        signature=one_line(parts),
    )


def _complete(name: str, frame: pd.DataFrame, scores: StudyScores) -> CompleteScores:
    try:
        complete = complete_scores(frame, scores.benchmarks)
    except DataError as error:
        raise DataError(f"backbone {name}: {error}", error.arguments) from None
    return replace(complete, benchmarks=complete.official)


def _rows(shared: Ground, names: Sequence[str], how: Mapping[tuple[str, str], Pairing], alpha: float) -> pd.DataFrame:
    """Every backbone's own rows, from the first pair that it is in, and those of all pairs, corrected as one family."""
    frames, told = [], set()
    for (a, b), paired in how.items():
        both = Common(shared.studies[names.index(a)], shared.studies[names.index(b)], ())
        rows = comparison_rows(both, paired, alpha)
        for side, name, minus in ((A, a, ""), (B, b, ""), (DIFFERENCE, b, a)):
            if minus or name not in told:
                own = rows[rows["side"] == side].drop(columns="side")
                own.insert(0, BACKBONE, name)
                own.insert(1, MINUS, minus)
                frames.append(own)
        told |= {a, b}
    return with_families(pd.concat(frames, ignore_index=True))
