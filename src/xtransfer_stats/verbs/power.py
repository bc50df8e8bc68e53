"""`power`: how many seeds and task sets a study needs, from a finished one or from stated variances."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.resources import STORE, nearest
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.stats.core.termtable import INTERACTION
from xtransfer_stats.stats.power.answers import PowerQuestion
from xtransfer_stats.stats.power.pilot import Studied, studied
from xtransfer_stats.stats.power.planning import Planning, planned
from xtransfer_stats.stats.power.plans import RunHours, StudyPlan, Variances, stated
from xtransfer_stats.stats.power.tables import PowerRequest
from xtransfer_stats.store.survey import Survey
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.study.recipe import load_recipe
from xtransfer_stats.study.versions import tolerant
from xtransfer_stats.tasks.benchmarks import benchmark_names
from xtransfer_stats.tasks.catalogue import NINE
from xtransfer_stats.verbs import machines
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.results import Progress, Result
from xtransfer_stats.verbs.scores import Held, held, read_scores

SEEDS = (3, 5, 10)


@dataclass(frozen=True, repr=False, eq=False)
class PowerResult(Result):
    """A study planned: what a design can find, what it costs. planning: its tables (stats.power.planning)."""

    planning: Planning

    @property
    def answer(self) -> str:
        """How many seeds find the effect."""
        return self.planning.notes[0]

    def frame(self) -> pd.DataFrame:
        """A row a design: seeds, sets, runs, power, detectable effect in points, hours."""
        return self.planning.designs

    @property
    def drawings(self) -> Mapping[str, Callable[[], Any]]:
        """Power, and the smallest effect found, by seeds."""
        from xtransfer_stats.report.charts.power import CHARTS

        return {name: partial(draw, self.planning) for name, draw in CHARTS.items()}

    def write(self, folder: str | Path, progress: Progress | None = None) -> list[Path]:
        """Write charts at every width, tables as CSV, and the notes."""
        from xtransfer_stats.report.write import write_planning

        return write_planning(self.planning, Path(folder))

    def to_dict(self) -> dict[str, Any]:
        """The question, and every table of the planning."""
        return machines.plain(self.planning.json())


@one_blas_thread()
def power(
    source: Any = STORE,
    *,
    effect: float = 1.0,
    estimand: str = "interaction",
    seeds: Sequence[int] | None = None,
    sets: Sequence[int] | None = None,
    tasks: Sequence[int] | None = None,
    crossed: bool | None = None,
    baselines: int | None = None,
    languages: Sequence[float] | None = None,
    sd_seed: float | None = None,
    sd_set: float | None = None,
    sd_run: float | None = None,
    sd_baseline: float | None = None,
    sd_seed_effect: float | None = None,
    sd_language: float | None = None,
    power: float = 0.8,
    alpha: float = 0.05,
    studies: int = 4000,
    seed: int = 2005,
    recipe: str | Path | None = None,
    hours_run: float | None = None,
    hours_baseline: float | None = None,
    study: str | None = None,
    backbone: str | None = None,
    benchmarks: tuple[str, str] | None = None,
    scale: Scale = None,
) -> PowerResult:
    """Plan a study: seeds, task sets and languages for an effect, what can be found, what it costs.

    source, study, backbone, benchmarks, scale: as in `analyze`; the study whose variances are taken, unless they are
    stated (sd_set and sd_run at least, in points). effect: true effect to find, in points, of the estimand:
    "interaction" or a benchmark.
    seeds, sets, tasks, languages: values to plan for; sets: a seed and count, or a count where crossed.
    power, alpha: asked for. studies, seed: of the simulation. recipe, hours_run, hours_baseline: what its costs are of.
    """
    sds = {"seed": sd_seed, "set": sd_set, "run": sd_run, "baseline": sd_baseline}
    sds |= {"seed_effect": sd_seed_effect, "language": sd_language}
    known = {name: value for name, value in sds.items() if value is not None}
    place = held(source, study, scale, backbone=backbone)
    _require_estimand(estimand, benchmarks)
    pilot = _stated(known) if known else studied(read_scores(place, benchmarks=benchmarks), estimand, seed)
    if hours_run is not None:
        baseline = hours_run if hours_baseline is None else hours_baseline
        hours: RunHours | None = RunHours(baseline, {3: hours_run}, source="--hours-run, --hours-baseline")
    else:
        hours = _hours(place, recipe, stated=bool(known))
    crossed = pilot.crossed if crossed is None else crossed
    all_seeds = tuple(seeds or sorted({*SEEDS, *([pilot.seeds] if pilot.seeds > 1 else [])}))
    all_sets = tuple(sets or _sets(pilot, crossed))
    start = pilot.seeds if pilot.seeds > 1 else all_seeds[len(all_seeds) // 2]
    counts, baselines = tuple(tasks or pilot.counts), baselines or pilot.baselines
    base = StudyPlan(start, all_sets[0], counts, crossed, baselines, catalogue=pilot.catalogue)
    question = PowerQuestion(alpha, power, studies, seed)
    spoken = _languages(pilot, languages)
    request = PowerRequest(base, effect, all_seeds, all_sets, spoken, pilot.scenarios, question, hours)
    return PowerResult(planned(request, estimand, pilot.study))


def _require_estimand(name: str, benchmarks: tuple[str, str] | None) -> None:
    known = (INTERACTION, *(benchmarks or ()), *benchmark_names())
    if name not in known:
        near = nearest(name, known)
        raise RecipeError(f"estimand {shown(name)}: {near}there are {', '.join(dict.fromkeys(known))}", ["estimand"])


def _stated(sds: Mapping[str, float]) -> Studied:
    if "set" not in sds or "run" not in sds:
        arguments = ["sd_set", "sd_run", "sd_seed", "sd_baseline"]
        message = "sd_set and sd_run: give both, in points (sd_seed, sd_baseline and others beside)"
        raise RecipeError(message, arguments)
    variances = Variances(**{"seed": 0.0, "baseline": sds["run"], **sds})
    return Studied("stated", stated(variances), 0, 1, (3,), False, 1, 0.0, len(NINE))


def _sets(pilot: Studied, crossed: bool) -> list[int]:
    """The pilot's number of task sets and a larger one; two at least where all seeds share them."""
    return sorted({max(2, pilot.sets), max(2, pilot.sets + 2)} if crossed else {pilot.sets, 3})


def _languages(pilot: Studied, wanted: Sequence[float] | None) -> tuple[float, ...]:
    if wanted or pilot.scenarios.estimated.language <= 0:
        return tuple(wanted or ())
    return round(pilot.languages, 1), round(2 * pilot.languages, 1)


def _hours(place: Held, recipe: str | Path | None, *, stated: bool) -> RunHours | None:
    """Hours a run, of a recipe's plan or of the study that the variances are of."""
    study = place if isinstance(place, StudyInStore) else None
    if recipe is not None:
        store = study.place if study else getattr(place, "path", None) or STORE
        study = StudyInStore(store, recipe=load_recipe(recipe), versions=tolerant)
    elif stated:
        return None
    return run_hours(study.plan, study.survey) if study else None


def run_hours(plan: Plan, survey: Survey) -> RunHours:
    """Hours a run by task count; steps that runs of several seeds share are counted once.

    A step that several runs of one seed share is divided between them. Costs are the survey's: measured in its store
    where it has steps of that kind, else the estimate that a dry run shows.
    """
    seeds = {run.name: run.seed for run in plan.runs}
    hours: dict[str, float] = dict.fromkeys(seeds, 0.0)
    once = 0.0
    for key, (runs, _) in plan.users().items():
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
