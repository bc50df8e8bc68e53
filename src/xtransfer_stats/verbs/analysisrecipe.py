"""An analysis recipe: what to fit, as a TOML file in analyses/ or of the user's own."""

from pathlib import Path
from typing import Literal

from xtransfer_stats.base import resources
from xtransfer_stats.study.recipepart import RecipePart, checked
from xtransfer_stats.tasks.benchmarks import Tatoeba

Model = Literal["mixed", "paired", "bootstrap", "all"]


class AnalysisRecipe(RecipePart):
    """The model, the benchmarks where they are not the study's own, and the protocol of Tatoeba behind a file."""

    model: Model
    benchmarks: tuple[str, str] | None = None
    tatoeba: Tatoeba = "per-benchmark"
    contrasts: tuple[str, ...] = ()
    margin: float | None = None


def load_analysis(name: str | Path) -> AnalysisRecipe:
    """Read an analysis recipe by path or shipped name; raises RecipeError naming key, value and remedy."""
    path = resources.find("analyses", name)
    return checked(AnalysisRecipe, resources.read_toml(path), path.name)
