"""What is known of a backbone before anything is trained: its sizes, its ways, and what a recipe asks of it in vain."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.task import Family

_NAMESPACE = "FacebookAI/"  # of the models that data/backbones.toml knows, on the hub


@dataclass(frozen=True)
class BackboneShape:
    """A backbone's class in transformers, sizes and ways.

    parameters: all; multiplied: without the word table. weight_bytes: of a stored parameter. positions: the longest
    text, None where positions are relative. listed: whether its layers can be read and frozen one by one. left: whether
    a token knows only what stands to its left. masked, checkpointing, mask_token, separates: whether it has a
    masked-language head, can recompute activations, and whether its tokenizer has a mask and puts a token between two
    texts. linear: names of the linear parts of its layers, which an adapter can stand beside; () where not looked at.
    """

    kind: str
    layers: int
    width: int
    parameters: int
    multiplied: int
    positions: int | None = None
    weight_bytes: int = 4
    listed: bool = True
    left: bool = False
    masked: bool = True
    checkpointing: bool = True
    mask_token: bool = True
    separates: bool = True
    linear: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """As a step's facts keep it."""
        return asdict(self)

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "BackboneShape":
        """From a step's facts."""
        return cls(**{**facts, "linear": tuple(facts.get("linear", ()))})


def known(name: str) -> BackboneShape | None:
    """A backbone that data/backbones.toml knows by its name on the hub, or None."""
    table = resources.read_toml(resources.find("data", "backbones"))
    row = table.get(name.removeprefix(_NAMESPACE))
    return BackboneShape(**row) if row else None


def require_fit(recipe: Recipe, shape: BackboneShape) -> None:
    """Raise RecipeError naming all that the recipe asks of a backbone in vain, each with its remedy."""
    problems = list(_misfits(recipe, shape))
    if problems:
        raise RecipeError("\n".join(f"backbone {recipe.backbone.model!r}: {problem}" for problem in problems))


def _misfits(recipe: Recipe, shape: BackboneShape) -> Iterator[str]:
    yield from _too_long(recipe, shape)
    if recipe.study.control == "overlap":
        return  # texts alone are compared
    yield from _of_layers(recipe, shape)
    yield from _of_trainings(recipe, shape)
    yield from _of_adapter(recipe, shape)
    if shape.left and recipe.backbone.retrieval_pooling == "cls":
        yield (
            f'retrieval_pooling = "cls": in {shape.kind} the first token knows nothing of what follows; '
            'set it to "last", or leave it out'
        )


def _too_long(recipe: Recipe, shape: BackboneShape) -> Iterator[str]:
    for where, length in recipe.backbone.lengths():
        if shape.positions is not None and length > shape.positions:
            yield (
                f"{where} = {length}: {shape.kind} has {shape.positions} positions; choose {shape.positions} or fewer "
                "(longer passages are cut into windows, longer texts at the end)"
            )


def _of_layers(recipe: Recipe, shape: BackboneShape) -> Iterator[str]:
    freeze, layer = recipe.backbone.freeze, recipe.backbone.retrieval_layer
    unlisted = f"{shape.kind} has no list of its layers"
    if freeze != "none" and not shape.listed:
        yield f'freeze = {freeze}: {unlisted}; set freeze = "none" to train the whole model'
    elif freeze != "none" and freeze > shape.layers:
        yield f"freeze = {freeze}: {shape.kind} has {shape.layers} layers; choose 0 to {shape.layers}"
    if layer is not None and not shape.listed:
        yield f"retrieval_layer = {layer}: {unlisted}; leave it out for the last layer"
    elif layer is not None and layer > shape.layers:
        yield (
            f"retrieval_layer = {layer}: {shape.kind} has {shape.layers} layers; "
            f"choose 1 to {shape.layers}, or leave it out for the last"
        )


def _of_trainings(recipe: Recipe, shape: BackboneShape) -> Iterator[str]:
    recomputes = any(_settings(recipe))
    if recomputes and recipe.backbone.freeze != "none":
        yield (
            'gradient_checkpointing = true is for a model trained whole: set freeze = "none", or leave it out (frozen '
            "layers keep no activations)"
        )
    elif recomputes and not shape.checkpointing:
        yield f"gradient_checkpointing = true: {shape.kind} cannot recompute activations; leave it out"
    if recipe.study.variant == "mlm" and not shape.masked:
        yield f"variant 'mlm': {shape.kind} has no masked-language head; leave the variant out, or take an encoder"
    elif recipe.study.variant == "mlm" and not shape.mask_token:
        yield "variant 'mlm': its tokenizer has no mask token; leave the variant out, or give a backbone that has one"


def _of_adapter(recipe: Recipe, shape: BackboneShape) -> Iterator[str]:
    adapter = recipe.backbone.lora
    if adapter is None:
        return
    parts, known = adapter.parts(shape.kind), ", ".join(shape.linear)
    lacking = [part for part in parts if shape.linear and part not in shape.linear]
    if not parts:
        yield f'adapter = "lora": for {shape.kind} name adapter_targets, linear parts of its layers: {known}'
    elif lacking:
        yield f"adapter_targets = {lacking}: {shape.kind} has the linear parts {known}; name some of these"


def _settings(recipe: Recipe) -> Iterator[bool]:
    yield recipe.intermediate.settings.gradient_checkpointing
    yield recipe.target.settings.gradient_checkpointing
    yield from (recipe.target.settings_of(name).gradient_checkpointing for name in recipe.target.by_training)


def reading_notes(recipe: Recipe, shape: BackboneShape) -> tuple[str, ...]:
    """What a reader of the plan or the scores should know of how the backbone reads."""
    return tuple(_notes(recipe, shape))


def _notes(recipe: Recipe, shape: BackboneShape) -> Iterator[str]:
    families = {TARGET_TASKS[name].family for cell in recipe.study.cells().values() for name in cell}
    if shape.left:
        yield f"{shape.kind} reads from left to right: its last token stands for a text."
    if shape.left and Family.TAGGING in families:
        yield f"{shape.kind} reads from left to right: tagging sees only what stands to the left of a word."
    if shape.left and Family.SPAN_QA in families:
        yield f"{shape.kind} reads from left to right: an answer's places see only what stands to their left."
    if not shape.separates:
        yield "The backbone's tokenizer puts no token between two texts: a pair is read as one text."
