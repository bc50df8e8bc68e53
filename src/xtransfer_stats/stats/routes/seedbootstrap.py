"""The bootstrap over seeds: which intervals these seeds allow, and why the others are not offered."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import NOTHING_VARIES, Row, joined
from xtransfer_stats.stats.routes.blocks import Sampling, multiplicities, replicated
from xtransfer_stats.stats.routes.coverage import measured
from xtransfer_stats.stats.routes.intervals import INTERVALS, LEAST_SEEDS, Resampled, resampled, studentised_p
from xtransfer_stats.stats.routes.targets import Target

METHOD = "{} bootstrap over seeds"


def seed_weights(counts: set[int], sampling: Sampling) -> dict[int, Array]:
    """Multiplicities (replicates, seeds) by number of seeds; drawn once, so that all estimands share them."""
    return {n: replicated(partial(_draw, n), sampling) for n in sorted(counts) if n >= min(LEAST_SEEDS.values())}


def _draw(n: int, rng: np.random.Generator, size: int) -> Array:
    return multiplicities(rng, size, n)


def seed_rows(found: Sequence[Target], weights: dict[int, Array], alpha: float) -> list[Row]:
    """Three rows an estimand, one an interval; without limits, and with the reason, where it is not offered."""
    return [row for target in found for row in _rows(target, weights, alpha)]


def _rows(target: Target, weights: dict[int, Array], alpha: float) -> list[Row]:
    n = len(target.differences)
    sample = resampled(target.differences, weights[n]) if n in weights else None
    return [_row(target, name, sample, alpha) for name in INTERVALS]


def _row(target: Target, name: str, sample: Resampled | None, alpha: float) -> Row:
    n = len(target.differences)
    row = _bare(target, name)
    if sample is None or n < LEAST_SEEDS[name]:
        return {**row, "note": joined(row["note"], refusal(name, n))}
    if sample.std_error <= 1e-12 * max(1.0, float(np.abs(sample.sample).max())):
        return {**row, "std_error": 0.0, "note": joined(row["note"], NOTHING_VARIES)}
    low, high = INTERVALS[name](sample, alpha)
    p = studentised_p(sample) if name == "studentised" else np.nan
    note = joined(row["note"], measured(name, n), _lost(name, sample))
    return {**row, "std_error": sample.std_error, "p_value": p, "conf_low": low, "conf_high": high, "note": note}


def _bare(target: Target, name: str) -> Row:
    estimate = float(target.differences.mean()) if len(target.differences) else np.nan
    empty = dict.fromkeys(("std_error", "df", "statistic", "p_value", "conf_low", "conf_high"), np.nan)
    return {**target.label, **empty, "estimate": estimate, "method": METHOD.format(name), "n_runs": target.n_runs}


def refusal(name: str, seeds: int) -> str:
    """Why an interval is not offered, with its coverage where it was measured."""
    why = measured(name, seeds)
    return joined(f"no {name} interval: needs {LEAST_SEEDS[name]} seeds, here {seeds}", why)


def _lost(name: str, sample: Resampled) -> str:
    if name != "studentised" or not sample.degenerate:
        return ""
    return f"{sample.degenerate} of {len(sample.means)} replicates drew one seed only and are left out"
