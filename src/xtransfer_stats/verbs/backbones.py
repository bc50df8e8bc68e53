"""What is known of a study's backbone before it runs: from its store, from a table, or by a look at its files."""

from importlib.util import find_spec

from xtransfer_stats.base.models import is_hub_id, local_folder
from xtransfer_stats.study.backbones import BackboneShape, known, reading_notes, require_fit
from xtransfer_stats.verbs.study import Study


def fitted(study: Study) -> tuple[str, ...]:
    """Check that the backbone can do what the recipe asks, and let the study's estimate know its sizes.

    Returns sentences on how it reads, or why nothing is known of it. Raises RecipeError and DataError with the remedy.
    """
    recipe = study.recipe
    shape, note = (study.backbone, "") if study.backbone else _found(recipe.backbone.model, recipe.backbone.revision)
    if shape is None:
        return (note,)
    require_fit(recipe, shape)
    study.backbone = shape
    return reading_notes(recipe, shape)


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
