"""What a published table says to a claim: single runs, so only spreads between intermediate tasks can be tested."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from xtransfer_stats.stats.claims.claim import CONTRAST, Claim, ClaimPart, Evidence, lacks_set
from xtransfer_stats.stats.core.inference import Array, single
from xtransfer_stats.stats.published.estimates import NO_BASELINE, PLAIN, over_settings, variant_differences
from xtransfer_stats.stats.published.gains import Gains


def evidence(claim: Claim, gains: Gains) -> Evidence:
    """The parts of a claim, or why this table has none."""
    return BUILDERS[claim.about](claim, gains)


def _position(claim: Claim, gains: Gains, variant: str) -> int | None:
    wanted = sorted(claim.set)
    named = [sorted(name.split("+")) for name in gains.settings["task_set"]]
    same = [i for i in gains.of(variant, single=False) if named[i] == wanted]
    return same[0] if same else None


def _absent(claim: Claim, gains: Gains) -> str:
    """Which of the claim's target tasks the table lacks; "" for none."""
    absent = [task for task in claim.tasks if task not in gains.tasks]
    return f"{', '.join(absent)} not in the table" if absent else ""


def _of_set(claim: Claim, gains: Gains) -> Evidence:
    place = _position(claim, gains, PLAIN)
    if place is None:
        return Evidence(claim, lacking=lacks_set(claim))
    part = ClaimPart(f"gain of {gains.settings.index[place]}", single(float(gains.averages[place]), n_runs=2))
    return Evidence(claim, (part,), lacking="one run and one baseline: nothing tells the error of this gain")


def _best_count(claim: Claim, gains: Gains) -> Evidence:
    plain = gains.of(PLAIN, single=False)
    best = plain[gains.averages[plain].argmax()]
    why = "each setting is one run, so no difference between two of them has an error"
    ahead = f"the largest gain printed is that of {gains.settings.index[best]} ({gains.averages[best]:.2f})"
    here = _position(claim, gains, PLAIN)
    lacking = "" if here is not None else f"; no run was trained on all {len(claim.set)} tasks"
    return Evidence(claim, lacking=f"{why}{lacking}; {ahead}")


def _tasks_most(claim: Claim, gains: Gains) -> Evidence:
    if lacking := _absent(claim, gains):
        return Evidence(claim, lacking=lacking)
    values = gains.values[gains.of(PLAIN)]
    at = {task: values[:, i] for i, task in enumerate(gains.tasks)}
    parts = [
        _part(f"gain @ task {task} less {other}", at[task] - at[other])
        for task in claim.tasks
        for other in gains.tasks
        if other not in claim.tasks
    ]
    return Evidence(claim, tuple(parts), remark=_over(len(values)))


def _tasks(claim: Claim, gains: Gains) -> Evidence:
    if lacking := _absent(claim, gains):
        return Evidence(claim, lacking=lacking)
    values = gains.values[gains.of(PLAIN)]
    columns = [gains.tasks.index(task) for task in claim.tasks]
    parts = [_part(f"gain @ task {gains.tasks[i]}", values[:, i]) for i in columns]
    above = ", ".join(f"{int((values[:, i] > 0).sum())} of {len(values)}" for i in columns)
    return Evidence(claim, tuple(parts), remark=f"{_over(len(values))}; {above} gain")


def _best_per_task(claim: Claim, gains: Gains) -> Evidence:
    best = gains.values[gains.of(PLAIN, single=False)].max(axis=0).mean()
    why = "the best setting a task is picked by the scores it is then judged on, which inflates the gain"
    part = ClaimPart("mean over target tasks of the best gain", single(float(best), n_runs=len(gains.values) + 1))
    return Evidence(claim, (part,), lacking=f"{why}; and each is one run")


def _variants(claim: Claim, gains: Gains) -> Evidence:
    differences, named = variant_differences(gains, claim.variant)
    if not len(differences):
        return Evidence(claim, lacking=f"the table has no run of variant {claim.variant}")
    part = _part(f"average gain, plain less {claim.variant}", differences)
    ahead = f"plain is ahead in {int((differences > 0).sum())} of {len(named)} pairs; the baseline cancels"
    return Evidence(claim, (part,), remark=ahead)


def _interaction(claim: Claim, gains: Gains) -> Evidence:
    return Evidence(claim, lacking="one benchmark, one run a setting and no seeds")


def _printed(claim: Claim, gains: Gains) -> Evidence:
    """A printed average against its own cells: arithmetic, whose only error is rounding."""
    place = _position(claim, gains, claim.variant or PLAIN)
    if place is None:
        return Evidence(claim, lacking="the table has no such run")
    number = single(float(gains.averages[place]), 0.0, n_runs=2)
    return Evidence(claim, (ClaimPart(f"mean of the cells of {gains.settings.index[place]}", number),))


def _contrast(claim: Claim, gains: Gains) -> Evidence:
    return Evidence(claim, lacking="it is a hypothesis on the runs of a study, and a printed table has none")


BUILDERS: Mapping[str, Callable[[Claim, Gains], Evidence]] = MappingProxyType(
    {
        "set": _of_set,
        "best count": _best_count,
        "tasks against others": _tasks_most,
        "tasks at each count": _tasks,
        "interaction": _interaction,
        "best per task": _best_per_task,
        "variants": _variants,
        "printed": _printed,
        CONTRAST: _contrast,
    }
)


def _part(hypothesis: str, values: Array) -> ClaimPart:
    return ClaimPart(hypothesis, over_settings(np.asarray(values)[:, None]))


def _over(settings: int) -> str:
    return f"Over {settings} intermediate tasks; {NO_BASELINE}"
