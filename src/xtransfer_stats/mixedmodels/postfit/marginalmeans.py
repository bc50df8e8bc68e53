"""Marginal means of factors, and slopes of covariates, at the reference grid: emmeans and emtrends of the R world."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.postfit.backtransform import back_transform
from xtransfer_stats.mixedmodels.postfit.estimates import LinearEstimates, level_text, require_undone
from xtransfer_stats.mixedmodels.postfit.fixedpart import FixedPart, fixed_part
from xtransfer_stats.mixedmodels.postfit.referencegrid import At, ReferenceGrid, reference_grid, require_predictors
from xtransfer_stats.mixedmodels.randomterms import Array

STEP = 1e-4  # of a covariate's range, to either side, that a slope is taken over
Names = str | Sequence[str]


def marginal_means(
    fitted: FormulaFit,
    of: Names,
    by: Names = (),
    *,
    method: str,
    at: At | None = None,
    weights: str = "equal",
    back: bool = False,
) -> LinearEstimates:
    """Expected responses at each combination of some predictors, averaged over the others.

    of: "a", "a:b", "a | c" (a within each level of c) or a list of names; by: names within which rows are one family.
    at: values of predictors, in place of all levels of a factor or the mean of a covariate. weights: of the levels
    averaged over, as ReferenceGrid.margins takes them. back: on the scale of the response that the formula transforms.
    """
    part = fixed_part(fitted)
    names, within = split_names(of, by)
    if not names:
        example = "give one or more, as in 'condition' or 'condition | language'"
        raise FitError(f"means {shown(of)} name no predictor: {example}", ["means"])
    require_predictors(part, [*names, *within], "means")
    grid = reference_grid(part, at)
    names, notes = _with_nests(grid, names, within)
    labels, W = grid.margins([*names, *within], weights)
    rows, undone = grid.rows(), back_transform(fitted)
    L, offset = _averaged(W, part.columns(rows)), _averaged(W, part.offset(rows))
    if back:
        require_undone(undone, fitted.formula)
    elif undone:
        notes += (f"on the scale of the model, {undone.name}({undone.of}); back gives {undone.of}",)
    notes += (*_mixed_notes(part, grid, [*names, *within]), *_outside(grid))
    held = _held(grid, [*names, *within], weights)
    scale = undone if back else None
    return LinearEstimates(
        fitted,
        part,
        "means",
        "marginal means",
        (*names, *within),
        labels,
        within,
        L,
        offset,
        method,
        held,
        notes,
        back=scale,
    )


def slopes(
    fitted: FormulaFit,
    of: str,
    by: Names = (),
    *,
    method: str,
    at: At | None = None,
    weights: str = "equal",
) -> LinearEstimates:
    """Slopes of a covariate at each combination of some factors, averaged over the others; of: "x" or "x | g".

    A covariate that enters by a curve has the slope at its mean, or at the values that `at` gives. Units of the
    response a unit of the covariate.
    """
    part = fixed_part(fitted)
    names, within = split_names(of, by)
    require_predictors(part, [*names, *within], "slopes")
    if len(names) != 1 or isinstance(part.frame[names[0]].dtype, pd.CategoricalDtype):
        raise FitError(f"slopes {shown(of)}: name one covariate, and after | factors, as in 'x | g'", ["slopes"])
    x, column = names[0], part.frame[names[0]]
    known = {x: [float(column.mean())]} | dict(at or {})
    grid = reference_grid(part, known)
    several = [x] if len(grid.values[x]) > 1 else []
    within, notes = _with_nests(grid, within, tuple(several))
    labels, W = grid.margins([*within, *several], weights)
    rows, step = grid.rows(), STEP * float(np.ptp(column))
    low, high = _around(rows[x], step, float(column.min()), float(column.max()))
    steps = (high - low).to_numpy()
    above, below = (rows.assign(**{x: values}) for values in (high, low))
    L = _averaged(W, (part.columns(above) - part.columns(below)) / steps[:, None])
    offset = _averaged(W, (part.offset(above) - part.offset(below)) / steps)
    held = _held(grid, [*within, *several, x], weights)
    if not several and _is_curved(part, x):
        held = "; ".join(filter(None, (f"at {x} = {grid.values[x][0]:.4g}", held)))
    labels.insert(0, "slope of", x)
    undone = back_transform(fitted)
    notes += (*_outside(grid), *([f"on the scale of the model, {undone.name}({undone.of})"] if undone else []))
    return LinearEstimates(
        fitted, part, "slopes", f"slopes of {x}", (*within, *several), labels, (), L, offset, method, held, notes
    )


def split_names(of: Names, by: Names = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the rows and of the families: of "a:b | c", or of two lists of names; backticks hold a name together."""
    for given in (of, by):
        if not isinstance(given, str | Sequence) or not all(isinstance(name, str) for name in given):
            raise FitError(f"names {shown(given)}: give a text such as 'a:b | c', or a list of names")
    left, right = _parted(of) if isinstance(of, str) else (tuple(of), ())
    after, more = _parted(by) if isinstance(by, str) else (tuple(by), ())
    return left, (*right, *after, *more)


