"""Contrasts of means, of slopes and of contrasts: pairs, against a reference, neighbours, or weights of one's own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.postfit.adjustments import ADJUSTMENTS
from xtransfer_stats.mixedmodels.postfit.estimates import LinearEstimates, level_text
from xtransfer_stats.mixedmodels.randomterms import Array

Coefficients = Mapping[str, Sequence[float]]
# Kind of contrast -> its adjustment unless another is asked for, as emmeans has them.
USUAL = {"pairwise": "tukey", "reference": "mvt", "consecutive": "mvt"}
ALIASES = {"dunnett": "mvt"}
MOST_CONTRASTS = 2000
SUMS_TO_ZERO = 1e-10


def contrasts(
    of: LinearEstimates,
    kind: str | Coefficients = "pairwise",
    *,
    adjust: str | None = None,
    reference: Any = None,
    by: tuple[str, ...] | None = None,
) -> LinearEstimates:
    """Contrasts of the rows within each family.

    kind: "pairwise" (earlier less later), "reference" (each less one: `reference`, or the first), "consecutive" (each
    less the one before) or weights by name, one a row. adjust: tukey, mvt (dunnett), holm, bonferroni, sidak, bh or
    none; by default tukey for pairs, mvt for a reference and neighbours, none for one's own. by: labels that part the
    rows into families, in place of the estimates' own. Raises FitError for what does not apply.
    """
    within = of.by if by is None else by
    _require_labels(of, within)
    adjustment = _adjustment(kind, adjust)
    if reference is not None and kind != "reference":
        raise FitError("reference goes with contrasts of kind 'reference': leave it out")
    parted = _renamed(replace(of, by=within))
    parts = [_of_family(parted, places, kind, reference) for places in parted.families()]
    labels = pd.concat([part[0] for part in parts], ignore_index=True)
    C = np.vstack([part[1] for part in parts])
    if not len(C):
        raise FitError(
            f"contrasts of the {parted.subject}: there is one row to a family; name a factor, or give several values "
            "by at",
            ["contrasts", "at"],
        )
    if of.back is not None and (not of.back.ratios or np.any(np.abs(C.sum(axis=1)) > SUMS_TO_ZERO)):
        raise FitError(
            f"back: contrasts of {of.back.name}({of.back.of}) have no meaning as ratios of {of.back.of}"
            f"{'' if of.back.ratios else ', as only those of logarithms have'}; leave out back for the model's scale",
            ["back:"],
        )
    compared = max(len(places) for places in parted.families()) if kind == "pairwise" else 0
    notes = tuple(note for note in of.notes if not note.startswith("on the scale"))
    made = replace(
        of, kind="contrasts", labels=labels, by=parted.by, L=_combined(C, of.L), offset=_combined(C, of.offset)
    )
    return replace(made, notes=(*notes, *_scale_note(of)), adjustment=adjustment, compared=compared)


def _renamed(of: LinearEstimates) -> LinearEstimates:
    """Contrasts of contrasts: the first ones make way for the label of the second."""
    names = {"contrast": "of contrast"}
    return replace(of, labels=of.labels.rename(columns=names), by=tuple(names.get(name, name) for name in of.by))


def _scale_note(of: LinearEstimates) -> Iterator[str]:
    if of.back is not None:
        yield f"ratios of {of.back.of}, tested as differences of {of.back.name}({of.back.of})"
    else:
        yield from (note for note in of.notes if note.startswith("on the scale"))


def _combined(C: Array, values: Array) -> Array:
    """C @ values; NaN only where a row that has weight is NaN."""
    missing = np.isnan(values).reshape(len(values), -1).any(axis=1)
    out = C @ np.nan_to_num(values)
    out[np.any((C != 0) & missing, axis=1)] = np.nan
    return np.asarray(out)


def _adjustment(kind: str | Coefficients, adjust: str | None) -> str:
    usual = USUAL.get(kind, "none") if isinstance(kind, str) else "none"
    name = usual if adjust is None else ALIASES.get(str(adjust).lower(), str(adjust).lower())
    if name not in ADJUSTMENTS:
        known = (*ADJUSTMENTS, *ALIASES)
        raise FitError(f"adjust {shown(adjust)}: {nearest(str(adjust), known)}choose {', '.join(known)}", ["adjust"])
    if name == "tukey" and kind != "pairwise":
        raise FitError("adjust tukey is for all pairs alone: choose mvt, holm or another", ["adjust tukey"])
    return name


def _require_labels(of: LinearEstimates, by: tuple[str, ...]) -> None:
    for name in by:
        if name not in of.labels:
            raise FitError(f"by {shown(name)}: the rows have {', '.join(of.labels)}")


def _of_family(
    of: LinearEstimates, places: np.ndarray, kind: str | Coefficients, reference: Any
) -> tuple[pd.DataFrame, Array]:
    """Labels and weights (c, all rows) of the contrasts of one family."""
    rows = of.labels.iloc[places]
    own = rows.drop(columns=[name for name in (*of.by, "slope of") if name in rows])
    names = [" ".join(map(level_text, one)) for one in own.itertuples(index=False, name=None)]
    found = list(_written(of, names, kind, reference))
    C = np.zeros((len(found), len(of.labels)))
    C[:, places] = [weights for _, weights in found] if found else np.zeros((0, len(places)))
    labels = pd.DataFrame({"contrast": [name for name, _ in found]})
    for name in of.by:
        labels[name] = [rows[name].iloc[0]] * len(found)
    return labels, C


def _written(
    of: LinearEstimates, names: list[str], kind: str | Coefficients, reference: Any
) -> Iterator[tuple[str, Array]]:
    if not isinstance(kind, str):
        yield from _own(names, kind)
        return
    if kind not in USUAL:
        raise FitError(
            f"contrasts {shown(kind)}: {nearest(kind, USUAL)}choose {', '.join(USUAL)}, or give weights", ["contrasts"]
        )
    if len(names) * (len(names) - 1) // 2 > MOST_CONTRASTS and kind == "pairwise":
        raise FitError(
            f"contrasts pairwise of {len(names)} rows are more than {MOST_CONTRASTS}: choose some levels by at, or "
            "take reference",
            ["contrasts", "at"],
        )
    joint, identity = (" / " if of.back else " - "), np.eye(len(names))
    for first, second in _PAIRS[kind](names, reference):
        yield f"{_bracketed(names[first])}{joint}{_bracketed(names[second])}", identity[first] - identity[second]


def _bracketed(name: str) -> str:
    """A name that holds a sign of its own in brackets, as a contrast of contrasts does."""
    return f"({name})" if " - " in name or " / " in name else name


def _pairs(names: list[str], reference: Any) -> Iterator[tuple[int, int]]:
    yield from combinations(range(len(names)), 2)


def _against(names: list[str], reference: Any) -> Iterator[tuple[int, int]]:
    text = names[0] if reference is None else level_text(reference)
    if text not in names:
        known = f"{nearest(text, names)}choose {', '.join(names[:20])}"
        raise FitError(f"reference {shown(reference)} is no row: {known}")
    place = names.index(text)
    yield from ((i, place) for i in range(len(names)) if i != place)


def _neighbours(names: list[str], reference: Any) -> Iterator[tuple[int, int]]:
    yield from ((i + 1, i) for i in range(len(names) - 1))


_PAIRS: dict[str, Callable[[list[str], Any], Iterator[tuple[int, int]]]] = {
    "pairwise": _pairs,
    "reference": _against,
    "consecutive": _neighbours,
}


def _own(names: list[str], kind: Coefficients) -> Iterator[tuple[str, Array]]:
    for name, weights in kind.items():
        try:
            values = np.asarray(weights, dtype=float)
        except (TypeError, ValueError):
            values = np.full(1, np.nan)
        if values.shape != (len(names),) or not np.all(np.isfinite(values)) or not np.any(values):
            raise FitError(
                f"contrasts {shown(name)}: give {len(names)} weights, not all zero, one for each of "
                f"{', '.join(names[:20])}",
                ["contrasts"],
            )
        yield str(name), values
