"""Sets of tasks beside the single tasks that they hold: is a set better than its best member?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.inference import Array, Correction, adjusted
from xtransfer_stats.stats.core.rows import Row, moment_rows
from xtransfer_stats.stats.core.weights import cell_weights, restricted
from xtransfer_stats.stats.singles.leftout import Bracketed, bracketed, chosen, others_choice, over_seeds, own_choice
from xtransfer_stats.stats.singles.scores import SingleScores, TrainedSet

SET_COLUMNS = (
    "benchmark",
    "n_tasks",
    "n_sets",  # distinct ones
    "set_gain",  # of the sets over the baseline, points; means over seeds
    "member_gain",  # of their members alone, plain mean
    "best_member_gain",  # of the member that the other seeds choose
    "estimate",  # set less that member
    "std_error",
    "df",
    "conf_low",  # of set less its truly best member
    "conf_high",
    "p_value",
    "p_adjusted",  # Holm over the counts of a benchmark
    "over_members",  # set less the mean of its members
    "over_members_low",
    "over_members_high",
    "n_seeds",
    "method",
    "note",
)


@dataclass(frozen=True, eq=False)
class Beside:
    """Sets of one count beside their members, a number a seed, (S,); NaN where a seed lacks one.

    left_out, plain: gain of the best member by either choice. members: mean gain of the members.
    """

    sets: Array
    left_out: Array
    plain: Array
    members: Array

    @property
    def against_best(self) -> Bracketed:
        """Set less its best member; the plain choice flatters the member, so that it errs downwards here."""
        whole = self.sets - self.left_out
        return bracketed(whole, self.sets - self.plain, 2 * int((~np.isnan(whole)).sum()), upwards=False)


def set_table(scores: SingleScores, alpha: float) -> pd.DataFrame:
    """SET_COLUMNS: a row a benchmark and count of two tasks and more, on the benchmark's average."""
    parts = [_rows(scores, name, alpha) for name in scores.benchmarks]
    return pd.concat(parts, ignore_index=True)[list(SET_COLUMNS)]


def beside(scores: SingleScores, weights: Array, sets: Sequence[TrainedSet]) -> Beside:
    """Sets of one count beside their members on one weighted sum of cells (cells,).

    Several sets of a seed are averaged.
    """
    gains, base = scores.gains(weights[:, None])[:, :, 0], scores.base @ weights
    numbers = []
    for one in sets:
        allowed = np.broadcast_to(one.members, gains.shape)
        both = (chosen(gains, choose(gains, allowed))[one.seed] for choose in (others_choice, own_choice))
        own = one.scores @ weights - base[one.seed]
        numbers.append((own, *both, gains[one.seed, one.members].mean()))
    rows = pd.DataFrame(numbers, index=[one.seed for one in sets]).dropna()  # a set counts with all of its numbers
    return Beside(*rows.groupby(level=0).mean().reindex(range(len(scores.seeds))).to_numpy().T)


def set_gains(scores: SingleScores, weights: Array, sets: Sequence[TrainedSet]) -> Array:
    """Each seed's mean gain of its sets over its baseline, (S,); NaN for a seed without one."""
    own = pd.Series([one.scores @ weights - scores.base[one.seed] @ weights for one in sets])
    return own.groupby([one.seed for one in sets]).mean().reindex(range(len(scores.seeds))).to_numpy()


def _rows(scores: SingleScores, benchmark: str, alpha: float) -> pd.DataFrame:
    weights = cell_weights(restricted(scores.benchmarks[benchmark], scores.cells), scores.cells)
    counts = sorted({one.n_tasks for one in scores.sets})
    rows = [_row(scores, benchmark, weights, count, alpha) for count in counts]
    frame = pd.DataFrame(rows, columns=list(SET_COLUMNS))
    return frame.assign(p_adjusted=adjusted(frame["p_value"], Correction.HOLM))


def _row(scores: SingleScores, benchmark: str, weights: Array, count: int, alpha: float) -> Row:
    sets = [one for one in scores.sets if one.n_tasks == count]
    found = beside(scores, weights, sets)
    mean = over_seeds(found.sets - found.members, 0)
    low, high = mean.interval(alpha)
    named = {"benchmark": benchmark, "n_tasks": count, "n_sets": len({tuple(one.members) for one in sets})}
    kept = ~np.isnan(found.sets - found.left_out)
    return moment_rows(found.against_best, [named], alpha)[0] | {
        "set_gain": _mean(found.sets[kept]),
        "member_gain": _mean(found.members[kept]),
        "best_member_gain": _mean(found.left_out[kept]),
        "over_members": float(mean.estimate[0]),
        "over_members_low": float(low[0]),
        "over_members_high": float(high[0]),
        "n_seeds": int(kept.sum()),
    }


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else np.nan
