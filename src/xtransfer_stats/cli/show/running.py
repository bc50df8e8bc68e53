"""`xstats run`: a recipe with its options, who does the work, and what is asked before it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.prompt import Confirm

from xtransfer_stats.base.errors import RecipeError, StudyIncomplete
from xtransfer_stats.cli.show import dryrun, show
from xtransfer_stats.cli.show.extras import require
from xtransfer_stats.cli.show.progress import StudyProgress
from xtransfer_stats.engines.devices import CPU
from xtransfer_stats.engines.engine import Engine
from xtransfer_stats.store.licences import accept, open_questions, refusal
from xtransfer_stats.store.pins import on_hub, recorded, resolved
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.foresight.blocked import blocked, sentences
from xtransfer_stats.study.recipe import Recipe, load_recipe
from xtransfer_stats.study.versions import BLOCKED, tolerant
from xtransfer_stats.verbs import session

# Results go to standard output, what accompanies them to standard error.
_OUT, _ERR = Console(highlight=False), Console(stderr=True, highlight=False)


@dataclass(frozen=True)
class Chosen:
    """A recipe and the options that override it; None leaves the recipe's value."""

    recipe: str
    study: Mapping[str, Any]
    model: str | None
    source: str | None

    def load(self) -> Recipe:
        """The validated recipe; a control and a variant are studies of names of their own."""
        study = {key: value for key, value in self.study.items() if value is not None}
        kinds = [study[key] for key in ("control", "variant") if study.get(key, "none") != "none"]
        if kinds and "name" not in study:
            study["name"] = "-".join([load_recipe(self.recipe).study.name, *kinds])
        overrides = {
            "study": study,
            "backbone": {"model": self.model} if self.model else {},
            "source": {"name": self.source} if self.source else {},
        }
        return load_recipe(self.recipe, overrides)


@dataclass(frozen=True)
class Crew:
    """Who does the work: an engine's name, its workers, a cluster's address, the workers' devices."""

    name: str
    workers: int
    address: str | None = None
    devices: tuple[str, ...] = (CPU,)

    def engine(self) -> Engine:
        """Raises RecipeError for an unknown engine, MissingExtra without its package."""
        makers = {"local": self._local, "ray": self._ray}
        if self.name not in makers:
            raise RecipeError(f"--engine {self.name!r}: choose one of {', '.join(makers)}")
        return makers[self.name]()

    def _local(self) -> Engine:
        from xtransfer_stats.engines.local import LocalEngine

        return LocalEngine(self.workers, devices=self.devices)

    def _ray(self) -> Engine:
        from xtransfer_stats.engines.ray import RayEngine

        if self.devices != (CPU,):
            raise RecipeError(f"--devices {','.join(self.devices)} is for --engine local: leave it out with ray")
        require("xstats run --engine ray", "ray")
        return RayEngine(self.address)


def run(
    chosen: Chosen,
    store: Path,
    crew: Crew,
    *,
    dry_run: bool,
    max_hours: float | None = None,
    accept_licences: bool = False,
) -> None:
    """Plan, then run what is missing (within a budget of hours), or only show the plan."""
    recipe = chosen.load()
    require(
        "xstats run",
        *(["train"] if not dry_run else []),
        *(["embedded"] if recipe.source.name == "embedded" else []),
    )
    prepared = session.prepare(recorded(recipe, Store(store)), store, tolerant)
    if dry_run:
        _foresee(prepared, crew.workers)
        return
    prepared = _ready(prepared, accepted=accept_licences)
    missing = prepared.survey.missing()
    engine = crew.engine()
    show.opening(_ERR, prepared, crew.workers)
    outcome = (
        _listened(prepared, missing, engine, crew.workers, max_hours)
        if missing or _drops(recipe)
        else session.Outcome()
    )
    show.ending(_ERR, prepared, outcome, store, max_hours)
    if not outcome.sound:
        raise StudyIncomplete(show.failures(prepared, outcome))


def _foresee(prepared: session.Prepared, workers: int) -> None:
    """A dry run."""
    dryrun.plan(_OUT, prepared, workers)
    dryrun.blocked(_OUT, prepared.plan.recipe, blocked(prepared.plan))
    dryrun.licences(_OUT, open_questions(prepared.plan, prepared.store))


def _ready(prepared: session.Prepared, *, accepted: bool) -> session.Prepared:
    """The study as it will run; the network is asked last: what is lacking or not allowed is told without it."""
    recipe, store = prepared.plan.recipe, prepared.store
    lacking = blocked(prepared.plan)
    if lacking:
        raise RecipeError("data that cannot be had:\n  " + "\n  ".join(sentences(recipe, lacking)))
    _settle_licences(prepared, accepted=accepted)
    if on_hub(recipe) or BLOCKED in prepared.plan.versions.values():
        return session.prepare(resolved(prepared.plan), store.root)
    return prepared


def _settle_licences(prepared: session.Prepared, *, accepted: bool) -> None:
    """Have the questions of restricting licences answered: by the option, or by whoever sits at the terminal."""
    questions = open_questions(prepared.plan, prepared.store)
    if questions and not accepted and sys.stdin.isatty():
        for name, question in questions.items():
            _ERR.print(f"{name}: {question}", markup=False, soft_wrap=True)
        accepted = Confirm.ask("Yes to all of these?", console=_ERR, default=False)
    if questions and not accepted:
        raise refusal(questions)
    accept(prepared.store, questions)


def _drops(recipe: Recipe) -> bool:
    """Whether weights of a finished study may have to go."""
    return recipe.study.keep != "all"


def _listened(
    prepared: session.Prepared, missing: list[str], engine: Engine, workers: int, hours: float | None
) -> session.Outcome:
    costs = {kind: seconds for kind, (seconds, _) in prepared.survey.costs.items()}
    try:
        with StudyProgress(prepared.plan.steps, missing, costs, workers, _ERR) as listener:
            return session.run(prepared, engine, listener, hours)
    except KeyboardInterrupt:
        _ERR.print("Stopped. Finished steps are kept; issue the same command again to go on.")
        raise SystemExit(130) from None
