"""The validated recipe: what to train, on what, how often."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError, model_validator

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.study.assumptions import Costs
from xtransfer_stats.study.backbone import Backbone
from xtransfer_stats.study.intermediate import Intermediate
from xtransfer_stats.study.recipepart import Part
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.study.sourcechoice import SourceChoice
from xtransfer_stats.study.studypart import Study
from xtransfer_stats.study.targetphase import Target


class Recipe(Part):
    """A whole study, as a TOML file states it and options override it."""

    study: Study
    backbone: Backbone
    source: SourceChoice = SourceChoice()
    intermediate: Intermediate = Intermediate()
    target: Target = Target()
    costs: Costs = Costs()

    @model_validator(mode="after")
    def _counts_fit(self) -> "Recipe":
        limit = len(self.intermediate.tasks)
        for count in self.study.tasks:
            if not 1 <= count <= limit:
                raise ValueError(
                    f"tasks = {count}: there are {limit} intermediate tasks; give counts from 1 to {limit}"
                )
        return self

    def cells(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """benchmark -> target task -> languages, as restricted by this study."""
        return self.study.cells()


def load_recipe(name: str | Path, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Recipe:
    """Read a recipe by path or shipped name and override keys: {"study": {"seeds": 5}}.

    Raises RecipeError naming key, value and remedy.
    """
    path = resources.find("runners", name)
    table = resources.read_toml(path)
    for part, values in (overrides or {}).items():
        table[part] = {**table.get(part, {}), **values}
    return parse_recipe(table, path.name)


def parse_recipe(table: Mapping[str, Any], where: str) -> Recipe:
    """Validate a recipe's table; `where` names it in messages."""
    try:
        return Recipe.model_validate(table)
    except ValidationError as error:
        lines = [_sentence(problem) for problem in error.errors()]
        raise RecipeError(f"{where}: " + "; ".join(lines)) from None


def _sentence(problem: Any) -> str:
    """One problem that pydantic found, as key, value and remedy."""
    place = [str(part) for part in problem["loc"]]
    key = ".".join(place)
    if problem["type"] == "extra_forbidden":
        valid = _keys(place[:-1])
        return f"unknown key {key!r}: {resources.nearest(place[-1], valid)}Known here: {', '.join(valid)}"
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "value_error":
        return message
    if problem["type"] == "missing":
        return f"the key {key!r} is missing: add it"
    return f"{key} = {problem['input']!r}: {message[0].lower()}{message[1:]}"


def _keys(place: list[str]) -> list[str]:
    """Valid keys of the table at `place`."""
    model: Any = Recipe
    for part in place:
        if not hasattr(model, "model_fields"):  # a table's entry, by a name of the user's
            model = model[-1]
            continue
        field = model.model_fields.get(part)
        if field is None:
            return list(Settings.model_fields)
        model = field.annotation if hasattr(field.annotation, "model_fields") else get_args(field.annotation)
    return list(getattr(model, "model_fields", Settings.model_fields))
