"""What the runs of a study say to a claim: parts by the run-level estimators of the headline."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from xtransfer_stats.stats.claims.alone import beside_singles, of_singles
from xtransfer_stats.stats.claims.asked import of_contrast
from xtransfer_stats.stats.claims.claim import CONTRAST, Claim, ClaimPart, Evidence, lacks_set
from xtransfer_stats.stats.claims.place import STAND_IN, place
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import gap_weights
from xtransfer_stats.stats.core.inference import Array, paired
from xtransfer_stats.stats.core.weights import task_weights
from xtransfer_stats.stats.runlevel.combination import combination, factored
from xtransfer_stats.stats.singles.scores import SingleScores


def evidence(claim: Claim, complete: CompleteScores, hangs: str = "", singles: SingleScores | None = None) -> Evidence:
    """The parts of a claim, or why this study has none.

    hangs: what is to be said of one on the interaction. singles: the study's runs on single tasks, which answer first
    what is about these.
    """
    if not complete.design.conditions.counted and claim.about != CONTRAST:
        return Evidence(claim, lacking="it speaks of intermediate tasks, and this study compares other conditions")
    alone = of_singles(claim, singles) if singles else None
    built = alone or BUILDERS[claim.about](claim, complete)
    if singles and claim.about == "best count" and (more := beside_singles(claim, singles)):
        built = Evidence(claim, (*built.parts, *more), remark=place(claim, singles)[2])
    return replace(built, remark=f"{built.remark}. {hangs}") if hangs and claim.about == "interaction" else built


def _of_set(claim: Claim, complete: CompleteScores) -> Evidence:
    """Gain of the runs of one task set over their seeds' baselines."""
    name, weights, remark = place(claim, complete)
    if weights is None:
        return Evidence(claim, lacking=remark)
    runs = complete.chains.runs.reset_index(drop=True)
    wanted = "+".join(sorted(claim.set))
    mine = runs["task_set"].map(lambda name: "+".join(sorted(name.split("+")))) == wanted
    if not mine.any():
        return Evidence(claim, lacking=lacks_set(claim))
    numbers = complete.chains.scores @ weights
    base = {runs["seed"][i]: numbers[i] for i in np.flatnonzero(runs["n_tasks"] == 0)}
    pairs = [(i, runs["seed"][i]) for i in np.flatnonzero(mine) if runs["seed"][i] in base]
    moments = paired(np.array([[numbers[i] - base[seed]] for i, seed in pairs]).reshape(-1, 1), 2 * len(pairs))
    return Evidence(claim, (ClaimPart(f"gain of {wanted} @ {name}", moments),), remark=remark)


def _best_count(claim: Claim, complete: CompleteScores) -> Evidence:
    """Effect at the count of the claim's set less that at each other count."""
    name, weights, remark = place(claim, complete)
    count, counts = len(claim.set), complete.design.counts
    others = [k for k in counts if k != count]
    if weights is None or count not in counts or not others:
        why = remark if weights is None else f"the study needs task count {count} and another one"
        return Evidence(claim, lacking=why)
    parts = [
        _contrast(complete, {count: 1.0, k: -1.0}, weights, f"effect({count}) - effect({k}) @ {name}") for k in others
    ]
    return Evidence(claim, tuple(parts), remark=remark)


def _tasks_most(claim: Claim, complete: CompleteScores) -> Evidence:
    """Effect on each of the claim's target tasks less that on every other one of the benchmark, at every count."""
    name, weights, remark = place(claim, complete)
    if weights is None:
        return Evidence(claim, lacking=remark)
    names = complete.cells.get_level_values("target_task")
    scored = sorted(set(names[weights > 0]))
    lacking = [task for task in claim.tasks if task not in scored]
    if lacking:
        return Evidence(claim, lacking=f"{', '.join(lacking)} not scored in {name}")
    means = {task: task_weights(task, complete.cells) for task in scored}
    parts = [
        _contrast(
            complete,
            {k: 1.0, 0: -1.0},
            means[task] - means[other],
            f"effect({k}) @ task {task} - effect({k}) @ task {other}",
        )
        for k in complete.design.counts
        for task in claim.tasks
        for other in scored
        if other not in claim.tasks
    ]
    return Evidence(claim, tuple(parts), remark=remark)


def _task_at_each_count(claim: Claim, complete: CompleteScores) -> Evidence:
    names = complete.cells.get_level_values("target_task")
    lacking = [task for task in claim.tasks if task not in set(names)]
    if lacking:
        return Evidence(claim, lacking=f"{', '.join(lacking)} not scored in every run")
    parts = [
        _contrast(complete, {k: 1.0, 0: -1.0}, task_weights(task, complete.cells), f"effect({k}) @ task {task}")
        for task in claim.tasks
        for k in complete.design.counts
    ]
    twins = any(name.endswith(STAND_IN) for name in complete.benchmarks)
    return Evidence(claim, tuple(parts), remark="Tested on embedded twins of the tasks" if twins else "")


def _interaction(claim: Claim, complete: CompleteScores) -> Evidence:
    if len(complete.benchmarks) != 2:
        return Evidence(claim, lacking=f"it is of two benchmarks, and the study has {', '.join(complete.benchmarks)}")
    gap = gap_weights(complete.benchmarks, complete.cells)
    counts = complete.design.counts
    parts = [_contrast(complete, {k: 1.0, 0: -1.0}, gap, f"interaction({k})") for k in counts]
    first, second = complete.benchmarks
    return Evidence(claim, tuple(parts), remark=f"{second} less {first}")


def _best_per_task(claim: Claim, complete: CompleteScores) -> Evidence:
    why = "picking the best drawn set a target task by the scores it is then judged on inflates the gain"
    return Evidence(claim, lacking=f"{why}; a study that trains each task alone can tell (`xstats run singles`)")


def _between_variants(claim: Claim, complete: CompleteScores) -> Evidence:
    variant = str(complete.frame["variant"].iloc[0])
    why = f"one study has one variant ({variant}), and this claim needs two: none and {claim.variant}"
    return Evidence(claim, lacking=f"{why}; give the second with --beside")


def _printed(claim: Claim, complete: CompleteScores) -> Evidence:
    return Evidence(claim, lacking="it speaks of a printed table")


BUILDERS: Mapping[str, Callable[[Claim, CompleteScores], Evidence]] = MappingProxyType(
    {
        "set": _of_set,
        "best count": _best_count,
        "tasks against others": _tasks_most,
        "tasks at each count": _task_at_each_count,
        "interaction": _interaction,
        "best per task": _best_per_task,
        "variants": _between_variants,
        "printed": _printed,
        CONTRAST: of_contrast,
    }
)


def _contrast(complete: CompleteScores, over_counts: Mapping[int, float], cells: Array, hypothesis: str) -> ClaimPart:
    levels = (0, *complete.design.counts)
    weights = factored(levels, np.outer([over_counts.get(level, 0.0) for level in levels], cells))
    moments = combination(complete, weights)
    return ClaimPart(hypothesis, moments, replace(weights, averaged=moments.averaged))
