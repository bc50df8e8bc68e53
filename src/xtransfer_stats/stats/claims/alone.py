"""What a study's runs on single tasks say to a claim: gains of one task, of the best, of sets beside them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from xtransfer_stats.stats.claims.claim import About, Claim, ClaimPart, Evidence
from xtransfer_stats.stats.claims.place import place
from xtransfer_stats.stats.core.inference import Array, Moments
from xtransfer_stats.stats.singles.best import best_per_task
from xtransfer_stats.stats.singles.leftout import over_seeds
from xtransfer_stats.stats.singles.members import set_gains
from xtransfer_stats.stats.singles.scores import SingleScores


def of_singles(claim: Claim, singles: SingleScores) -> Evidence | None:
    """The parts of a claim that single tasks answer; None for one that they do not."""
    if claim.about == "set" and (len(claim.set) != 1 or claim.set[0] not in singles.tasks):
        return None
    build = BUILDERS.get(claim.about)
    name, weights, remark = place(claim, singles)
    if build is None or weights is None:
        return None
    return build(claim, singles, name, weights, remark)


def _gain(claim: Claim, singles: SingleScores, name: str, weights: Array, remark: str) -> Evidence:
    """Gain of one task alone over the baseline of its seed."""
    task = claim.set[0]
    gains = singles.gains(weights[:, None])[:, singles.tasks.index(task), 0]
    return Evidence(claim, (ClaimPart(f"gain of {task} @ {name}", _paired(gains)),), remark=remark)


def _best_alone(claim: Claim, singles: SingleScores, name: str, weights: Array, remark: str) -> Evidence:
    """Mean over target tasks of the gain of each one's best task, chosen by other seeds than it is measured on."""
    moments = best_per_task(singles, name)
    plain = float(moments.above.estimate[0])
    how = f"Each seed's best tasks are chosen by the other seeds; chosen and judged on all seeds they gain {plain:.2f}"
    part = ClaimPart(f"gain of each target task's best single task @ {name}", moments)
    return Evidence(claim, (part,), remark=". ".join(filter(None, (how, remark))))


def beside_singles(claim: Claim, singles: SingleScores) -> tuple[ClaimPart, ...]:
    """The claim's set, all runs of its size, less each single task: it is best only if it gains more than any."""
    name, weights, _ = place(claim, singles)
    sets = [one for one in singles.sets if one.n_tasks == len(claim.set)]
    if weights is None or not sets:
        return ()
    own, gains = set_gains(singles, weights, sets), singles.gains(weights[:, None])[:, :, 0]
    return tuple(
        ClaimPart(f"effect({len(claim.set)}) - gain of {task} @ {name}", _paired(own - gains[:, column]))
        for column, task in enumerate(singles.tasks)
    )


def _paired(values: Array) -> Moments:
    return over_seeds(values, 2 * int((~np.isnan(values)).sum()))


Build = Callable[[Claim, SingleScores, str, Array, str], Evidence]
BUILDERS: Mapping[About, Build] = MappingProxyType({"set": _gain, "best per task": _best_alone})