def _parted(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pieces = re.findall(r"`[^`]*`|[^`|]+|\|", text)
    bars = [i for i, piece in enumerate(pieces) if piece == "|"]
    if len(bars) > 1:
        raise FitError(f"{shown(text)} has more than one |: write 'a:b | c:d', the families after the bar")
    cut = bars[0] if bars else len(pieces)
    return _names(pieces[:cut]), _names(pieces[cut + 1 :])


def _names(pieces: list[str]) -> tuple[str, ...]:
    """Names of text that : or + or * or a comma joins."""
    found: list[str] = []
    for piece in pieces:
        found += [piece[1:-1]] if piece.startswith("`") else re.split(r"[:+*,]", piece)
    return tuple(name.strip() for name in found if name.strip())


def _with_nests(
    grid: ReferenceGrid, names: tuple[str, ...], by: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the rows with those of the factors that they are nested in, and a note on each that was added."""
    notes = []
    for name in (*names, *by):
        added = tuple(outer for outer in grid.nests.get(name, ()) if outer not in (*names, *by))
        if added:
            names = (*names, *added)
            notes.append(f"{name} is nested in {' and '.join(added)}: each of its levels is named with theirs")
    return names, tuple(notes)


def _mixed_notes(part: FixedPart, grid: ReferenceGrid, names: list[str]) -> Iterator[str]:
    """That means are averaged over a factor which their own effect depends on."""
    averaged = {name for name in grid.values if name not in names and len(grid.values[name]) > 1}
    for term in part.terms:
        inside = set(getattr(term, "var_names", ()))
        over = sorted(inside & averaged - {outer for name in names for outer in grid.nests.get(name, ())})
        nested = all(set(grid.nests.get(name, ())) & set(names) for name in over)
        if inside & set(names) and over and not nested:
            yield (
                f"the model has {term.name}: what is averaged over {' and '.join(over)} here may differ between its "
                f"levels; '{':'.join(sorted(inside & set(names)))} | {':'.join(over)}' shows each"
            )
            return


def _outside(grid: ReferenceGrid) -> Iterator[str]:
    """That a covariate stands where no row does."""
    for name in grid.part.covariates:
        least, most = grid.part.frame[name].min(), grid.part.frame[name].max()
        for value in grid.values[name]:
            if not least <= value <= most:
                yield f"{name} = {value:g} lies outside the rows, which go from {least:g} to {most:g}"


def _averaged(W: Array, values: Array) -> Array:
    """W @ values, NaN where a margin has no weights."""
    return np.where(np.isnan(W).any(axis=1).reshape(-1, *[1] * (values.ndim - 1)), np.nan, np.nan_to_num(W) @ values)


def _around(x: pd.Series, step: float, least: float, most: float) -> tuple[pd.Series, pd.Series]:
    """A little below and above each value, within the rows' own range where the value is."""
    inside = x.between(least, most)
    return (x - step).where(~inside | (x - step > least), x), (x + step).where(~inside | (x + step < most), x)


def _is_curved(part: FixedPart, x: str) -> bool:
    """Whether a term holds the covariate by more than its plain value."""
    components = (one for term in part.terms for one in getattr(term, "components", ()) if x in one.var_names)
    return any(str(one.name) != x for one in components)


def _held(grid: ReferenceGrid, shown_names: Sequence[str], weights: str) -> str:
    """What the rows hold fixed and average over, in words."""
    others = {name: values for name, values in grid.values.items() if name not in shown_names}
    fixed = [f"{name} = {_value(values[0])}" for name, values in others.items() if len(values) == 1]
    averaged = [name for name, values in others.items() if len(values) > 1]
    numbers = [name for name in averaged if not isinstance(grid.part.frame[name].dtype, pd.CategoricalDtype)]
    spelled = [
        f"{name} ({', '.join(_value(v) for v in others[name])})" if name in numbers else name for name in averaged
    ]
    parts = [f"at {', '.join(fixed)}"] if fixed else []
    parts += [f"averaged over {', '.join(spelled)} with {weights} weights"] if averaged else []
    return "; ".join(parts)


def _value(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else level_text(value)
