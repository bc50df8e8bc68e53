"""Hours of a study's baseline and treated runs, from its plan: what planning another study costs."""

from collections import defaultdict
from statistics import mean

from xtransfer_stats.stats.power.plans import RunHours
from xtransfer_stats.store.survey import Survey
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.study.sharing import users


def run_hours(plan: Plan, survey: Survey) -> RunHours:
    """Hours a run by task count; steps that runs of several seeds share are counted once.

    A step that several runs of one seed share is divided between them. Costs are the survey's: measured in its store
    where it has steps of that kind, else the estimate that a dry run shows.
    """
    seeds = {run.name: run.seed for run in plan.runs}
    hours: dict[str, float] = dict.fromkeys(seeds, 0.0)
    once = 0.0
    for key, (runs, _) in users(plan).items():
        cost = survey.costs[plan.steps[key].kind][0] / 3600
        if len({seeds[name] for name in runs}) > 1:
            once += cost
            continue
        for name in runs:
            hours[name] += cost / len(runs)
    return _by_count(plan, hours, once, survey)


def _by_count(plan: Plan, hours: dict[str, float], once: float, survey: Survey) -> RunHours:
    groups = defaultdict(list)
    for run in plan.runs:
        groups[run.n_tasks].append(hours[run.name])
    means = {count: mean(values) for count, values in groups.items()}
    unit = "GPU hours" if survey.assumptions else "hours of one worker"
    source = "the store's own steps" if all(survey.measured.values()) else "the estimate of a dry run"
    baseline = means.pop(0, 0.0)
    return RunHours(baseline, means, once, unit, f"{source}, recipe {plan.recipe.study.name}")
