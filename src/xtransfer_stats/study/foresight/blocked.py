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
    reasons: dict[tuple[str, str], dict[str, str]] = {}
    for step in plan.of_kind("features"):
        language = "en" if "translate" in step.args else str(step.args["language"])
        why = _why(step, language)
        if why:
            reasons.setdefault((step.args["dataset"], step.args["split"]), {})[language] = why
    return [Blocked(*key, tuple(by_language), next(iter(by_language.values()))) for key, by_language in reasons.items()]


def _why(step: Step, language: str) -> str:
    try:
        source = source_at(step.places["source"])
    except XstatsError as error:
        return str(error)
    return source.blocked(step.args["dataset"], step.args["split"], language)


def sentences(recipe: Recipe, lacking: list[Blocked]) -> Iterator[str]:
    """What is blocked, that of one reason together, and the largest count of intermediate tasks that is feasible."""
    by_reason: dict[str, list[Blocked]] = {}
    for split in lacking:
        by_reason.setdefault(split.why, []).append(split)
    for why, splits in by_reason.items():
        yield f"{'; '.join(map(str, splits))}: {why}"
    names, tasks = {split.dataset for split in lacking}, recipe.intermediate.tasks
    free = sum(task not in names for task in tasks)
    yield (
        f"{free} of {len(tasks)} intermediate tasks can be had: "
        f"task counts up to {free} are feasible without the others"
    )
