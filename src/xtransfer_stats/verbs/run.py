"""`run`: from a recipe with its options to a finished study; what is lacking or not allowed is told before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import RecipeError, StudyIncomplete
from xtransfer_stats.base.formats import counted
from xtransfer_stats.base.places import named
from xtransfer_stats.base.processes import cores
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.engines.consequences import Engine
from xtransfer_stats.engines.demands import Demands, share_by_size
from xtransfer_stats.engines.engine import Budget, Limits, Listener, Outcome
from xtransfer_stats.engines.local import CPU, grouped, parse, workers_for
from xtransfer_stats.store import studies
from xtransfer_stats.store.licences import accept, open_questions, refusal
from xtransfer_stats.store.pins import recorded, resolved
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.foresight import Blocked, blocked, parameters, sentences, warned
from xtransfer_stats.study.recipe import Recipe, load_recipe
from xtransfer_stats.study.step import Step
from xtransfer_stats.study.versions import BLOCKED, tolerant
from xtransfer_stats.verbs.backbones import fitted, with_own_freeze
from xtransfer_stats.verbs.bounds import require_counts
from xtransfer_stats.verbs.crew import Crew
from xtransfer_stats.verbs.extras import require
from xtransfer_stats.verbs.study import Study

_TRAININGS = ("intermediate", "target")


@dataclass(frozen=True)
class RunResult:
    """study: as its store has it now. outcome: of the steps that had to run. dry: whether none was to.

    blocked, questions, warnings: of a dry run, what the sources lack, which licences will be asked about, and what is
    odd about the data, as `data` says it. reading: how the backbone reads, or why nothing is known of it.
    """

    study: Study
    workers: int
    outcome: Outcome = field(default_factory=Outcome)
    dry: bool = False
    blocked: tuple[Blocked, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it: the study's state, what is missing, why and at what cost, what stands in the way."""
        study, steps = self.study, self.study.plan.steps
        missing = study.survey.missing()
        reasons = Counter((steps[key].kind, study.survey.reasons[key]) for key in missing)
        return {
            "status": study.status().to_dict(),
            "dry_run": self.dry,
            "workers": self.workers,
            "to_run": [{"kind": kind, "reason": why, "steps": count} for (kind, why), count in reasons.items()],
            "seconds": study.survey.seconds(steps, self.workers),
            "bytes": study.survey.bytes(steps),
            "assumptions": list(study.survey.assumptions),
            "blocked": [asdict(one) for one in self.blocked],
            "questions": dict(self.questions),
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        """The lines of `xstats status`."""
        return str(self.study.status())


class Silent:
    """A Listener that says nothing."""

    def started(self, step: Step) -> None:
        """A step began."""

    def progressed(self, step: Step, done: int, total: int) -> None:
        """A step did so much of its work."""

    def finished(self, step: Step, *, elsewhere: bool) -> None:
        """A step is done."""

    def failed(self, step: Step, message: str) -> None:
        """A step failed."""

    def damaged(self, step: Step, trouble: str) -> None:
        """A damaged step was taken out, to be done again."""

    def retried(self, step: Step, why: str) -> None:
        """A lost step is tried again."""

    def placed(self, step: Step, machine: str) -> None:
        """A step runs on the machine of that name."""

    def resized(self, workers: int) -> None:
        """The engine does so many steps at once from now on."""


class Watch:
    """Who follows a run and answers its questions; this one is silent and answers no."""

    def agrees(self, questions: Mapping[str, str]) -> bool:
        """Whether the answer to all questions of restricting licences (data set -> question) is yes."""
        return False

    def begins(self, study: Study, workers: int) -> None:
        """A study is about to run; nothing was written yet."""

    def remarks(self, sentences: Sequence[str]) -> None:
        """What should be known of the engine."""

    def listens(self, study: Study, missing: Sequence[str], workers: int) -> AbstractContextManager[Listener]:
        """Who hears of the steps while they run."""
        return nullcontext(Silent())

    def ends(self, result: RunResult) -> None:
        """A study ran as far as it could."""


def run(
    recipe: str | Path = "embedded",
    *,
    seeds: int | None = None,
    tasks: Sequence[int] | None = None,
    sets: int | None = None,
    cross: int | None = None,
    baselines: int | None = None,
    singles: bool | None = None,
    targets: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    model: str | Sequence[str] | None = None,
    source: str | None = None,
    control: str | None = None,
    variant: str | None = None,
    study: str | None = None,
    store: str | Path = STORE,
    workers: int | None = None,
    devices: str = CPU,
    devices_per_step: int = 1,
    engine: str = "local",
    address: str | None = None,
    gpus_per_step: float | None = None,
    max_hours: float | None = None,
    keep: str | None = None,
    accept_licences: bool = False,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> RunResult:
    """Run what is missing of a study: pretrained, intermediate tasks, target tasks, scores.

    recipe: a TOML file or a shipped one's name. From seeds to study (its name), and keep: override the recipe where
    given; singles: each intermediate task alone too; model: several run the study each. store: folder of finished
    steps. workers: processes of one thread each, default one a core or a GPU.
    devices: cpu, auto or a list; devices_per_step: how many share a training step. engine: local, or ray at an address
    (HOST:PORT of the head, auto; default RAY_ADDRESS, else a Ray of this machine alone). gpus_per_step: with ray, GPUs
    or a share of one that a training asks for, default by the backbone's size.
    max_hours: of wall time, then stop cleanly. accept_licences: yes to the questions of restricting licences.
    dry_run: plan alone. watch: who follows the run.
    Raises RecipeError for a study that cannot be, MissingExtra where a package lacks, StudyIncomplete where steps fail.
    """
    given = {"seeds": seeds, "tasks": tasks, "sets": sets, "cross": cross, "baselines": baselines, "targets": targets}
    given |= {
        "singles": singles,
        "languages": languages,
        "control": control,
        "variant": variant,
        "keep": keep,
        "name": study,
    }
    require_counts(devices_per_step=devices_per_step)
    places = grouped(parse(devices), devices_per_step)
    crew = Crew(engine, _workers(workers_for(places) if workers is None else workers), address, places)
    crew.check(gpus_per_step)
    if max_hours is not None and not max_hours > 0:
        raise RecipeError(f"max_hours {max_hours:g}: give a number of hours above 0", ["max_hours"])
    chosen = _recipe(recipe, given, model, source)
    chosen, guessed = with_own_freeze(chosen) if model else (chosen, ())
    crew = replace(crew, demands=Demands(gpus_per_step, share_by_size(parameters(chosen))))
    require("xstats run", *(["train"] if not dry_run else []), *(["embedded"] if _embedded(chosen) else []))
    if chosen.backbone.adapter != "none":
        require(f"xstats run` with `adapter = {chosen.backbone.adapter}", "adapters")
    planned = Study(store, recipe=recorded(chosen, Store(named(store, "store"))), versions=tolerant)
    if dry_run:
        lacking, questions = blocked(planned.plan), open_questions(planned.plan, planned.store)
        odd, reading = warned(planned.plan), (*guessed, *fitted(planned))
        told: dict[str, Any] = {"blocked": tuple(lacking), "questions": questions, "warnings": odd, "reading": reading}
        return RunResult(planned, crew.workers, dry=True, **told)
    follower = watch or Watch()
    follower.remarks(guessed)
    return _run(_ready(planned, follower, accepted=accept_licences), crew, follower, max_hours)


def _recipe(
    name: str | Path, given: Mapping[str, Any], model: str | Sequence[str] | None, source: str | None
) -> Recipe:
    """The validated recipe; a control and a variant are studies of names of their own."""
    study = {key: value for key, value in given.items() if value is not None}
    kinds = [study[key] for key in ("control", "variant") if study.get(key, "none") != "none"]
    if kinds and "name" not in study:
        study["name"] = "-".join([load_recipe(name).study.name, *kinds])
    data = {"name": source} if source else {}
    return load_recipe(name, {"study": study, "backbone": _backbone(name, model), "source": data})


def _backbone(name: str | Path, model: str | Sequence[str] | None) -> dict[str, Any]:
    """What an option changes in the recipe's backbone: its models, and the keys of those that are there no more."""
    if model is None or model == "":
        return {}
    models = [model] if isinstance(model, str) else list(model)
    own = load_recipe(name).backbone.by_model
    kept = {"by_model": {one: keys for one, keys in own.items() if one in models}} if own else {}
    return {"model": models, **kept}


def _embedded(recipe: Recipe) -> bool:
    return recipe.source.name == "embedded"


def _workers(number: int | None) -> int:
    if number is not None:
        require_counts(workers=number)
    return number or cores()


def _ready(study: Study, watch: Watch, *, accepted: bool) -> Study:
    """The study as it will run; the network is asked last: what is lacking or not allowed is told without it."""
    lacking = blocked(study.plan)
    fitted(study)
    if lacking:
        raise RecipeError("data that cannot be had:\n  " + "\n  ".join(sentences(study.recipe, lacking)))
    questions = open_questions(study.plan, study.store)
    if questions and not accepted and not watch.agrees(questions):
        raise refusal(questions)
    accept(study.store, questions)
    recipe = resolved(study.plan)
    if recipe == study.recipe and BLOCKED not in study.plan.versions.values():
        return study
    renewed = Study(study.place, recipe=recipe)
    renewed.shapes = study.shapes
    return renewed


def _run(study: Study, crew: Crew, watch: Watch, hours: float | None) -> RunResult:
    missing = study.survey.missing()
    engine = crew.engine()
    outcome = Outcome()
    needed = missing or study.recipe.study.keep != "all"  # weights of a finished study may have to go
    with engine.ready() if needed else nullcontext() as at_once:
        workers = at_once or crew.workers
        watch.begins(study, workers)
        watch.remarks(engine.remarks())
        # Also where nothing is missing: the study run last is the one that other commands take.
        studies.remember(study.store.create(), study.plan.recipe, study.plan.versions)
        if needed:
            with study.store.in_use(), watch.listens(study, missing, workers) as listener:
                outcome = perform(study, engine, listener, hours)
    result = RunResult(study.renewed(), workers, outcome)
    watch.ends(result)
    if not outcome.sound:
        raise StudyIncomplete(_failures(result.study, outcome))
    return result


def perform(study: Study, engine: Engine, listener: Listener, hours: float | None = None) -> Outcome:
    """Run the missing steps of a study, within `hours` of wall time if given."""
    costs, steps = study.survey.costs, study.plan.steps
    budget = None if hours is None else Budget(3600 * hours, lambda step: costs[step.kind][0])
    for key in study.survey.damaged():
        _take_out(study, key, listener)
    limits = Limits(budget, study.recipe.study.keep, lambda step: costs[step.kind][1])
    return engine.run(steps, study.survey.missing(), study.store, listener, limits)


def _take_out(study: Study, key: str, listener: Listener) -> None:
    step = study.plan.steps[key]
    with study.store.claimed(step) as mine:
        if mine and study.store.state(step)[1]:
            study.store.remove(step)
    listener.damaged(step, f"{study.named(key)}: {study.survey.reasons[key].removeprefix('damaged: ')}")


def _failures(study: Study, outcome: Outcome) -> str:
    """The list of what failed, with what was skipped for it."""
    lines = _lines((study.named(key), text) for key, text in outcome.failed.items())
    trainings = sum(study.plan.steps[key].kind in _TRAININGS for key in outcome.failed)
    collapsed = "".join(f"{sentence}\n" for sentence in study.collapsed)
    return (
        f"{counted(len(outcome.failed), 'step')} failed, among them {counted(trainings, 'training')}; "
        f"{len(outcome.skipped)} that need them were skipped, the others are done:\n{lines}\n{collapsed}"
        "Issue the same command again to retry; `xstats analyze` works with what is there."
    )


def _lines(failures: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"  {name}: {text.splitlines()[0]}" for name, text in failures)
