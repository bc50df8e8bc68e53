"""What is known of a study's backbone before it runs: from its store, from a table, or by a look at its files."""

from importlib.util import find_spec

from xtransfer_stats.base.models import is_hub_id, local_folder
from xtransfer_stats.study.backbones import BackboneShape, known, reading_notes, require_fit
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
