"""The commits of a study's hub repositories: recorded at its first run, used by later ones, written into recipes."""

from collections.abc import Iterable, Mapping
from typing import Any

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.models import is_hub_id
from xtransfer_stats.base.usertext import parsed_toml
from xtransfer_stats.store import studies
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.tasks.catalogue import dataset as entry
from xtransfer_stats.tasks.codes import in_language

_TABLE = "source.revisions"
_UNWRITTEN = "the commits cannot be written into this recipe"
_REMEDY = f"state them as a table [{_TABLE}], a line for each repository, and issue the command again"


def on_hub(recipe: Recipe) -> bool:
    """Whether a model or a data set is read from the hub."""
    return any(map(is_hub_id, _models(recipe))) or "hub" in (recipe.source.name, *recipe.source.by_dataset.values())


def recorded(recipe: Recipe, store: Store) -> Recipe:
    """The recipe with the commits that the store recorded for the study; those in the recipe come first."""
    if not on_hub(recipe):
        return recipe
    earlier = studies.known(store, recipe.study.name)
    commits = dict(earlier.recipe.source.revisions) if earlier else {}
    if earlier and earlier.recipe.backbone.model == recipe.backbone.model and earlier.recipe.backbone.revision:
        commits.setdefault(recipe.backbone.model, earlier.recipe.backbone.revision)
    return _with_commits(recipe, commits | _commits(recipe))


def resolved(plan: Plan) -> Recipe:
    """The plan's recipe with the commits of all repositories that it reads; those it lacks, the hub names now.

    Raises DataError for a repository that cannot be asked.
    """
    from xtransfer_stats.sources.hub.pins import resolve

    if not on_hub(plan.recipe):
        return plan.recipe
    commits = _commits(plan.recipe)
    for kind, names in repositories(plan).items():
        commits |= resolve(names, commits, kind)
    return _with_commits(plan.recipe, commits)


def repositories(plan: Plan) -> dict[str, list[str]]:
    """dataset and model -> the hub repositories that the study reads, in the plan's order."""
    datasets = dict.fromkeys(
        part.repository
        for step in plan.of_kind("features")
        if step.args["source"] == "hub"
        for part in entry(step.args["dataset"])[1].hub
        if part.serves(step.args["language"])
    )
    return {"dataset": list(datasets), "model": list(dict.fromkeys(filter(is_hub_id, _models(plan.recipe))))}


def _models(recipe: Recipe) -> Iterable[str]:
    """Backbone, checkpoints, and the models that translate, one a language where their name says so."""
    yield from (*recipe.backbone.models, *recipe.intermediate.checkpoints.values())
    translated = recipe.intermediate.translated
    if recipe.study.variant == "translated" and translated.model:
        yield from (in_language(translated.model, code) for code in translated.languages)


def _commits(recipe: Recipe) -> dict[str, str]:
    """The commits that the recipe states; one backbone's stands in a key of its own."""
    own = {recipe.backbone.model: recipe.backbone.revision} if recipe.backbone.revision else {}
    return {**recipe.source.revisions, **own}


def _with_commits(recipe: Recipe, commits: Mapping[str, str]) -> Recipe:
    table: dict[str, Any] = recipe.model_dump(mode="json")
    if recipe.backbone.others:  # each one's stands among the others' commits
        table["source"]["revisions"] = dict(sorted(commits.items()))
        return Recipe.model_validate(table)
    model = recipe.backbone.model
    table["backbone"]["revision"] = commits.get(model, recipe.backbone.revision)
    table["source"]["revisions"] = {name: commit for name, commit in sorted(commits.items()) if name != model}
    return Recipe.model_validate(table)


def with_pins(text: str, revisions: Mapping[str, str], backbone: str | None) -> str:
    """A recipe's text with these entries of [source.revisions], and backbone.revision where one is given.

    Every other byte stays as it is. Raises RecipeError when the text states the revisions in one line.
    """
    import tomlkit
    from tomlkit import exceptions, items

    ends = "\r\n" if text.count("\r\n") == text.count("\n") > 0 else "\n"
    lines = text if text.endswith("\n") else text + ends
    if ends == "\r\n":  # tomlkit ends what it adds with a line feed alone
        lines = lines.replace(ends, "\n")
    if revisions and "revisions" not in parsed_toml(text).get("source", {}):
        lines += f"\n[{_TABLE}]\n"
    try:
        document: Any = tomlkit.parse(lines)
    except exceptions.TOMLKitError as error:
        raise RecipeError(f"{_UNWRITTEN} ({error}): {_REMEDY}") from None
    if revisions:
        table = document["source"]["revisions"]
        if isinstance(table, items.InlineTable):
            raise RecipeError(f"{_UNWRITTEN}: {_REMEDY}")
        table.update(revisions)
    if backbone:
        document["backbone"]["revision"] = backbone
    return tomlkit.dumps(document).replace("\n", ends)
