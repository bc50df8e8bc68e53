"""An analysis recipe: what to fit, as a TOML file in analyses/ or of the user's own."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.tasks.benchmarks import Tatoeba

Model = Literal["mixed", "paired", "bootstrap", "all"]


class AnalysisRecipe(BaseModel):
    """The model, the benchmarks where they are not the study's own, and the protocol of Tatoeba behind a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Model
    benchmarks: tuple[str, str] | None = None
    tatoeba: Tatoeba = "per-benchmark"
    contrasts: tuple[str, ...] = ()
    margin: float | None = None


def load_analysis(name: str | Path) -> AnalysisRecipe:
    """Read an analysis recipe by path or shipped name; raises RecipeError naming key, value and remedy."""
    path = resources.find("analyses", name)
    try:
        return AnalysisRecipe(**resources.read_toml(path))
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(map(str, problem["loc"]))
        known = ", ".join(AnalysisRecipe.model_fields)
        raise RecipeError(f"{path.name}: {key} = {problem['input']!r}: {problem['msg']}. Known keys: {known}") from None
