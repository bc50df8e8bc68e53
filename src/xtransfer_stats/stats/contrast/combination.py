"""Any weights over task counts and cells, answered from the runs' own numbers."""

import numpy as np

from xtransfer_stats.stats.design import Layout
from xtransfer_stats.stats.inference import Array, Moments, satterthwaite_df
from xtransfer_stats.stats.prepare import Prepared
from xtransfer_stats.stats.runlevel import MEAN_SQUARES, SHARED_SETS, paired

NO_ROUTE = "a crossed study with missing chains: no method for this hypothesis; re-issue `xstats run` to complete it"


def combination(prepared: Prepared, weights: Array) -> Moments:
    """The sum over counts and cells of weight times mean; weights (1 + counts, cells), row 0 the baseline.

    Nested: t of each seed's own combination, seeds - 1 df. Crossed: mean squares of task sets plus the
    variance over seeds of what they leave, Satterthwaite (1946). NaN errors where no method holds.
    """
    levels = [0, *prepared.design.counts]
    used = [i for i, row in enumerate(weights) if np.abs(row).max() > 1e-12]
    by_seed = np.array([_seed_means(prepared, levels[i], weights[i]) for i in used])
    own = by_seed.sum(axis=0)
    n_runs = _n_runs(prepared, [levels[i] for i in used], np.isfinite(own))
    sampled = [i for i in used if levels[i] in prepared.design.sampled]
    if prepared.design.layout is Layout.INCOMPLETE:
        nan = np.full(1, np.nan)
        return Moments(np.array([np.nanmean(by_seed, axis=1).sum()]), nan, nan, "none", n_runs, NO_ROUTE)
    if prepared.design.layout is Layout.CROSSED and sampled:
        return _mean_squares(prepared, weights, used, own, n_runs)
    found = paired(own[np.isfinite(own)][:, None], n_runs)
    shared = any(levels[i] in prepared.design.shared for i in used)
    note = "; ".join(part for part in (found.note, SHARED_SETS if shared else "") if part)
    return Moments(found.estimate, found.std_error, found.df, found.method, n_runs, note)


def _mean_squares(prepared: Prepared, weights: Array, used: list[int], own: Array, n_runs: int) -> Moments:
    levels, seeds = [0, *prepared.design.counts], len(prepared.design.seeds)
    parts, dfs = [], []
    pattern = _one_pattern(weights)
    if pattern is not None:
        over_counts, over_cells = pattern
        square, df = _set_square(prepared, [over_cells] * len(prepared.design.sampled), prepared.design.sampled)
        share = sum(over_counts[i] ** 2 / len(prepared.design.sets[levels[i]]) for i in used if _drawn(prepared, i))
        parts, dfs = [square * share / seeds], [df]
        left = _left_over(prepared, over_counts, over_cells, used)
    else:
        # Each count has cells of its own here: nothing can be pooled, and the seeds' part counts the residual twice.
        for i in (i for i in used if _drawn(prepared, i)):
            square, df = _set_square(prepared, [weights[i]], [levels[i]])
            parts.append(square / (seeds * len(prepared.design.sets[levels[i]])))
            dfs.append(df)
        left = own
    if left is not None:
        parts.append(left.var(ddof=1) / seeds if seeds > 1 else np.nan)
        dfs.append(float(seeds - 1))
    variances, known = np.array(parts)[:, None], min(dfs) > 0
    error = np.sqrt(variances.sum(axis=0)) if known else np.full(1, np.nan)
    df = satterthwaite_df(variances, np.array(dfs)[:, None]) if known else np.full(1, np.nan)
    note = "" if known else "one seed or one task set only: no replicate, so no error"
    return Moments(np.array([own.mean()]), error, df, MEAN_SQUARES, n_runs, note)


def _one_pattern(weights: Array) -> tuple[Array, Array] | None:
    """(over counts, over cells) of weights that are their product and sum to zero over counts, else None."""
    first = weights[np.abs(weights).max(axis=1).argmax()]
    over_counts = weights @ first / (first @ first)
    product = np.allclose(np.outer(over_counts, first), weights, atol=1e-12)
    return (over_counts, first) if product and abs(over_counts.sum()) < 1e-9 else None


def _left_over(prepared: Prepared, over_counts: Array, over_cells: Array, used: list[int]) -> Array | None:
    """Each seed's counts without sampled sets less its other treated runs; None where every count is sampled."""
    levels = [0, *prepared.design.counts]
    single = [i for i in used if not _drawn(prepared, i)]
    if not single:
        return None
    count = prepared.chains.runs["n_tasks"].to_numpy()
    rows = (count > 0) & ~np.isin(count, [levels[i] for i in single])
    numbers = prepared.chains.scores @ over_cells
    seed = prepared.chains.runs["seed"].to_numpy()
    others = np.array([numbers[rows & (seed == one)].mean() for one in prepared.design.seeds])
    alone = sum(over_counts[i] * _seed_means(prepared, levels[i], over_cells) for i in single)
    return np.asarray(alone - over_counts[single].sum() * others)


def _set_square(prepared: Prepared, weights: list[Array], counts: list[int] | tuple[int, ...]) -> tuple[float, float]:
    runs, total, df = prepared.chains.runs, 0.0, 0
    for row, count in zip(weights, counts, strict=True):
        mine = runs["n_tasks"].to_numpy() == count
        numbers, names = prepared.chains.scores[mine] @ row, runs["task_set"].to_numpy()[mine]
        means = np.array([numbers[names == name].mean() for name in np.unique(names)])
        total += len(prepared.design.seeds) * float(((means - means.mean()) ** 2).sum())
        df += len(means) - 1
    return (total / df if df else np.nan), float(df)


def _drawn(prepared: Prepared, level: int) -> bool:
    return level > 0 and prepared.design.counts[level - 1] in prepared.design.sampled


def _seed_means(prepared: Prepared, count: int, weights: Array) -> Array:
    """Each seed's mean number at a count, shape (seeds,); NaN for a seed without."""
    runs = prepared.chains.runs
    rows = runs["n_tasks"].to_numpy() == count
    numbers, seed = prepared.chains.scores[rows] @ weights, runs["seed"].to_numpy()[rows]
    mine = [numbers[seed == one] for one in prepared.design.seeds]
    return np.array([part.mean() if len(part) else np.nan for part in mine])


def _n_runs(prepared: Prepared, counts: list[int], whole: Array) -> int:
    runs = prepared.chains.runs
    seeds = [one for one, kept in zip(prepared.design.seeds, whole, strict=True) if kept]
    rows = runs["n_tasks"].isin(counts)
    if prepared.design.layout is not Layout.INCOMPLETE:
        rows &= runs["seed"].isin(seeds)
    return int(runs.loc[rows, "replicates"].sum())
