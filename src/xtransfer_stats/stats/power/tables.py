"""The tables of a planning: power by design, seeds needed, what a seed or a set buys, languages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.stats.core.signflip import seeds_needed, smallest_sign_flip_p
from xtransfer_stats.stats.power.answers import EXACT, MOST_SEEDS, Powered, PowerQuestion, fewest_seeds, such_studies
from xtransfer_stats.stats.power.plans import MOST, MOST_POINTS, RunHours, Scenarios, StudyPlan

CURVE_SEEDS = (3, 4, 5, 6, 7, 8, 10, 12, 15, 20)
LEAST_LANGUAGES, MOST_LANGUAGES = 1, 10_000
MOST_DESIGNS = 200
MOST_NUMBERS = 10_000_000  # runs times studies that are simulated at once: about 0.5 GB
CURVE_EFFECTS = (0.5, 1.0, 1.5, 2.0)  # shares of the asked effect


@dataclass(frozen=True)
class PowerRequest:
    """base: the plan that seeds and sets vary. effect: points. seeds, sets, languages: the values of the tables."""

    base: StudyPlan
    effect: float
    seeds: tuple[int, ...]
    sets: tuple[int, ...]
    languages: tuple[float, ...]
    scenarios: Scenarios
    question: PowerQuestion
    hours: RunHours | None

    def __post_init__(self) -> None:
        if not 0 < self.effect <= MOST_POINTS:
            raise DataError(f"effect {self.effect:g}: give a size in points above 0, to {MOST_POINTS:g}", ["effect"])
        if not all(LEAST_LANGUAGES <= number <= MOST_LANGUAGES for number in self.languages):
            named = ",".join(map(shown, self.languages[:10]))
            bounds = f"{LEAST_LANGUAGES} to {MOST_LANGUAGES:,}"
            raise DataError(f"languages {named}: give effective numbers from {bounds}", ["languages"])
        self._require_simulable()
        if len(self.seeds) * (len(self.sets) + len(self.languages)) > MOST_DESIGNS:
            raise DataError(
                f"{len(self.seeds)} seeds, {len(self.sets)} sets, {len(self.languages)} languages: more than "
                f"{MOST_DESIGNS} designs at once; name fewer",
                ["seeds", "sets", "languages"],
            )

    def _require_simulable(self) -> None:
        """Refuse designs of which not all studies can be simulated; one paired t is not simulated at all."""
        largest = replace(self.base, seeds=max(*self.seeds, MOST_SEEDS), sets=max(self.sets))
        asked = self.question.studies
        if Powered(largest, self.scenarios.estimated, self.question).method == EXACT and not self.languages:
            return
        if largest.runs * asked > MOST_NUMBERS:
            what = f"studies {asked}: one of {largest.seeds} seeds and {largest.sets} sets has {largest.runs:,} runs"
            fewer = f"give {max(MOST_NUMBERS // largest.runs, 1)} studies, or fewer sets or tasks"
            raise DataError(f"{what}, more than are simulated so often; {fewer}", ["studies"])

    def powered(self, plan: StudyPlan) -> list[Powered]:
        """A plan under each scenario, "estimated" first."""
        return [Powered(plan, variances, self.question) for variances in self.scenarios.named().values()]


def designs(request: PowerRequest) -> pd.DataFrame:
    """seeds, sets, runs, power, power_low, power_high, detectable (points), its reach, hours, least_sign_flip_p."""
    plans = [replace(request.base, seeds=s, sets=m) for m, s in product(request.sets, request.seeds)]
    return pd.DataFrame([_design_row(request, plan) for plan in plans])


def _design_row(request: PowerRequest, plan: StudyPlan) -> dict[str, Any]:
    powered = request.powered(plan)
    return {
        "seeds": plan.seeds,
        "sets": plan.sets,
        "runs": plan.runs,
        **_with_reach("power", [one.power(request.effect) for one in powered]),
        **_with_reach("detectable", [one.detectable() for one in powered]),
        "hours": _hours(request, plan),
        "least_sign_flip_p": smallest_sign_flip_p(plan.seeds),
        "method": powered[0].method,
    }


def _with_reach(name: str, values: list[float]) -> dict[str, float]:
    """A number by the scenario "estimated", which comes first, and the least and largest by all scenarios."""
    return {name: values[0], f"{name}_low": min(values), f"{name}_high": max(values)}


def needed(request: PowerRequest) -> pd.DataFrame:
    """sets, seeds (NaN: more than the search allows), seeds_low, seeds_high, runs, hours for the effect.

    runs, hours: of the seeds at the upper end, which the answer leads with.
    """
    return pd.DataFrame([_needed_row(request, replace(request.base, sets=sets)) for sets in request.sets])


def _needed_row(request: PowerRequest, plan: StudyPlan) -> dict[str, Any]:
    seeds = {
        name: fewest_seeds(plan, variances, request.effect, request.question)
        for name, variances in request.scenarios.named().items()
    }
    best, most = seeds["estimated"], seeds["high"]
    final = None if most is None else replace(plan, seeds=most)
    return {
        "sets": plan.sets,
        "seeds": float("nan") if best is None else best,
        "seeds_low": float(seeds["low"] or "nan"),
        "seeds_high": float(seeds["high"] or "nan"),
        "runs": float("nan") if final is None else final.runs,
        "hours": float("nan") if final is None else _hours(request, final),
        "sign_flip_seeds": seeds_needed(request.question.alpha, len(plan.counts)),
    }


def trades(request: PowerRequest) -> pd.DataFrame:
    """From the base plan: what one more seed and one more set (a seed and count) buy, and their hours."""
    plan = request.base
    further = {"as it is": plan, "one more seed": replace(plan, seeds=plan.seeds + 1)}
    if plan.sets < MOST["sets"] and any(plan.sampled(count) for count in plan.counts):
        further["one more set"] = replace(plan, sets=plan.sets + 1)
    start = request.powered(plan)[0]
    return pd.DataFrame([_trade_row(request, start, name, one) for name, one in further.items()])


def _trade_row(request: PowerRequest, start: Powered, name: str, plan: StudyPlan) -> dict[str, Any]:
    now = request.powered(plan)[0]
    more = _hours(request, plan) - _hours(request, start.plan)
    gain = start.detectable() - now.detectable()
    return {
        "choice": name,
        "seeds": plan.seeds,
        "sets": plan.sets,
        "power": now.power(request.effect),
        "detectable": now.detectable(),
        "more_runs": plan.runs - start.plan.runs,
        "more_hours": more,
        "points_an_hour": gain / more if more > 0 else float("nan"),
        "points_a_run": gain / (plan.runs - start.plan.runs) if plan.runs > start.plan.runs else float("nan"),
    }


def such(request: PowerRequest) -> pd.DataFrame:
    """languages (effective number), seeds, power, detectable: scope "such", each count tested alone."""
    return pd.DataFrame(
        [_such_row(request, seeds, languages) for languages, seeds in product(request.languages, request.seeds)],
        columns=["languages", "seeds", "sets", "power", "detectable"],
    )


def _such_row(request: PowerRequest, seeds: int, languages: float) -> dict[str, Any]:
    plan = replace(request.base, seeds=seeds, sets=request.sets[0])
    studies = such_studies(plan, languages, request.scenarios.estimated, request.question)
    counts = studies.alone()
    return {
        "languages": languages,
        "seeds": seeds,
        "sets": plan.sets,
        "power": min(float(one.power(request.effect)[0]) for one in counts),
        "detectable": max(one.detectable(request.question.wanted) for one in counts),
    }


def curves(request: PowerRequest) -> pd.DataFrame:
    """seeds, sets, effect, power, detectable with its reach, for 3 to 20 seeds and shares of the effect: for charts."""
    seeds = sorted({*CURVE_SEEDS, *request.seeds})
    return pd.DataFrame([row for sets in request.sets for count in seeds for row in _curve(request, sets, count)])


def _curve(request: PowerRequest, sets: int, seeds: int) -> Iterator[dict[str, Any]]:
    powered = request.powered(replace(request.base, seeds=seeds, sets=sets))
    reach = _with_reach("detectable", [one.detectable() for one in powered])
    for share in CURVE_EFFECTS:
        effect = share * request.effect
        yield {"seeds": seeds, "sets": sets, "effect": effect, "power": powered[0].power(effect), **reach}


def _hours(request: PowerRequest, plan: StudyPlan) -> float:
    return request.hours.of(plan) if request.hours else float("nan")
