"""`xstats power`: from options to a planning, and its tables on the terminal."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.cli.show.show import table
from xtransfer_stats.stats.power.answers import PowerQuestion
from xtransfer_stats.stats.power.planning import Planning, planned
from xtransfer_stats.stats.power.plans import RunHours, StudyPlan, Variances, stated
from xtransfer_stats.stats.power.study import Studied, studied
from xtransfer_stats.stats.power.tables import PowerRequest
from xtransfer_stats.study.recipe import load_recipe
from xtransfer_stats.study.versions import tolerant
from xtransfer_stats.tasks.intermediate import NINE
from xtransfer_stats.verbs import session
from xtransfer_stats.verbs.hours import run_hours

_OUT = Console(highlight=False)
SEEDS = (3, 5, 10)


@dataclass(frozen=True)
class Options:
    """What the command line gives; None is not given. sds: by name of Variances, in points."""

    effect: float
    estimand: str
    seeds: tuple[int, ...] | None
    sets: tuple[int, ...] | None
    tasks: tuple[int, ...] | None
    languages: tuple[float, ...] | None
    crossed: bool | None
    baselines: int | None
    sds: dict[str, float | None]
    question: PowerQuestion
    recipe: str | None
    hours: tuple[float | None, float | None]  # of a treated and of a baseline run


@dataclass(frozen=True)
class Place:
    """The study to plan from: a store or a frame, with the names that choose in it."""

    path: Path
    study: str | None
    benchmarks: tuple[str, str] | None


def power(place: Place, options: Options, out: Path | None, *, as_json: bool) -> None:
    """Plan; print JSON, or write the charts and print the tables."""
    found = _stated(options) if any(value is not None for value in options.sds.values()) else _studied(place, options)
    planning = planned(_asked(found, options, _hours(place, options)), options.estimand, found.study)
    if as_json:
        sys.stdout.write(json.dumps(session.plain(planning.json()), indent=1, allow_nan=False) + "\n")
        return
    from xtransfer_stats.report.write import write_planning

    folder = out or Path("reports") / found.study / "power"
    write_planning(planning, folder)
    show(_OUT, planning)
    _OUT.print(f"Charts and tables: {folder}", soft_wrap=True)


def _stated(options: Options) -> Studied:
    sds = options.sds
    if sds["set"] is None or sds["run"] is None:
        raise RecipeError("--sd-set and --sd-run: give both, in points (--sd-seed, --sd-baseline and others beside)")
    known = {name: value for name, value in sds.items() if value is not None}
    variances = Variances(**{"seed": 0.0, "baseline": sds["run"]} | known)
    return Studied("stated", stated(variances), 0, 1, (3,), False, 1, 0.0, len(NINE))


def _studied(place: Place, options: Options) -> Studied:
    scores = session.scores_of(place.path, place.study, place.benchmarks)
    return studied(scores, options.estimand, options.question.seed)


def _asked(found: Studied, options: Options, hours: RunHours | None) -> PowerRequest:
    crossed = found.crossed if options.crossed is None else options.crossed
    sets = options.sets or tuple(sorted({found.sets, found.sets + 2} if crossed else {found.sets, 3}))
    sets = tuple(max(2, one) for one in sets) if crossed and options.sets is None else sets
    seeds = options.seeds or tuple(sorted({*SEEDS, *([found.seeds] if found.seeds > 1 else [])}))
    start = found.seeds if found.seeds > 1 else seeds[len(seeds) // 2]
    base = StudyPlan(
        start, sets[0], options.tasks or found.counts, crossed, options.baselines or found.baselines,
        catalogue=found.catalogue,
    )  # fmt: skip
    known = found.scenarios.estimated.language > 0
    languages = options.languages or ((round(found.languages, 1), round(2 * found.languages, 1)) if known else ())
    return PowerRequest(base, options.effect, seeds, sets, languages, found.scenarios, options.question, hours)


def _hours(place: Place, options: Options) -> RunHours | None:
    treated, baseline = options.hours
    if treated is not None:
        return RunHours(treated if baseline is None else baseline, {3: treated}, source="--hours-run, --hours-baseline")
    if options.recipe is not None:
        prepared = session.prepare(load_recipe(options.recipe), place.path, tolerant)
    elif place.path.is_dir() and all(value is None for value in options.sds.values()):
        prepared = session.study_of(place.path, place.study)
    else:
        return None
    return run_hours(prepared.plan, prepared.survey)


def show(console: Console, planning: Planning) -> None:
    """The tables and notes of a planning."""
    asked = planning.asked
    unit = asked.hours.unit if asked.hours else ""
    console.print(planning.notes[0], soft_wrap=True, markup=False)
    designs = _reached(planning.designs, asked.scenarios.uncertain)
    _print(console, designs, f"Power for {asked.effect:g} points, and the smallest effect found", {
        "seeds": "seeds", "sets": "sets", "runs": "runs", "power_shown": "power", "detectable_shown": "finds, points",
        "hours": unit, "least_sign_flip_p": "sign-flip p >="})  # fmt: skip
    base = f"What one more buys a study of {asked.base.seeds} seeds, {asked.base.sets} set(s)"
    _print(console, planning.trades, base, {
        "choice": "", "power": "power", "detectable": "finds, points", "more_runs": "runs more",
        "points_a_run": "points a run", "more_hours": f"{unit} more", "points_an_hour": "points an hour"})  # fmt: skip
    _print(console, planning.such, "Scope such languages, each count alone", {
        "languages": "effective languages", "seeds": "seeds", "power": "power",
        "detectable": "finds, points"})  # fmt: skip
    for note in planning.notes[1:]:
        console.print(f"- {note}", markup=False, soft_wrap=True)


def _reached(designs: pd.DataFrame, uncertain: bool) -> pd.DataFrame:
    """Power and detectable effect with their reach in brackets, where variances are estimates."""
    shown = {}
    for name in ("power", "detectable"):
        low, high = designs[f"{name}_low"].map(_text), designs[f"{name}_high"].map(_text)
        shown[f"{name}_shown"] = designs[name].map(_text) + (" [" + low + ", " + high + "]" if uncertain else "")
    return designs.assign(**shown)


def _print(console: Console, frame: pd.DataFrame, title: str, columns: dict[str, str]) -> None:
    kept = {name: head for name, head in columns.items() if name in frame and frame[name].notna().any()}
    if frame.empty or not kept:
        return
    shown = table(title, *kept.values(), right=tuple(kept.values())[1:])
    for row in frame[list(kept)].itertuples(index=False):
        shown.add_row(*(escape(_text(value)) for value in row))
    console.print(shown)


def _text(value: Any) -> str:
    return value if type(value) is str else "\u2013" if value != value else f"{value:.3g}"
