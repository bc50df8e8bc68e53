"""Which steps of a plan serve more than one run, or more than one benchmark."""

from collections.abc import Mapping

from xtransfer_stats.study.plan import Plan


def users(plan: Plan) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Step key -> the runs and the benchmarks whose scores need it."""
    found: dict[str, tuple[set[str], set[str]]] = {key: (set(), set()) for key in plan.steps}
    cells = plan.recipe.cells()
    for (run, target), evaluations in plan.scores.items():
        for key, languages in evaluations:
            served = {name for name, tasks in cells.items() if set(languages).intersection(tasks.get(target, ()))}
            found[key][0].add(run)
            found[key][1].update(served)
    for key in reversed(list(plan.steps)):  # children stand after their parents
        for parent in plan.steps[key].parents.values():
            found[parent][0].update(found[key][0])
            found[parent][1].update(found[key][1])
    return {key: (frozenset(runs), frozenset(names)) for key, (runs, names) in found.items()}


def shared(plan: Plan) -> Mapping[str, int]:
    """Number of steps that serve several runs, several benchmarks, and either."""
    used = users(plan).values()
    return {
        "runs": sum(len(runs) > 1 for runs, _ in used),
        "benchmarks": sum(len(names) > 1 for _, names in used),
        "either": sum(len(runs) > 1 or len(names) > 1 for runs, names in used),
    }
