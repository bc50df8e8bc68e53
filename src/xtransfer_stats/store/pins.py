"""The commits of a study's hub repositories: recorded at the first run, used again by every later one."""

from pathlib import Path
from typing import Any

from xtransfer_stats.store import studies
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.backbone import EMBEDDED
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.study.versions import tolerant
from xtransfer_stats.tasks.datasets import dataset as entry


def pinned(recipe: Recipe, store: Store, *, ask: bool) -> Recipe:
    """The recipe with the commits of all its repositories, as far as they are known.

    In this order: those in the recipe, those that the store recorded for the study, and, where `ask`, those that the
    hub names now. Raises DataError for a repository that cannot be asked.
    """
    if not on_hub(recipe):
        return recipe
    earlier = studies.known(store, recipe.study.name)
    known = {**(earlier.recipe.source.revisions if earlier else {}), **recipe.source.revisions}
    if earlier and earlier.recipe.backbone.model == recipe.backbone.model and earlier.recipe.backbone.revision:
        known.setdefault(recipe.backbone.model, earlier.recipe.backbone.revision)
    if recipe.backbone.revision:
        known[recipe.backbone.model] = recipe.backbone.revision
    if ask:
        known |= _asked(recipe, known)
    return with_revisions(recipe, known)


def _asked(recipe: Recipe, known: dict[str, str]) -> dict[str, str]:
    from xtransfer_stats.sources.hub.pins import resolve

    found: dict[str, str] = {}
    for kind, names in repositories(recipe).items():
        found |= resolve(names, known, kind)
    return found


def repositories(recipe: Recipe) -> dict[str, list[str]]:
    """dataset and model -> the hub repositories that the study reads, in the plan's order."""
    plan = make_plan(recipe, tolerant)
    datasets = dict.fromkeys(
        part.repository
        for step in plan.of_kind("features")
        if step.args["source"] == "hub"
        for part in entry(step.args["dataset"])[1].hub
        if part.serves(step.args["language"])
    )
    models = [recipe.backbone.model, *recipe.intermediate.checkpoints.values(), *_translators(recipe)]
    return {"dataset": list(datasets), "model": [name for name in dict.fromkeys(models) if _hub_model(name)]}


def _translators(recipe: Recipe) -> list[str]:
    """The models that translate, one a language where their name says so."""
    chosen = recipe.intermediate.translated
    used = chosen.model if recipe.study.variant == "translated" else None
    return [used.format(language=code) for code in chosen.languages] if used else []


def with_revisions(recipe: Recipe, revisions: dict[str, str]) -> Recipe:
    """The recipe with these commits; the backbone's stands in its own key."""
    table: dict[str, Any] = recipe.model_dump(mode="json")
    model = recipe.backbone.model
    table["backbone"]["revision"] = revisions.get(model, recipe.backbone.revision)
    table["source"]["revisions"] = {name: commit for name, commit in sorted(revisions.items()) if name != model}
    return Recipe.model_validate(table)


def on_hub(recipe: Recipe) -> bool:
    """Whether the backbone or a data set is read from the hub."""
    models = (recipe.backbone.model, *recipe.intermediate.checkpoints.values(), *_translators(recipe))
    return any(map(_hub_model, models)) or "hub" in (recipe.source.name, *recipe.source.by_dataset.values())


def _hub_model(name: str) -> bool:
    """Whether a model is named by a hub id: neither the embedded one nor a directory."""
    path = Path(name).expanduser()
    local = path.is_dir() or path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1
    return name != EMBEDDED and not local
