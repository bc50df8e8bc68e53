"""What is known of a study's backbone before it runs: from its store, from a table, or by a look at its files."""

from importlib.util import find_spec

from xtransfer_stats.base.models import is_hub_id, local_folder
from xtransfer_stats.study.backbones import BackboneShape, known, reading_notes, require_fit
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.verbs.study import Study


def fitted(study: Study) -> tuple[str, ...]:
    """Check that every backbone can do what the recipe asks, and let the study's estimate know their sizes.

    Returns sentences on how they read, or why nothing is known of them. Raises RecipeError and DataError with the
    remedy.
    """
    told: dict[str, None] = {}
    shapes = dict(study.shapes)
    for recipe in study.recipe.parts():
        name = recipe.backbone.model
        shape, note = (shapes[name], "") if name in shapes else _found(name, recipe.backbone.revision)
        if shape is None:
            told[note] = None
            continue
        require_fit(recipe, shape)
        shapes[name] = shape
        told |= dict.fromkeys(reading_notes(recipe, shape))
    study.shapes = shapes
    return tuple(told)


def with_own_freeze(recipe: Recipe) -> tuple[Recipe, tuple[str, ...]]:
    """The recipe with fewer frozen layers for backbones that have fewer, and a sentence on each.

    For backbones that an option puts in the place of the recipe's own, whose layers `freeze` was chosen for: all but
    the last layer stay frozen, or none where layers cannot be told apart.
    """
    freeze, told = recipe.backbone.freeze, []
    own: dict[str, dict[str, int | str]] = {}
    if freeze == "none":
        return recipe, ()
    for part in recipe.parts():
        name = part.backbone.model
        shape, _ = _found(name, part.backbone.revision)
        if shape is None or part.backbone.freeze != freeze or (shape.listed and freeze <= shape.layers):
            continue
        fewer = max(0, shape.layers - 1) if shape.listed else "none"
        own[name] = {"freeze": fewer}
        has = f"has {shape.layers} layers" if shape.listed else "has no list of its layers"
        told.append(
            f"The recipe freezes {freeze} layers, as is right for its own backbone; {name} {has}: "
            f"freeze = {fewer} there."
        )
    if not own:
        return recipe, ()
    table = recipe.model_dump()
    table["backbone"]["by_model"] = {**table["backbone"]["by_model"], **own}
    return Recipe.model_validate(table), tuple(told)


def _found(name: str, revision: str | None) -> tuple[BackboneShape | None, str]:
    shape = known(name)
    if shape is not None and (is_hub_id(name) or local_folder(name, "model") is None):
        return shape, ""
    local_folder(name, "model")
    if find_spec("transformers") is None or find_spec("torch") is None:
        return None, f"The backbone {name!r} was not looked at: that needs the packages of 'xtransfer-stats[train]'."
    from xtransfer_stats.training.inspection import HubSilent, look

    try:
        return look(name, revision), ""
    except HubSilent as error:
        return None, f"The backbone was not looked at: {error}."
