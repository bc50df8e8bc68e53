"""What a study needs and its sources do not have: asked before anything runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.sources.registry import source_at
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.study.step import Step


@dataclass(frozen=True)
class Blocked:
    """A split of a data set that cannot be had in some languages, and why, with the remedy."""

    dataset: str
    split: str
    languages: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        return f"{self.dataset}, {self.split}, {' '.join(self.languages)}"


def blocked(plan: Plan) -> list[Blocked]:
    """Every split of the plan that its source does not have, languages that lack the same together."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for step in plan.of_kind("features"):
        language = "en" if "translate" in step.args else str(step.args["language"])
        why = _why(step, language)
        if why:
            found.setdefault((step.args["dataset"], step.args["split"]), {})[language] = why
    return [Blocked(*key, tuple(whys), next(iter(whys.values()))) for key, whys in found.items()]


def _why(step: Step, language: str) -> str:
    try:
        source = source_at(step.places["source"])
    except XstatsError as error:
        return str(error)
    return source.blocked(step.args["dataset"], step.args["split"], language)


def feasible(recipe: Recipe, found: list[Blocked]) -> str:
    """A sentence on the intermediate tasks that can be had, and the largest count they allow."""
    names = {one.dataset for one in found}
    free = [task for task in recipe.intermediate.tasks if task not in names]
    return (
        f"{len(free)} of {len(recipe.intermediate.tasks)} intermediate tasks can be had: "
        f"task counts up to {len(free)} are feasible without the others"
    )


def told(recipe: Recipe, found: list[Blocked]) -> Iterator[str]:
    """Lines for a reader: what is blocked, that of one reason together, and what is feasible."""
    reasons: dict[str, list[Blocked]] = {}
    for one in found:
        reasons.setdefault(one.why, []).append(one)
    for why, same in reasons.items():
        yield f"{'; '.join(map(str, same))}: {why}"
    yield feasible(recipe, found)
